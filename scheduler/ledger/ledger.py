"""The ledger of covered and swapped lessons: a SQLite file beside the workbook, to which lines are only ever added.

Crash-safe: each entry of several lines is one transaction with full synchronisation. Append-only: triggers refuse UPDATE and DELETE, and
every line carries a digest over itself and the line before, so that a line changed behind the program's back is found. A mistake is taken
back by a further line (``revoked``), never by erasing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from instances.language import Message
from instances.lessons import PlacedLesson
from instances.origin import NOWHERE
from instances.school import Weeks
from scheduler.covering.diary import Change, DatedLesson
from scheduler.errors import KebiaoError

SUBSTITUTE, SWAP, PRIVATE, REVOKE = "substitute", "swap", "private swap", "revoked"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS ledger (
    line INTEGER PRIMARY KEY AUTOINCREMENT,
    entry INTEGER NOT NULL,
    kind TEXT NOT NULL,
    written TEXT NOT NULL,
    absent TEXT NOT NULL,
    reason TEXT NOT NULL,
    approved TEXT NOT NULL,
    verdict TEXT NOT NULL,
    revokes INTEGER,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS never_erased BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""


class LedgerError(KebiaoError):
    """The ledger cannot be used: damaged, or a line that is not there is to be revoked."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision: its lines (one change of a lesson each; a swap has two), why, who approved it, and what the rules say of it.

    ``written`` is the time of writing as ISO text; ``revokes`` the number of the entry that this one takes back.
    """

    kind: str
    changes: tuple[Change, ...]
    written: str
    absent: str = ""
    reason: str = ""
    approved: str = ""
    verdict: str = ""
    number: int = 0
    revokes: int | None = None


class Ledger:
    """An open ledger; use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        try:
            self._connection = sqlite3.connect(self.path, isolation_level=None)
            try:
                self._connection.execute("PRAGMA synchronous = FULL")
                self._connection.executescript(_SCHEMA)
            except sqlite3.DatabaseError:
                self._connection.close()
                raise
        except sqlite3.DatabaseError as error:
            raise LedgerError(Message("{path} is not a ledger of kebiao ({why})", path=path, why=error)) from error

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *failure: object) -> None:
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        cursor = self._connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")

    def append(self, entries: Iterable[Entry]) -> list[Entry]:
        """Write entries, all or none, and return them with their numbers."""
        written = []
        with self._transaction() as cursor:
            last, digest = cursor.execute("SELECT COALESCE(MAX(entry), 0), '' FROM ledger").fetchone()
            row = cursor.execute("SELECT digest FROM ledger ORDER BY line DESC LIMIT 1").fetchone()
            digest = row[0] if row else ""
            for entry in entries:
                last += 1
                entry = replace(entry, number=last)
                for change in entry.changes or (None,):
                    values = _line(entry, change)
                    digest = _digest(digest, values)
                    cursor.execute(
                        "INSERT INTO ledger (entry, kind, written, absent, reason, approved, verdict, revokes, before, after, digest)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        (*values, digest),
                    )
                written.append(entry)
        return written

    def revoke(self, number: int, *, written: str, reason: str = "", approved: str = "") -> Entry:
        """Take an entry back by a further one; raises LedgerError when it is not there or was taken back already."""
        entries = {entry.number: entry for entry in self.entries()}
        if number not in entries or entries[number].kind == REVOKE or any(e.revokes == number for e in entries.values()):
            raise LedgerError(Message("There is no entry {number} that could be taken back", number=number))
        return self.append([Entry(REVOKE, (), written, "", reason, approved, "", revokes=number)])[0]

    def entries(self) -> list[Entry]:
        """Return all entries in the order in which they were written; raises LedgerError when a line was tampered with."""
        found: list[Entry] = []
        digest = ""
        columns = "entry, kind, written, absent, reason, approved, verdict, revokes, before, after, digest"
        for row in self._connection.execute(f"SELECT {columns} FROM ledger ORDER BY line"):
            *values, stored = row
            digest = _digest(digest, tuple(values))
            if digest != stored:
                raise LedgerError(Message("Entry {number} of the ledger was changed outside the program", number=row[0]))
            number, kind, written, absent, reason, approved, verdict, revokes, before, after = values
            changes = (Change(_lesson_of(before), _lesson_of(after)),) if before else ()
            if found and found[-1].number == number:
                found[-1] = replace(found[-1], changes=found[-1].changes + changes)
            else:
                found.append(Entry(kind, changes, written, absent, reason, approved, verdict, number, revokes))
        return found

    def standing(self) -> list[Entry]:
        """Return the entries that hold: neither revoked nor revocations."""
        entries = self.entries()
        revoked = {entry.revokes for entry in entries}
        return [entry for entry in entries if entry.kind != REVOKE and entry.number not in revoked]

    def changes(self) -> tuple[Change, ...]:
        """Return the changes that hold, in order, for a :class:`~scheduler.covering.diary.Diary`."""
        return tuple(change for entry in self.standing() for change in entry.changes)

    def load(self) -> Counter[str]:
        """Return how many lessons each teacher has covered for others so far."""
        return Counter(name for entry in self.standing() if entry.kind == SUBSTITUTE for c in entry.changes for name in came(c))


def came(change: Change) -> tuple[str, ...]:
    """Return the teachers who give the lesson and did not before."""
    return tuple(name for name in change.after.lesson.teachers if name not in change.before.lesson.teachers)


def went(change: Change) -> tuple[str, ...]:
    """Return the teachers who gave the lesson and no longer do."""
    return tuple(name for name in change.before.lesson.teachers if name not in change.after.lesson.teachers)


def _line(entry: Entry, change: Change | None) -> tuple[Any, ...]:
    before, after = ("", "") if change is None else (_json(change.before), _json(change.after))
    return (
        entry.number, entry.kind, entry.written, entry.absent, entry.reason, entry.approved, entry.verdict, entry.revokes, before, after,
    )  # fmt: skip


def _digest(before: str, values: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps([before, *values], ensure_ascii=False).encode()).hexdigest()


def _json(dated: DatedLesson) -> str:
    lesson = asdict(replace(dated.lesson, origin=NOWHERE))
    lesson.pop("origin")
    return json.dumps({"date": dated.date.isoformat(), **lesson}, ensure_ascii=False, sort_keys=True)


def _lesson_of(text: str) -> DatedLesson:
    values = json.loads(text)
    day = date.fromisoformat(values.pop("date"))
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return DatedLesson(day, PlacedLesson(**{**values, "weeks": Weeks(values["weeks"])}))
