"""The documents say what the program does: every example line is read without a word, every kind and column is there."""

from __future__ import annotations

import ast
from pathlib import Path

import openpyxl
import pytest
from babel.messages.pofile import read_po

from instances.sample_school import sample_school
from instances.school import RequirementKind
from scheduler.plan_sheets import BELLS, COURSES, FORMS, REQUIREMENTS
from scheduler.reading.template_requirements import NEEDS
from scheduler.writing.plan import write_plan
from tests.template.plans import read

ROOT = Path(__file__).parents[2]
FILES = {"en": ROOT / "docs/plan-format.md", "zh": ROOT / "docs/plan-format.zh.md"}


def _examples(language: str) -> list[dict[str, str]]:
    text = FILES[language].read_text(encoding="utf-8").split("<!-- examples -->")[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_examples_are_read_as_they_stand(language: str, tmp_path: Path) -> None:
    """One example for each kind, and the starred cells are those that the kind needs."""
    path = tmp_path / "plan.xlsx"
    write_plan(sample_school(language), path, language=language)
    book = openpyxl.load_workbook(path)
    sheet = book[REQUIREMENTS.name.text(language)]
    sheet.delete_rows(2, sheet.max_row)
    examples = _examples(language)
    headers = [column.header.text(language) for column in REQUIREMENTS.columns]
    for number, example in enumerate(examples, start=2):
        for header, value in example.items():
            sheet.cell(number, headers.index(header) + 1).value = value.replace("*", "") or None
    book.save(path)
    result = read(path)
    assert [str(f.message) for f in result.findings] == []
    assert [r.kind for r in result.school.requirements] == list(RequirementKind)
    scope = {"classes", "grades", "teachers", "groups", "subjects"}
    for kind, example in zip(RequirementKind, examples, strict=True):
        starred = {REQUIREMENTS.columns[headers.index(header)].id for header, value in example.items() if "*" in value}
        assert {"scope" if name in scope else name for name in starred} == set(NEEDS[kind]), kind


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sheet_and_column_is_described(language: str) -> None:
    """Names of sheets, and headers of the larger ones, stand in the document."""
    text = FILES[language].read_text(encoding="utf-8")
    for form in FORMS:
        assert form.name.text(language) in text
    for form in (BELLS, COURSES):
        for column in form.columns:
            assert column.header.text(language) in text, column.id


def test_every_message_is_in_the_chinese_catalogue() -> None:
    """The messages of the plan's modules, found in their source, all have a translation with the same values."""
    with (ROOT / "instances/language/zh/template.po").open("rb") as file:
        translated = {message.id: message.string for message in read_po(file) if message.id}
    modules = [
        *ROOT.glob("scheduler/plan_*.py"), *ROOT.glob("scheduler/writing/plan*.py"), *ROOT.glob("scheduler/reading/template*.py"),
        *(ROOT / f"scheduler/reading/{name}.py" for name in ("bells", "bell_layouts", "slots", "grades")),
    ]  # fmt: skip
    calls = (node for module in modules for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    texts = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Message")
    messages = {text.value for text in texts if isinstance(text, ast.Constant)}
    assert len(messages) > 100
    assert sorted(messages - translated.keys()) == []
    assert sorted(translated.keys() - messages) == [], "no longer used"
