"""Writes a course plan as our own workbook, and the blank one that ``kebiao new`` hands out.

The sheets are those of :mod:`scheduler.plan_sheets`; :mod:`scheduler.reading.template` reads them back. Texts stay texts: nothing that
stands in a school's names can become a formula. The same school gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instances.language import Message, in_language
from instances.school import School
from scheduler.plan_sheets import BELLS, COURSES, DROP_DOWNS, FORMS, LISTS, REQUIREMENTS, SCHOOL, Column, Form
from scheduler.plan_words import DAYS, GRADES, KINDS, REQUIRED, SEASONS, SECTIONS, WEEKS, YES
from scheduler.writing.atomic import OutputError, replacing
from scheduler.writing.plan_rows import ROWS, Clock, Row, Value

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_SPARE_ROWS = 200
"""Rows below the last one that have drop-downs too."""
_WRITTEN = datetime(2026, 1, 1)
"""The date of every workbook: a property of the file must not tell two runs apart."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_plan(school: School, path: Path, *, language: str = "zh", inputs: Sequence[Path] = ()) -> None:
    """Write a school as a course plan that :func:`scheduler.reading.template.read_template` reads back.

    ``language`` is that of sheet names, headers and words, ``zh`` or ``en``. Raises OutputError when ``path`` is one of ``inputs`` or
    cannot be written.
    """
    import xlsxwriter

    from scheduler.writing.book import close_workbook

    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with in_language(language), replacing(Path(path), inputs) as temporary:
        workbook = xlsxwriter.Workbook(str(temporary), options)
        workbook.set_properties({"title": school.name, "author": "kebiao", "created": _WRITTEN})
        _PlanWriter(workbook, school, language).write()
        close_workbook(workbook)


def new_plan(path: Path, language: str = "zh") -> None:
    """Write the plan of a made-up school with two classes, to be overwritten by the office with its own.

    Raises OutputError when there is a file at ``path`` already.
    """
    from instances.sample_school import sample_school

    if Path(path).exists():
        raise OutputError(Message("{path} exists already and is not overwritten; choose another name", path=path))
    write_plan(sample_school(language), path, language=language)


