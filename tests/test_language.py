"""Every text for people exists in both languages: what the source says is compared with the catalogues."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from shutil import copy

from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from instances.language import Message, in_language
from instances.language.compile import compile_catalogues
from scheduler.compiling.times import DAY_NAMES

ROOT = Path(__file__).parent.parent
ROOMS = ("instances", "constraints", "scheduler")
CATALOGUES = sorted((ROOT / "instances/language/zh").glob("*.po"))
PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}")


def texts_of(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be: a literal, or either branch of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)


def texts_of_source() -> dict[str, str]:
    """Every text given to ``_`` or ``Message``, with the place where it stands."""
    found = dict.fromkeys(DAY_NAMES, "scheduler/compiling/times.py")
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "Message") and node.args:
                for text in texts_of(node.args[0]):
                    found.setdefault(text, f"{path.relative_to(ROOT)}:{node.lineno}")
    for path in sorted((ROOT / "scheduler").rglob("templates/*.html")):
        for line, _function, text, _comments in babel_extract(BytesIO(path.read_bytes()), ["_"], (), {"encoding": "utf-8"}):
            for part in (text,) if isinstance(text, str) else text:
                found.setdefault(part, f"{path.relative_to(ROOT)}:{line}")
    found.pop("", None)
    return found


def translations() -> dict[str, dict[str, str]]:
    """For each text its Chinese in each catalogue that has it."""
    found: dict[str, dict[str, str]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for entry in read_po(file):
                if entry.id:
                    assert isinstance(entry.id, str)
                    found.setdefault(entry.id, {})[path.name] = str(entry.string)
    return found


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_every_text_is_found_in_the_source():
    """The search itself works: a text of each kind is seen."""
    found = texts_of_source()
    for text in ("Mon", "No rule is broken.", "Filter: class, teacher, room, subject", "{seconds} s: looking for a legal timetable"):
        assert text in found


def test_every_text_has_a_chinese_translation():
    known = translations()
    missing = {text: place for text, place in texts_of_source().items() if not any(known.get(text, {}).values())}
    assert not missing


def test_translations_have_the_same_placeholders():
    wrong = [
        (text, chinese)
        for text, places in translations().items()
        for chinese in places.values()
        if chinese and placeholders(text) != placeholders(chinese)
    ]
    assert not wrong


def test_no_text_has_two_translations():
    """Which catalogue comes first must not matter."""
    assert not {text: places for text, places in translations().items() if len(set(places.values())) > 1}


def test_compiled_catalogues_are_those_of_the_sources(tmp_path: Path):
    (tmp_path / "zh").mkdir()
    for path in CATALOGUES:
        copy(path, tmp_path / "zh")
    stale = [path.name for path in compile_catalogues(tmp_path) if path.read_bytes() != (CATALOGUES[0].parent / path.name).read_bytes()]
    assert not stale, "run: make messages"


def test_a_message_is_translated_when_it_is_shown():
    message = Message("{day} period {period}", day=Message("Wed"), period=4)
    with in_language("zh"):
        assert str(message) == "周三第4节"
    with in_language("en"):
        assert str(message) == "Wed period 4"
