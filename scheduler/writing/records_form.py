"""Writes an empty 自查记录 sheet with the items that a rule set asks for, ready to fill in and print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from constraints.case import grade_names
from constraints.kinds import KIND_OF
from constraints.records.items import BY_ID
from constraints.rule import Rule
from constraints.ruleset import RuleSet
from instances.language import _
from scheduler.writing.atomic import replacing


def write_records_form(ruleset: RuleSet, path: Path, *, inputs: Sequence[Path] = ()) -> int:
    """Write the form and return the number of its rows. Raises OutputError when ``path`` cannot be written."""
    import xlsxwriter

    rows = form_rows(ruleset)
    with replacing(path, inputs) as temporary:
        workbook = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
        workbook.set_properties({"title": ruleset.label(), "author": "kebiao", "created": datetime(2026, 1, 1)})  # same form, same bytes
        sheet = workbook.add_worksheet(_("Records"))
        head = workbook.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#DDDDDD", "text_wrap": True})
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        for column, (title, width) in enumerate(
            ((_("item"), 40), (_("grades"), 10), (_("answer"), 12), (_("unit"), 8), (_("asked for"), 36))
        ):
            sheet.write_string(0, column, title, head)
            sheet.set_column(column, column, width)
        for number, (item_id, grades, rule) in enumerate(rows, 1):
            item = BY_ID[item_id]
            unit = str(item.unit or "") if not item.clock else "0:00"
            texts = (str(item.title), grade_names(grades), "", _("yes/no") if item.yes_no else unit, rule.label())
            for column, text in enumerate(texts):
                sheet.write_string(number, column, text, body)
            if item.yes_no:
                sheet.data_validation(number, 2, number, 2, {"validate": "list", "source": [_("yes"), _("no")]})
        sheet.freeze_panes(1, 0)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        workbook.close()
    return len(rows)


def form_rows(ruleset: RuleSet) -> list[tuple[str, tuple[int, ...], Rule]]:
    """Return (item, grades, rule) for everything that the rules of a set want stated, each once."""
    found: dict[tuple[str, tuple[int, ...]], Rule] = {}
    for rule in ruleset.rules:
        if rule.set_aside_for:
            continue
        params = KIND_OF[rule.kind].ruling(rule).params
        asked = [getattr(params, "item", ""), params.only_if, params.unless]
        if rule.kind == "service_until_work_ends":
            asked.append("local_work_ends")
        for item in filter(None, asked):
            grades = rule.grades if item == getattr(params, "item", "") and not BY_ID[item].yes_no else ()
            found.setdefault((item, grades), rule)
    return [(item, grades, rule) for (item, grades), rule in found.items()]
