"""The import rules of the backend."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import lightsail_moto

PACKAGE = Path(lightsail_moto.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            yield node.module
            yield from MODULES.keys() & {f"{node.module}.{name.name}" for name in node.names}


IMPORTS = {module: set(_imports(path)) for module, path in MODULES.items()}


def test_no_module_imports_itself_through_others() -> None:
    order = list(TopologicalSorter(IMPORTS).static_order())

    assert set(order) == set(MODULES)


def test_models_do_not_import_the_controls_or_the_requests() -> None:
    above = ("controls", "responses", "urls", "registration", "server")

    imported = {
        name
        for module, names in IMPORTS.items()
        if module.startswith("lightsail_moto.models")
        for name in names
        if name.split(".")[1] in above
    }
    assert imported == set()
