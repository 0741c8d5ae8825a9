"""Reading a school: any workbooks that a school office has, in any layout that is known, become one :class:`School`.

The notes of the school are the "understood as" echo: which layout, what each column means, how each free text was understood, which
defaults stand in, and every cell that was not used. What is wrong is raised as one InputError with all findings.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from instances import class_names
from instances.bells import BellSchedule
from instances.language import Message
from instances.school import Course, School, Stage
from scheduler.reading.bells import read_bells
from scheduler.reading.defaults import bells_for, pe_capacity
from scheduler.reading.draft import Draft
from scheduler.reading.echo import Echo
from scheduler.reading.gather import FreeText, Gathering
from scheduler.reading.mapping import Layout, SheetMapping, read_mapping
from scheduler.reading.matrix import Hours, check_unused, read_grid, read_hours, read_matrix, reserve_times
from scheduler.reading.pairs import read_pairs
from scheduler.reading.phrases import Context, lesson_week, understand
from scheduler.reading.recognise import Table, recognise
from scheduler.reading.rows import read_rows
from scheduler.reading.template import is_template, read_template
from scheduler.reading.workbook import Workbook, open_workbooks

LAYOUT_NAMES = {
    Layout.TEMPLATE: Message("the plan of this program"),
    Layout.PAIRS: Message("classes down, two columns (hours, teacher) for each subject"),
    Layout.MATRIX: Message("classes down, subjects across, teachers in the cells"),
    Layout.GRID: Message("weekly lessons by class or grade and subject"),
    Layout.HOURS: Message("list of subjects with weekly lessons"),
    Layout.ROWS: Message("list of teachers with subject, classes and lessons"),
    Layout.BELLS: Message("bell schedule"),
    Layout.IGNORE: Message("not read, as the mapping file says"),
}
_PLAN = (Layout.PAIRS, Layout.MATRIX, Layout.ROWS)
_SCHOOL = re.compile(
    r"^(.{2,30}?(?:中学|小学|学校|学院|附中|附小|[一二三四五六七八九十]中|[一二三四五六七八九十]小|School))", re.IGNORECASE
)


def read_school(
    paths: Sequence[Path] | Path,
    *,
    mapping: Path | None = None,
    rulesets: tuple[str, ...] = ("national",),
) -> School:
    """Read workbooks (or the workbooks of a folder) that together hold one school's course plan.

    ``mapping`` is a mapping file (docs/reading-plans.md); ``rulesets`` hold where the plan names none. Raises InputError with all findings.
    """
    given = [paths] if isinstance(paths, Path) else list(paths)
    told = read_mapping(mapping)
    echo, draft = Echo(), Draft()
    workbooks = open_workbooks(given)
    templates = [workbook for workbook in workbooks if is_template(workbook)]
    others = [workbook for workbook in workbooks if workbook not in templates]
    for workbook in workbooks:
        for name in workbook.empty:
            echo.note(Message("the sheet is empty"), replace(workbook.origin, sheet=name))
    for workbook in templates:
        echo.note(Message("layout: {layout}", layout=LAYOUT_NAMES[Layout.TEMPLATE]), workbook.origin)
        for sheet in workbook.sheets:
            echo.findings.extend(sheet.findings)
        read_template(workbook, echo, draft)
    if not draft.origin.file and workbooks:
        draft.origin = workbooks[0].origin
    if others:
        _read_others(others, templates, Gathering(draft, echo, told, told.file.stage, told.file.school_year))
    _complete(draft, echo, told, workbooks)
    echo.stop_if_wrong()
    echo.warnings_as_notes()
    return draft.finish(rulesets, echo.notes)


def _read_others(workbooks: Sequence[Workbook], templates: Sequence[Workbook], gathering: Gathering) -> None:
    echo, mapping = gathering.echo, gathering.mapping
    sheets = [sheet for workbook in workbooks for sheet in workbook.sheets]
    for name in mapping.unmatched([sheet.origin for sheet in sheets]):
        echo.warn(Message("the mapping file names a sheet that no workbook has: {name}", name=name), mapping.origin)
    seen = [sheet for sheet in sheets if not sheet.hidden or mapping.of(sheet.origin).layout]
    for sheet in sheets:
        if sheet not in seen:
            echo.note(Message("the sheet is hidden and is not read; name it in the mapping file to read it"), sheet.origin)
    tables = [recognise(sheet, mapping) for sheet in seen]
    if not tables:
        echo.wrong(Message("all sheets are hidden: show the sheet with the course plan"), workbooks[0].origin)
    _find_years(tables, workbooks, gathering)
    for table in tables:
        if table.layout:
            echo.note(Message("layout: {layout}", layout=LAYOUT_NAMES[table.layout]), table.sheet.origin)
            if table.layout is not Layout.IGNORE:
                echo.findings.extend(table.sheet.findings)
        else:
            echo.warn(
                Message("the layout of this sheet is not recognised and it is not used; it begins: {seen}", seen=_beginning(table)),
                table.sheet.origin,
                Message("a course plan, or name the layout in the mapping file"),
            )
    gathering.grade = _common_grade(tables, gathering)
    usable = [t for t in tables if _needs(t, gathering)]
    if not templates and not any(t.layout in _PLAN for t in usable):
        _no_plan([t for t in tables if t.layout is not Layout.IGNORE], gathering)
        return
    bell_sheets = [t.sheet for t in usable if t.layout is Layout.BELLS]
    gathering.draft.bells.extend(read_bells(bell_sheets, echo))
    hours = Hours()
    for table in usable:
        if table.layout is Layout.HOURS:
            read_hours(table, gathering, hours)
    readers = {Layout.PAIRS: read_pairs, Layout.ROWS: read_rows}
    for table in usable:
        if table.layout in readers:
            readers[table.layout](table, gathering)
    matrices = [table for table in usable if table.layout is Layout.MATRIX]
    grids = [table for table in usable if table.layout is Layout.GRID]
    for table in grids:
        read_grid(table, _aside(gathering), hours)
    for table in matrices:
        read_matrix(table, gathering, hours)
    reserve_times(hours, gathering)
    if matrices:
        check_unused(hours, gathering)
    gathering.finish_teachers()
    _bells(gathering.draft, echo)
    for text in gathering.texts:
        _understand(text, gathering)
    echo.leftovers(t.sheet for t in usable if t.layout is not Layout.BELLS)


def _aside(gathering: Gathering) -> Gathering:
    """Return a gathering with the same echo whose classes do not count: a grid of hours names classes but does not make them."""
    return Gathering(Draft(), gathering.echo, gathering.mapping, gathering.stage, gathering.school_year)


def _needs(table: Table, gathering: Gathering) -> bool:
    """Say whether a table can be read, reporting the columns that a layout named by the mapping file lacks."""
    if table.layout in (None, Layout.IGNORE):
        return False
    needed = {
        Layout.ROWS: ("class", "subject", "teacher"),
        Layout.HOURS: ("subject", "hours"),
        Layout.MATRIX: ("class",),
        Layout.PAIRS: ("class",),
    }
    missing = [name for name in needed.get(table.layout, ()) if name not in table.columns]
    if table.layout is not Layout.BELLS and not table.header:
        missing.append("header")
    for name in missing:
        gathering.echo.wrong(
            Message("the column {name} was not found", name=name), table.sheet.origin, Message("name it in the mapping file under columns")
        )
    return not missing


def _no_plan(tables: Iterable[Table], gathering: Gathering) -> None:
    expected = Message(
        "a course plan: our own plan (kebiao new), class rows with (hours, teacher) columns, a class x subject matrix with "
        "a list of hours, or a row list with teacher, class, subject and hours; or a mapping file (--map)"
    )
    for table in tables:
        sheet = table.sheet
        cell = next(iter(sheet.cells.values()), None)
        seen = _beginning(table)
        gathering.echo.wrong(
            Message("no course plan was found here; the first row of headers reads: {seen}", seen=seen),
            cell.origin if cell else sheet.place(1, 1),
            expected,
        )


def _beginning(table: Table) -> str:
    """Return the header row of a sheet, or the fullest of its first rows."""
    rows = [table.sheet.row(table.header)] if table.header else list(table.sheet.rows[:5])
    row = max(rows, key=lambda row: sum(1 for c in row if c), default=())
    return "、".join(c.text[:12] for c in row if c)[:120]


def _find_years(tables: Sequence[Table], workbooks: Sequence[Workbook], gathering: Gathering) -> None:
    """Find the school's name, stage and school year in titles, sheet names, file names and labels such as 2023级1班."""
    texts = [(w.path.stem, w.origin) for w in workbooks] + [(t.sheet.name, t.sheet.origin) for t in tables]
    titles = [
        (cell.text, cell.origin)
        for t in tables
        for row in range(1, t.header)
        for cell in t.sheet.row(row)
        if cell and not cell.filled
    ]  # fmt: skip
    draft, echo, told = gathering.draft, gathering.echo, gathering.mapping.file
    draft.name = draft.name or told.school
    for text, at in [*titles, *texts]:
        if not draft.name and (match := _SCHOOL.match(text)) and len(match[1]) > 2:
            draft.name = match[1]
            echo.note(Message("name of the school: {name}", name=draft.name), at)
        if gathering.school_year is None and (year := class_names.school_year_of(text)):
            gathering.school_year = year
            echo.note(Message("school year: {year}", year=f"{year}-{year + 1}"), at)
        if gathering.stage is None:
            for words, stage in (
                (("小学", "附小"), Stage.PRIMARY),
                (("高中", "高级中学"), Stage.SENIOR),
                (("初中", "初级中学"), Stage.JUNIOR),
            ):
                if any(word in text for word in words):
                    gathering.stage = stage
    entries = [
        (year, cell)
        for t in tables
        for cell in t.sheet.cells.values()
        if not cell.filled and (year := class_names.entry_year(cell.text))
    ]  # fmt: skip
    if entries and gathering.school_year is None:
        newest, cell = max(entries, key=lambda entry: entry[0])
        gathering.school_year = newest
        echo.note(Message("no school year is named: {year} is taken, the year of the newest classes", year=newest), cell, assumed=True)
    if entries and gathering.stage is None:
        years = {year for year, _ in entries}
        gathering.stage = Stage.PRIMARY if len(years) > 3 else Stage.JUNIOR
        echo.note(
            Message("classes are named by their year of entry but no stage is named: {stage} is taken", stage=gathering.stage),
            entries[0][1],
            assumed=True,
        )


