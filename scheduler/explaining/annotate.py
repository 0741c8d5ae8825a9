"""A copy of the plan with comments in the guilty cells: the office sees in its own workbook what stands in the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from instances.language import Message
from instances.origin import Origin
from scheduler.explaining.explain import Explanation
from scheduler.explaining.report import Part, lines_of
from scheduler.explaining.sheet import plan_files

_COLOUR = "FFF4B084"
_LONGEST = 1500


def annotated_plan(explanation: Explanation, folder: Path, inputs: Sequence[Path]) -> list[Path]:
    """Write, into ``folder``, a copy of each workbook of the plan that has a guilty cell; return the copies written.

    Only .xlsx and .xlsm can carry comments; of older formats there is no copy. A copy never replaces an input.
    """
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    from scheduler.writing.atomic import replacing

    by_file: dict[str, dict[Origin, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in lines_of(explanation):
        for origin in line.origins if line.part in (Part.SHORTAGE, Part.CONFLICT) else ():
            if origin.file and origin.sheet and origin.cell:
                text = Message("Conflict {number}: {what}", number=line.number, what=line.text) if line.part is Part.CONFLICT else line.text
                by_file[origin.file][origin].append(str(text))
    files = plan_files(inputs)
    written = []
    for name, notes in by_file.items():
        source = files.get(name)
        if source is None or source.suffix.lower() not in (".xlsx", ".xlsm"):
            continue
        book = load_workbook(source, keep_vba=source.suffix.lower() == ".xlsm")
        for origin, texts in notes.items():
            if origin.sheet not in book.sheetnames:
                continue
            cell = book[origin.sheet][origin.cell.split(":")[0]]
            if not hasattr(cell, "comment") or type(cell).__name__ == "MergedCell":
                continue
            comment = Comment("\n".join(dict.fromkeys(texts))[:_LONGEST], "kebiao")
            comment.width, comment.height = 420, 60 + 26 * min(len(texts), 12)
            cell.comment = comment
            cell.fill = PatternFill("solid", fgColor=_COLOUR)
        target = folder / str(Message("{stem} (marked){suffix}", stem=source.stem, suffix=source.suffix))
        with replacing(target, inputs) as temporary:
            book.save(temporary)
        written.append(target)
    return written
