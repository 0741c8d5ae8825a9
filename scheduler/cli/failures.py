"""How failures reach a person: a message and an exit code, never a traceback.

Exit codes: 0 done, 1 impossible or refused, 2 bad input, 3 stopped early with a timetable, 4 internal disagreement or defect,
5 nothing found in the time given, which does not mean that there is nothing.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from instances.language import Message
from scheduler.errors import Disagreement, Infeasible, InputError, KebiaoError, NotFound

DONE, IMPOSSIBLE, BAD_INPUT, STOPPED_EARLY, INTERNAL, NOT_FOUND = range(6)
MILD_TO_GRAVE = (DONE, NOT_FOUND, IMPOSSIBLE, BAD_INPUT, STOPPED_EARLY, INTERNAL)
"""Of several runs the gravest code is returned."""


def guarded(run: Callable[[], object]) -> None:
    """Run the command line; turn what it raises into a message and leave with the code for it."""
    code = exit_code_of(lambda: _no_code(run))
    if code != DONE:
        sys.exit(code)


def exit_code_of(run: Callable[[], int | None]) -> int:
    """Return what ``run`` returns, or the exit code for what it raises, after telling the person."""
    try:
        return run() or DONE
    except InputError as error:
        from scheduler.writing.console import print_findings

        print_findings(error.findings)
        return BAD_INPUT
    except Infeasible as error:
        _say(error)
        return IMPOSSIBLE
    except NotFound as error:
        _say(error)
        return NOT_FOUND
    except Disagreement as error:
        _say(Message("Internal disagreement, nothing was written: {what}", what=error))
        _say(Message("Please send this report: {path}", path=_report()))
        return INTERNAL
    except KebiaoError as error:
        _say(error)
        return BAD_INPUT
    except KeyboardInterrupt:
        _say(Message("Stopped."))
        return STOPPED_EARLY
    except OSError as error:
        _say(Message("Cannot read or write {path}: {why}", path=error.filename or "", why=error.strerror or error))
        return BAD_INPUT
    except Exception as error:
        _say(Message("Internal error: {what}", what=f"{type(error).__name__}: {error}"))
        _say(Message("Please send this report: {path}", path=_report()))
        return INTERNAL


def _no_code(run: Callable[[], object]) -> None:
    run()


def _say(what: object) -> None:
    print(what, file=sys.stderr)


def _report() -> Path:
    """Write the traceback of the exception under way to a file and return its path."""
    with tempfile.NamedTemporaryFile("w", prefix="kebiao-report-", suffix=".txt", delete=False, encoding="utf-8") as file:
        traceback.print_exc(file=file)
        return Path(file.name)
