"""Every constraint has its place in the registry, its documentation and its test, and its check stands on its own."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import constraints.timetable
from constraints.base import Constraint
from constraints.registry import CONSTRAINTS
from instances.language import _, set_language

FOLDER = Path(constraints.timetable.__file__).parent
TESTS = Path(__file__).parent
FIELD = re.compile(r"\{\w+\}")
each_kind = pytest.mark.parametrize("kind", CONSTRAINTS, ids=lambda kind: kind.kind)


def methods(kind: type[Constraint]) -> dict[str, ast.FunctionDef]:
    """Syntax trees of the functions of a constraint's file, by name."""
    tree = ast.parse(Path(inspect.getfile(kind)).read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def names(node: ast.AST) -> set[str]:
    """All identifiers, attributes and parameters in a syntax tree."""
    found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    found |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return found | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}


def test_every_file_is_registered() -> None:
    """One file for each kind, named after it, and each of them once in the registry."""
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    kinds = [kind.kind for kind in CONSTRAINTS]
    assert sorted(kinds) == sorted(files)
    assert all(Path(inspect.getfile(kind)).stem == kind.kind for kind in CONSTRAINTS)


@each_kind
def test_documentation(kind: type[Constraint]) -> None:
    """The file says what the point of application, the deviation with its unit, and the source or kin of the rule are."""
    text = inspect.getmodule(kind).__doc__ or ""  # type: ignore[union-attr]
    assert "Point:" in text
    assert "Deviation:" in text
    assert "[" in text, "the unit of the deviation"
    assert "Source:" in text or "XHSTT" in text
    assert kind.__doc__
    assert kind.check.__doc__


@each_kind
def test_has_a_hand_computed_test(kind: type[Constraint]) -> None:
    """Some test file of this folder besides the agreement names the class."""
    files = [path for path in TESTS.glob("test_*.py") if path.stem not in ("test_agreement", "test_registry")]
    assert any(kind.__name__ in path.read_text(encoding="utf-8") for path in files)


@each_kind
def test_check_never_uses_the_encoding(kind: type[Constraint]) -> None:
    """``check`` and all it calls in its file know nothing of models, domains or CP-SAT."""
    functions = methods(kind)
    reached, waiting = set(), ["check"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += [other for other in names(functions[name]) if other in functions and other not in reached]
    used = set().union(*(names(functions[name]) for name in reached))
    assert not used & {"model", "domains", "cp", "cp_model", "encode", "enforce", "prune", "IntVar", "LinearExprT"}


def test_importing_constraints_does_not_import_ortools() -> None:
    """The registry is imported by the command line, which must start at once."""
    for path in [*FOLDER.glob("*.py"), FOLDER.parent / "registry.py", FOLDER.parent / "base.py"]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:  # top level only: TYPE_CHECKING blocks do not count
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(("ortools", "constraints.model")), path
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("ortools") for alias in node.names), path


@each_kind
def test_sentences_exist_in_chinese(kind: type[Constraint]) -> None:
    """Every sentence of a constraint is in a catalogue, with the same values in it."""
    tree = ast.parse(Path(inspect.getfile(kind)).read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message"
    ]
    texts = [ast.literal_eval(call.args[0]) for call in calls]
    assert texts
    set_language("zh")
    try:
        for text in texts:
            assert _(text) != text, text
            assert set(FIELD.findall(_(text))) == set(FIELD.findall(text)), text
    finally:
        set_language("en")
