"""`make` works in a folder and on a machine that are not ours.

The Makefile is the real one, in a scratch project with one package from an index in a folder.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.soak import long_form

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
# What runs make and finds Python, without a uv.
TOOLS = (
    "sh",
    "make",
    "cat",
    "ls",
    "uname",
    "sed",
    "head",
    "mkdir",
    "rm",
    "grep",
    "find",
    "python3",
)
PROJECT = """
[project]
name = "snapshotter"
version = "1.0.0"
requires-python = ">=3.11"

[dependency-groups]
dev = ["tiny"]
"""
LOCK = """
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "snapshotter"
version = "1.0.0"
source = {{ editable = "." }}

[package.dev-dependencies]
dev = [{{ name = "tiny" }}]

[package.metadata.requires-dev]
dev = [{{ name = "tiny" }}]

[[package]]
name = "tiny"
version = "1.0"
source = {{ registry = "https://pypi.org/simple" }}
wheels = [
    {{ url = "https://files.pythonhosted.org/tiny-1.0-py3-none-any.whl", hash = "sha256:{hash}" }},
]
"""
DEMO = """
import tiny
from pathlib import Path
print(Path(__file__).parents[2])
"""

# Each of them once chose another environment, interpreter, lock or set of packages.
OTHER_SETTINGS = {
    "UV_NO_DEV": "1",
    "UV_NO_DEFAULT_GROUPS": "1",
    "UV_NO_GROUP": "dev",
    "UV_PROJECT_ENVIRONMENT": "elsewhere",
    "UV_PYTHON": "3.99",
    "UV_LOCKED": "1",
    "UV_NO_SYNC": "1",
    "UV_NO_BINARY": "1",
    "UV_WORKING_DIR": "/",
    "UV_PROJECT": "/",
    "UV_EXCLUDE_NEWER": "2001-01-01",
    "UV_SYSTEM_PYTHON": "1",
    "VIRTUAL_ENV": "/elsewhere",
    "PYTHONPATH": "elsewhere",
    "PYTHONHOME": "/elsewhere",
}

CONFIGURED = {
    "uv/uv.toml": 'index-url = "{}"\n',
    "pip/pip.conf": "[global]\nindex-url = {}\n",
}


@dataclass(frozen=True)
class Index:
    """A package index in a folder."""

    folder: Path

    @property
    def url(self) -> str:
        return (self.folder / "simple").as_uri()

    def publish(self, name: str, files: dict[str, str]) -> str:
        """Add version 1.0 of a package, and return the hash of its wheel."""
        page = self.folder / "simple" / name
        page.mkdir(parents=True)
        wheel = page / f"{name}-1.0-py3-none-any.whl"
        about = f"{name}-1.0.dist-info"
        files = {
            **files,
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
            f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, text in files.items():
                entry = zipfile.ZipInfo(path)
                entry.external_attr = 0o100755 << 16  # executable
                archive.writestr(entry, text)
            lines = "".join(f"{path},,\n" for path in (*files, f"{about}/RECORD"))
            archive.writestr(f"{about}/RECORD", lines)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        (page / "index.html").write_text(f'<a href="{wheel.name}#sha256={digest}">{wheel.name}</a>')
        return digest


@dataclass(frozen=True)
class Checkout:
    """A scratch project, and the environment variables of its user."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            ["make", *(arguments or ("demo",))],  # noqa: S607
            cwd=self.folder,
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def runs(self, **variables: str) -> str:
        """Check that the demo that ran is the one of this folder, and return what was warned of."""
        done = self.make(**variables)
        assert (done.returncode, done.stdout) == (0, f"{self.folder}\n"), done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index(tmp_path_factory.mktemp("index"))
    index.publish("uv", {"uv-1.0.data/scripts/uv": f'#!/bin/sh\nexec "{UV}" "$@"\n'})
    return index


@pytest.fixture(scope="module")
def tiny(index: Index) -> str:
    return index.publish("tiny", {"tiny.py": ""})


