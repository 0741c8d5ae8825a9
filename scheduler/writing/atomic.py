"""Files appear whole or not at all, and never in the place of an input, a folder or a device."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from instances.language import Message, _
from scheduler.errors import KebiaoError


class OutputError(KebiaoError):
    """The output cannot be written: where, and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def _same_file(a: Path, b: Path) -> bool:
    """Say whether two paths name one file: by the file itself where both exist (links, case), else by the resolved path."""
    try:
        return a.samefile(b)
    except OSError:
        return a.resolve() == b.resolve()


def refuse_inputs(path: Path, inputs: Sequence[Path]) -> None:
    """Raise OutputError when ``path`` is one of ``inputs``, or a file that stands in a folder among them."""
    path = Path(path)
    for source in map(Path, inputs):
        inside = source.is_dir() and path.exists() and _same_file(path.parent, source)
        if inside or _same_file(path, source):
            raise OutputError(Message("{path} is an input file; it is never overwritten. Choose another name with -o.", path=path))


def check_outputs(paths: Iterable[Path | None], inputs: Sequence[Path] = ()) -> None:
    """Raise OutputError where ``replacing`` would raise it later, or where two outputs are one file; None is an output not asked for.

    For what takes long: a mistake in a name is known before the work, not after it.
    """
    seen: list[Path] = []
    for path in filter(None, paths):
        refuse_inputs(path, inputs)
        if any(_same_file(path, other) for other in seen):
            raise OutputError(Message("{path} is named as an output twice; choose two names", path=path))
        _beside(path).unlink()
        seen.append(path)


@contextmanager
def replacing(path: Path, inputs: Sequence[Path] = ()) -> Iterator[Path]:
    """Yield a temporary path in the folder of ``path``; it takes the place of ``path`` when the block ends well.

    Raises OutputError when ``path`` is one of ``inputs``, is no file (a folder, a device), or cannot be written (folder missing, disk
    full, file open in Excel).
    """
    path = Path(path)
    refuse_inputs(path, inputs)
    temporary = _beside(path)
    try:
        try:
            yield temporary
        except OSError as error:
            if error.filename not in (None, str(temporary)):  # another file, which is read for this one
                raise
            raise _unwritable(path, error) from error
        temporary.chmod(0o666 & ~_umask())
        try:
            os.replace(temporary, path)
        except OSError as error:
            raise OutputError(
                Message("{path} cannot be replaced; close it in Excel and try again ({reason})", path=path, reason=error.strerror or error)
            ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """Make an empty file in the folder of ``path`` and return its path. Raises OutputError where ``path`` could not be written."""
    try:
        # Beside a device a file can be made too, and would take its place.
        if path.exists() and not path.is_file():
            raise OutputError(Message("{path} cannot be written: {reason}", path=path, reason=_("it is a folder or a device, not a file")))
        if not path.absolute().parent.is_dir():
            raise OutputError(Message("{path} cannot be written: {reason}", path=path, reason=_("the folder does not exist")))
        # Part of the name only: a long one would become too long with what is added.
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:20]}-", suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    os.close(handle)
    return Path(name)


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(Message("{path} cannot be written: {reason}", path=path, reason=error.strerror or error))


def _umask() -> int:
    """Return the mask that new files are made with."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: Path, text: str, inputs: Sequence[Path] = ()) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all. Lone surrogates, which UTF-8 lacks, become ``?``."""
    with replacing(path, inputs) as temporary:
        temporary.write_bytes(text.encode("utf-8", errors="replace"))