def _common_grade(tables: Sequence[Table], gathering: Gathering) -> int | None:
    """Return a grade of the plan if all its grades are senior, or none is: headers are above rows of all grades."""
    grades: set[int] = set()
    for table in tables:
        for name, read in (("class", class_names.parse), ("grade", class_names.parse_grade)):
            column = table.columns.get(name)
            for row in table.data_rows() if column and table.header else ():
                text = table.sheet.at(row, column).text if column else ""
                found = read(text, stage=gathering.stage, school_year=gathering.school_year) if text else None
                if found is not None:
                    grades.add(found if isinstance(found, int) else found.grade)
    return max(grades) if grades and (min(grades) >= 10) == (max(grades) >= 10) else None


def _bells(draft: Draft, echo: Echo) -> None:
    """Fill in default bells for the grades that have none, and find plans that no week can hold."""
    weekly: dict[str, Fraction] = defaultdict(Fraction)
    blocks: set[tuple[str, str]] = set()
    for course in draft.courses:
        for name in course.classes:
            if course.block is None or (name, course.block) not in blocks:
                weekly[name] += course.periods
            if course.block:
                blocks.add((name, course.block))
    default, notes = bells_for(draft.classes, weekly, draft.bells)
    draft.bells.extend(default)
    echo.notes.extend(notes)
    for one in draft.classes:
        room = max((_places(bell) for bell in draft.bells if one.grade in bell.grades or not bell.grades), default=0)
        if math.ceil(weekly[one.name]) > room:
            echo.wrong(
                Message(
                    "{name} has {lessons} lessons a week, but the week has {room} periods",
                    name=one.name,
                    lessons=str(weekly[one.name]),
                    room=room,
                ),
                one.origin,
                Message("at most {room} lessons a week", room=room),
            )


