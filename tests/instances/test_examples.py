"""The example plans that ship are what the generator writes today, and are read back as they were made."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import instances
from instances.origin import NOWHERE
from scheduler.errors import InputError
from scheduler.examples import EXAMPLES, example_school, write_all, write_example
from scheduler.reading.read import read_school

SHIPPED = Path(instances.__file__).parent / "examples"


def members(path: Path) -> dict[str, bytes]:
    """The files inside a workbook: what it says, however it was compressed."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_shipped_workbooks_are_what_the_generator_writes_today(tmp_path: Path) -> None:
    """If this fails after a change of the generator or the plan sheets: python -m scheduler.examples"""
    written = write_all(tmp_path)
    assert {path.name for path in written} == {path.name for path in SHIPPED.glob("*.xlsx")}
    for path in written:
        assert members(path) == members(SHIPPED / path.name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_back_as_it_was_made(name: str) -> None:
    read, made = read_school([SHIPPED / f"{name}.xlsx"]), example_school(name)
    for part in ("classes", "teachers", "courses", "rooms", "requirements"):
        found = tuple(replace(record, origin=NOWHERE) for record in getattr(read, part))
        assert found == getattr(made, part)
    for grade in {c.grade for c in made.classes}:
        for day in range(1, 6):
            found_bells = [(s.kind, s.start, s.end, s.period) for s in read.bell_of(grade).days[day]]
            assert found_bells == [(s.kind, s.start, s.end, s.period) for s in made.bell_of(grade).days[day]]
    assert read.name == made.name
    assert read.rulesets == made.rulesets


def test_an_unknown_example_is_an_input_error_that_names_the_closest(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_example("primary42", tmp_path / "plan.xlsx")
    (finding,) = caught.value.findings
    assert finding.value == "primary42"
    assert "primary24" in str(finding.expected).split("?")[0]
    assert not (tmp_path / "plan.xlsx").exists()