@pytest.fixture
def without_uv(tmp_path: Path) -> str:
    """Return a PATH without uv."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        target = sys.executable if name == "python3" else shutil.which(name)
        if target:
            (folder / name).symlink_to(Path(target).resolve())
    return str(folder)


@pytest.fixture
def checkout(tmp_path: Path, index: Index, tiny: str, without_uv: str) -> Checkout:
    folder = tmp_path / "checkout"
    (folder / "local" / "demo").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "local" / "environment.sh", folder / "local")
    (folder / ".python-version").write_text("{}.{}\n".format(*sys.version_info))
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "lightsail-moto").mkdir()
    (folder / "lightsail-moto" / "pyproject.toml").touch()
    (folder / "uv.lock").write_text(LOCK.format(hash=tiny))
    (folder / "local" / "demo" / "__main__.py").write_text(DEMO)
    home = tmp_path / "home"
    home.mkdir()
    return Checkout(
        folder,
        {
            "HOME": str(home),
            "PATH": f"{Path(UV).parent}{os.pathsep}{without_uv}",
            "UV_CACHE_DIR": str(index.folder / "cache"),
            "UV_DEFAULT_INDEX": index.url,
            "UV_PYTHON_DOWNLOADS": "never",
        },
    )


def test_an_environment_that_is_ready_is_not_touched(checkout: Checkout) -> None:
    assert checkout.runs() == ""
    ready = checkout.folder / ".venv" / ".ready"
    made = ready.stat().st_mtime_ns

    assert checkout.runs() == ""
    assert ready.stat().st_mtime_ns == made


def test_a_checkout_can_be_renamed(checkout: Checkout) -> None:
    checkout.runs()
    renamed = Checkout(
        checkout.folder.rename(checkout.folder.with_name("renamed")), checkout.variables
    )

    assert "it is made anew" in renamed.runs()
    assert renamed.runs() == ""


def test_a_copied_checkout_runs_its_own_code(checkout: Checkout) -> None:
    checkout.runs()
    folder = checkout.folder.with_name("copy")
    shutil.copytree(checkout.folder, folder, symlinks=True)

    assert "it is made anew" in Checkout(folder, checkout.variables).runs()
    assert checkout.runs() == ""


def test_a_python_that_is_gone_is_replaced(checkout: Checkout) -> None:
    checkout.runs()
    python = checkout.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout.folder / "gone")

    assert "it is made anew" in checkout.runs()


def test_an_environment_that_was_interrupted_is_completed(checkout: Checkout) -> None:
    assert checkout.make(UV_DEFAULT_INDEX="file:///dev/null").returncode == 2

    assert checkout.runs() == ""


def test_a_folder_with_blanks_works_without_uv(
    checkout: Checkout, index: Index, without_uv: str
) -> None:
    folder = checkout.folder.with_name("my own  servers")
    checkout.folder.rename(folder)
    variables = {**checkout.variables, "PATH": without_uv, "PIP_INDEX_URL": index.url}
    del variables["UV_DEFAULT_INDEX"]

    assert Checkout(folder, variables).runs() == ""
    assert (folder / ".uv" / "bin" / "uv").exists()


@pytest.mark.parametrize(("exit_code", "used"), [(0, True), (2, False), (127, False)])
def test_a_uv_on_path_is_used_only_if_it_runs(
    checkout: Checkout, exit_code: int, used: bool
) -> None:
    shim = checkout.folder.parent / "bin" / "uv"
    shim.write_text(f"#!/bin/sh\necho uv; exit {exit_code}\n")
    shim.chmod(0o755)
    path = os.pathsep.join([str(shim.parent), checkout.variables["PATH"]])
    done = checkout.make("--eval", "print: ; @echo $$PATH", "print", PATH=path)

    own = f"{checkout.folder}/.uv/bin{os.pathsep}"
    assert done.stdout.strip() == (path if used else own + path)


def test_other_settings_of_uv_and_python_change_nothing(checkout: Checkout) -> None:
    assert checkout.runs(**OTHER_SETTINGS) == ""
    assert not (checkout.folder / "elsewhere").exists()


@long_form
@pytest.mark.parametrize("name", OTHER_SETTINGS)
def test_another_setting_changes_nothing(checkout: Checkout, name: str) -> None:
    assert checkout.runs(**{name: OTHER_SETTINGS[name]}) == ""


@pytest.mark.parametrize(
    "setting",
    [
        "UV_INDEX_URL",
        "PIP_INDEX_URL",
        pytest.param("UV_INDEX", marks=long_form),
        pytest.param("uv/uv.toml", marks=long_form),
        pytest.param("pip/pip.conf", marks=long_form),
    ],
)
def test_another_index_serves_what_is_locked(
    checkout: Checkout, index: Index, setting: str
) -> None:
    del checkout.variables["UV_DEFAULT_INDEX"]
    lock = (checkout.folder / "uv.lock").read_text()
    if setting in CONFIGURED:
        file = Path(checkout.variables["HOME"], ".config", setting)
        file.parent.mkdir(parents=True)
        file.write_text(CONFIGURED[setting].format(index.url))
    else:
        checkout.variables[setting] = index.url

    assert checkout.runs() == ""
    assert (checkout.folder / "uv.lock").read_text() == lock


def test_a_package_with_another_hash_is_refused(checkout: Checkout, tiny: str) -> None:
    (checkout.folder / "uv.lock").write_text(LOCK.format(hash="0" * 64))

    done = checkout.make()

    assert done.returncode == 2
    assert tiny in done.stderr


def test_a_home_that_cannot_be_written_is_not_needed(checkout: Checkout) -> None:
    del checkout.variables["UV_CACHE_DIR"]

    assert checkout.runs(HOME="/dev/null/home") == ""
    assert (checkout.folder / ".uv" / "cache").is_dir()


def test_the_reason_is_shown_if_there_is_no_python(checkout: Checkout) -> None:
    done = checkout.make(WITH_PYTHON="3.99")

    assert (done.returncode, done.stdout) == (2, "")
    assert "3.99" in done.stderr


def test_clean_says_how_to_start_over(checkout: Checkout) -> None:
    (checkout.folder / "src").mkdir()
    (checkout.folder / "tests").mkdir()

    assert "rm -rf .venv .uv" in checkout.make("clean").stdout


@long_form
def test_the_demo_runs_in_a_fresh_clone_without_home_and_uv(
    tmp_path: Path, without_uv: str
) -> None:
    folder = tmp_path / "my servers"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)  # noqa: S603, S607
    variables = {**os.environ, "PATH": without_uv, "HOME": "/dev/null/home"}
    done = Checkout(folder, variables).make("demo")

    assert done.returncode == 0, done.stderr