def _places(bell: BellSchedule) -> int:
    return sum(len(bell.lessons(day)) for day in bell.days)


def _understand(text: FreeText, gathering: Gathering) -> None:
    """Read a free text now that the bells are known, once for each of the bell schedules concerned."""
    draft, echo = gathering.draft, gathering.echo
    own = [c for c in draft.courses if c.id in text.courses]
    taught = [c for c in draft.courses if set(text.who.teachers) & set(c.teachers)] or own
    grade_of = {c.name: c.grade for c in draft.classes}
    grades = {grade_of[name] for course in taught for name in course.classes} or ({text.grade} if text.grade else set())
    bells = [b for b in draft.bells if not grades or not b.grades or grades & set(b.grades)] or draft.bells
    context = Context(
        lesson_week(bells),
        text.who,
        text.what,
        text.bare,
        lessons=_whole(own) if own else None,
        load=_whole(taught) if taught else None,
        parallel=max(1, len({name for course in own for name in course.classes})),
        grade=text.grade,
        origin=text.cell.origin,
    )
    read = understand(text.cell.text, context)
    draft.requirements.extend(r for r in read.requirements if r not in draft.requirements)
    for meaning in read.meanings:
        echo.note(Message("understood as: {meaning}", meaning=meaning), text.cell)
    for part in read.unread:
        echo.warn(
            Message("not understood and not followed: {part}", part=part),
            text.cell,
            Message("a demand such as 周二上午不排课, 每天最多4节, 周五第1节固定"),
        )
    if not read.requirements and not read.unread:
        echo.note(Message("no demand"), text.cell)


def _whole(courses: Iterable[Course]) -> int:
    return math.ceil(sum((course.periods for course in courses), Fraction(0)))


def _complete(draft: Draft, echo: Echo, mapping: SheetMapping, workbooks: Sequence[Workbook]) -> None:
    """Fill in what every school needs: bells, a name, the documented defaults."""
    if any(finding.fatal for finding in echo.findings):
        return
    if not draft.bells or any(not _has_bell(draft, grade) for grade in {c.grade for c in draft.classes}):
        _bells(draft, echo)
    if not draft.name:
        draft.name = workbooks[0].path.stem if workbooks else ""
        echo.note(Message("no name of the school is given: the name of the file is taken"), draft.origin, assumed=True)
    if not draft.rooms and not any(r.kind == "at_most_at_once" for r in draft.requirements):
        default = pe_capacity(draft.courses, draft.bells)
        if default:
            draft.requirements.append(default[0])
            echo.notes.append(default[1])


def _has_bell(draft: Draft, grade: int) -> bool:
    return any(not bell.grades or grade in bell.grades for bell in draft.bells)
