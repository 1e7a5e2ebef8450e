"""One build at a time in a folder: a lock that the system itself lets go of when a build ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from generator.batch.error import FolderError

if sys.platform == "win32":
    import msvcrt

    def _take(stream: BinaryIO) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def refuse_busy(path: Path) -> None:
    """Raise FolderError where another process holds the lock of this file, which need not exist."""
    # Where the folder cannot even be looked into, there is a better message to come.
    if os.path.isfile(path):  # noqa: PTH113  # Path.is_file() fails there
        with alone(path):
            pass


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock of a file, which is there only meanwhile. Raises FolderError where another process holds it."""
    stream = _opened(path)
    try:
        yield
    finally:
        # Where a file in use can be deleted, this comes first: nobody may wait for a file that is gone by then.
        gone = _deleted(path)
        stream.close()
        if not gone:
            _deleted(path)
        with suppress(OSError):
            path.parent.rmdir()


def _opened(path: Path) -> BinaryIO:
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("ab")
        except OSError as problem:
            raise FolderError(str(path), f"cannot be written: {problem.strerror}") from problem
        try:
            _take(stream)
        except (BlockingIOError, PermissionError) as problem:
            stream.close()
            folder = str(path.parent.parent)
            raise FolderError(folder, "another build is at work in it; wait for its end, or use another") from problem
        except OSError:
            # Some network drives have no locks: a build there goes on as it can.
            return stream
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                return stream
        # Its holder has deleted it in the meantime.
        stream.close()


def _deleted(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