class _PlanWriter:
    """The sheets of one workbook and the formats that they share."""

    def __init__(self, workbook: Workbook, school: School, language: str) -> None:
        self.workbook = workbook
        self.school = school
        self.language = language
        cell = {"valign": "vcenter", "border": 1, "border_color": "#BFBFBF", "text_wrap": True, "font_size": 11}
        self.text = self._format(cell, num_format="@")
        self.quoted = self._format(cell, num_format="@", quote_prefix=True)
        self.number = self._format(cell, align="center")
        self.clock = self._format(cell, align="center", num_format="h:mm")
        self.example = self._format(cell, font_color="#7F7F7F", italic=True, num_format="@")
        head = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True, "font_size": 11}
        self.head = self._format(head, bg_color="#DDE6F0")
        self.needed = self._format(head, bg_color="#1F3F66", font_color="#FFFFFF")
        self.lists: dict[str, str] = {}

    def _format(self, base: dict[str, Any], **more: Any) -> Format:
        return self.workbook.add_format({**base, **more})

    def write(self) -> None:
        """Write all sheets, the hidden one with the words of the drop-downs last."""
        sheets = {form.id: self.workbook.add_worksheet(form.name.text(self.language)) for form in FORMS}
        self._write_lists()
        for form in FORMS:
            self._write_form(form, sheets[form.id])
        sheets[SCHOOL.id].activate()

    def _write_lists(self) -> None:
        name = LISTS.text(self.language)
        sheet = self.workbook.add_worksheet(name)
        sheet.hide()
        week = "周一至周五" if self.language == "zh" else "Mon-Fri"
        subjects = dict.fromkeys(c.subject for c in self.school.courses)
        columns = {
            "kinds": KINDS.texts(self.language),
            "sections": SECTIONS.texts(self.language),
            "days": [week, *DAYS.texts(self.language)],
            "weeks": WEEKS.texts(self.language),
            "required": REQUIRED.texts(self.language),
            "yes": YES.texts(self.language),
            "seasons": SEASONS.texts(self.language),
            "grades": GRADES.texts(self.language),
            "subjects": list(subjects),
        }
        for column, (key, words) in enumerate(columns.items()):
            sheet.write_string(0, column, key)
            for row, word in enumerate(words, start=1):
                sheet.write_string(row, column, word, self.text)
            letter = chr(ord("A") + column)
            self.lists[key] = f"='{name}'!${letter}$2:${letter}${max(2, len(words) + 1)}"
        for key, form_id in DROP_DOWNS.items():
            form = next(form for form in FORMS if form.id == form_id)
            last = sum(1 for _ in ROWS[form_id](self.school, self.language)) + 1 + _SPARE_ROWS
            self.lists[key] = f"='{form.name.text(self.language)}'!$A$2:$A${last}"

    def _write_form(self, form: Form, sheet: Worksheet) -> None:
        rows = list(ROWS[form.id](self.school, self.language))
        examples = [] if rows else [_EXAMPLES[self.language][form.id]] if form.id in _EXAMPLES[self.language] else []
        for column, spec in enumerate(form.columns):
            sheet.set_column(column, column, spec.width)
            sheet.write_string(0, column, spec.header.text(self.language), self.needed if spec.needed else self.head)
            self._write_note(sheet, column, spec)
        for number, row in enumerate(rows, start=1):
            for column, spec in enumerate(form.columns):
                self._write_value(sheet, number, column, row.get(spec.id))
        for number, row in enumerate(examples, start=len(rows) + 1):
            for column, spec in enumerate(form.columns):
                sheet.write_string(number, column, str(row.get(spec.id, "")), self.example)
        last = len(rows) + len(examples) + _SPARE_ROWS
        self._add_drop_downs(sheet, form, last)
        self._set_up_page(sheet, form, last)

    def _write_note(self, sheet: Worksheet, column: int, spec: Column) -> None:
        must = Message("Must be filled in.")
        text = f"{spec.note}\n{must}" if spec.needed else str(spec.note)
        lines = sum(1 + len(line) * (2 if self.language == "zh" else 1) // 34 for line in text.split("\n"))
        sheet.write_comment(0, column, text, {"author": "kebiao", "width": 240, "height": 18 + 17 * lines, "font_size": 10})

    def _write_value(self, sheet: Worksheet, row: int, column: int, value: Value) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.text)
        elif isinstance(value, Clock):
            sheet.write_number(row, column, value.minutes / 1440, self.clock)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.quoted if value.startswith(_FORMULA_STARTS) else self.text)
        else:
            sheet.write_number(row, column, float(value) if isinstance(value, Fraction) else value, self.number)

    def _add_drop_downs(self, sheet: Worksheet, form: Form, last: int) -> None:
        for column, spec in enumerate(form.columns):
            if spec.list:
                rule: dict[str, Any] = {"validate": "list", "source": self.lists[spec.list], "show_error": spec.strict}
                if spec.strict:
                    rule["error_message"] = str(Message("Please choose from the list."))
                sheet.data_validation(1, column, last, column, rule)

    def _set_up_page(self, sheet: Worksheet, form: Form, last: int) -> None:
        sheet.freeze_panes(1, 1)
        sheet.set_default_row(18)
        sheet.set_row(0, 30)
        sheet.set_paper(9)  # A4
        if form.id in (SCHOOL.id, BELLS.id, COURSES.id, REQUIREMENTS.id):
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C&P / &N")
        sheet.ignore_errors({"number_stored_as_text": f"A1:Z{last + 1}"})


_EXAMPLES: dict[str, dict[str, Row]] = {
    "zh": {
        "teachers": {"name": "示例：王老师", "subjects": "语文、道德与法治", "group": "语文组"},
        "rooms": {"name": "示例：操场", "kind": "运动场", "capacity": "3"},
        "requirements": {"kind": "示例：禁排", "required": "必须", "teachers": "王老师", "slots": "周二上午", "text": "周二上午教研"},
    },
    "en": {
        "teachers": {"name": "Example: Ms Wang", "subjects": "Chinese", "group": "Chinese"},
        "rooms": {"name": "Example: field", "kind": "sports", "capacity": "3"},
        "requirements": {"kind": "Example: Forbidden", "required": "Must", "teachers": "Ms Wang", "slots": "Tue morning"},
    },
}
"""What shows how to fill in a sheet that would be blank; the reader passes over rows that begin with these words."""
