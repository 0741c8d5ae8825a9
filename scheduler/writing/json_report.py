"""``--json``: the outcome for other programs. Run as a module, it writes the JSON Schema anew."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from instances.language import in_language
from scheduler.outcome import Outcome
from scheduler.writing.atomic import write_text

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "report.schema.json"
_SURROGATES = re.compile("[\ud800-\udfff]")


def json_text(outcome: Outcome) -> str:
    """Return the report as JSON with a line end, in the language in force."""
    from scheduler.writing.report import report_of

    # Lone surrogates have no UTF-8: they are replaced before anything reads the text again.
    plain = json.dumps(report_of(outcome).model_dump(), ensure_ascii=False, indent=1)
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", plain) + "\n"


def write_json(outcome: Outcome, path: Path, *, language: str | None = None, inputs: Sequence[Path] = ()) -> None:
    """Write the report, UTF-8, whole or not at all. Raises OutputError as ``write_workbook`` does."""
    with in_language(language):
        write_text(Path(path), json_text(outcome), inputs)


def schema_text() -> str:
    """Return the JSON Schema of the report."""
    from scheduler.writing.report import Report

    return json.dumps(Report.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    write_text(SCHEMA_FILE, schema_text())
