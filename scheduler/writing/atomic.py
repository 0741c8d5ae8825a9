"""Files appear whole or not at all, and never in the place of an input."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from instances.language import Message
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


@contextmanager
def replacing(path: Path, inputs: Sequence[Path] = ()) -> Iterator[Path]:
    """Yield a temporary path in the folder of ``path``; it takes the place of ``path`` when the block ends well.

    Raises OutputError when ``path`` is one of ``inputs``, or cannot be written (folder missing, file open in Excel).
    """
    path = Path(path)
    refuse_inputs(path, inputs)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise OutputError(Message("{path} cannot be written: {reason}", path=path, reason=error.strerror or error)) from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        try:
            os.replace(temporary, path)
        except OSError as error:
            raise OutputError(
                Message("{path} cannot be replaced; close it in Excel and try again ({reason})", path=path, reason=error.strerror or error)
            ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """Return the mask that new files are made with."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: Path, text: str, inputs: Sequence[Path] = ()) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all. Lone surrogates, which UTF-8 lacks, become ``?``."""
    with replacing(path, inputs) as temporary:
        temporary.write_bytes(text.encode("utf-8", errors="replace"))
