"""The sheet 无解分析: the explanation in a workbook, each line with a link to the cell of the plan that it is about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xlsxwriter.url import Url

from instances.language import Message, _
from instances.origin import Origin
from scheduler.explaining.explain import Explanation
from scheduler.explaining.report import Part, lines_of, part_title
from scheduler.writing.book import BODY, CENTRED, HEADER, LINK, TITLE, Book, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTHS = (6.0, 96.0, 30.0, 30.0)


def add_explanation(book: Book, title: str, explanation: Explanation, files: Mapping[str, Path]) -> None:
    """Add the sheet; ``files`` are the paths of the plan's workbooks by the name that origins carry."""
    sheet = book.sheet(_("Why impossible"))
    sheet.text(0, 0, title, TITLE)
    sheet.raw.set_row(0, 26)
    sheet.table(1, (_("no."), _("what"), _("cell"), _("further cells")), WIDTHS)
    row, part = 2, None
    for line in lines_of(explanation):
        if line.part is not part and line.part is not Part.SUMMARY:
            sheet.merged(row, 0, row, 3, part_title(line.part), {**HEADER, "align": "left"})
            row += 1
        part = line.part
        sheet.text(row, 0, str(line.number or ""), CENTRED)
        sheet.text(row, 1, str(line.text), {**BODY, "bold": line.heading})
        for column, origin in enumerate(line.origins[:2], 2):
            _link(sheet, row, column, origin, files)
        if len(line.origins) > 2:
            sheet.text(row, 3, "\n".join(str(origin) for origin in line.origins[1:8]), BODY)
        sheet.height_for(row, ("", str(line.text), "", "\n".join(str(o) for o in line.origins[1:8])), WIDTHS)
        row += 1
    sheet.raw.freeze_panes(2, 0)
    sheet.raw.repeat_rows(1)


def _link(sheet: Sheet, row: int, column: int, origin: Origin, files: Mapping[str, Path]) -> None:
    """Write a link into the plan: relative to this workbook, so that both can be moved together."""
    path = files.get(origin.file)
    if path is None or not origin.cell:
        sheet.text(row, column, str(origin), BODY)
        return
    here = Path(str(sheet.book.workbook.filename)).resolve().parent
    try:
        target = os.path.relpath(path.resolve(), here)
    except ValueError:  # on another drive
        target = str(path.resolve())
    quoted = origin.sheet.replace("'", "''")
    url = Url(f"external:{target}#'{quoted}'!{origin.cell}")
    url._relationship_link = url._relationship_link.replace("\\", "/")  # XlsxWriter writes backslashes, which only Windows follows
    url.text = str(origin)
    sheet.raw.write_url(row, column, url, sheet.book.style(LINK))


def write_explanation(explanation: Explanation, path: Path, *, school: str = "", inputs: Sequence[Path] = ()) -> None:
    """Write a workbook with the sheet alone. Raises OutputError when ``path`` is one of ``inputs`` or cannot be written."""
    from scheduler.writing.atomic import replacing

    with replacing(Path(path), inputs) as temporary:
        book = Book(temporary, school)
        add_explanation(book, str(Message("{school} why there is no timetable", school=school)), explanation, plan_files(inputs))
        book.close()


def plan_files(inputs: Sequence[Path]) -> dict[str, Path]:
    """Return the workbooks of a plan by file name; folders are looked into."""
    files: dict[str, Path] = {}
    for path in inputs:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            files[file.name] = file
            files[str(file)] = file
    return files
