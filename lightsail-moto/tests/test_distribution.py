"""The backend as a distribution of its own: its entry points, and what its README shows."""

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from textwrap import indent

from lightsail_moto.models import implemented_operations

SOURCE = Path(__file__).parents[1]
README = SOURCE / "README.md"


def test_its_entry_points_exist() -> None:
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]

    module, _, function = project["scripts"]["lightsail-moto"].partition(":")
    plugin = import_module(project["entry-points"]["pytest11"]["lightsail_moto"])

    assert callable(getattr(import_module(module), function))
    assert hasattr(plugin, "lightsail")


def test_the_examples_of_the_readme_run_in_an_empty_folder(tmp_path: Path) -> None:
    """Those with tests as they stand, the others as a test each."""
    examples = re.findall(r"```python\n(.*?)```", README.read_text(), re.S)
    for number, example in enumerate(examples):
        is_test = "def test_" in example
        text = example if is_test else f"def test_it():\n{indent(example, '    ')}"
        (tmp_path / f"test_{number}.py").write_text(text)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "lightsail_moto.pytest_plugin"],
        env={
            "PYTHONPATH": ":".join(sys.path),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "10 passed" in done.stdout) == (0, True), done.stdout


def test_the_readme_lists_every_operation_once() -> None:
    table = README.read_text().partition("| operation |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]

    listed = [name.strip() for row in rows for name in row.split(",")]

    assert sorted(listed) == sorted(implemented_operations())
