"""Tries inputs in a child process that is watched: what it says, how long it takes, what it reaches for."""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tools.memory_limit import limit_memory

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from tools.hostile import Case

FAULTS = ("tracebacks", "unclear", "over time", "outside")
QUESTION = 3.0
"""Seconds for one question."""

MOST_CASES = 400
"""So many inputs for one child: modules of packs stay in its memory."""

CLEAR = 500
"""No message is longer than this."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NEVER = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "socket.connect", "os.symlink")
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.truncate", "os.chmod", "shutil.rmtree")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an input: ``accepted``, ``refused`` or one of `FAULTS`; ``place`` tells alike faults."""

    kind: str
    message: str = ""
    place: str = ""
    seconds: float = 0.0


class Trials:
    """A child process that tries one input after the other; a new one is started when it does not come back."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._done = seconds, 0
        self._child: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def run(self, case: Case) -> Outcome:
        """Try one input."""
        pipe = self._started()
        pipe.send(case)
        begin = time.perf_counter()
        outcome = Outcome("over time", f"more than {self._seconds:g} s", case.arguments[0], self._seconds)
        if pipe.poll(self._seconds):
            try:
                outcome = pipe.recv()
            except EOFError:
                outcome = Outcome("tracebacks", "the process ended", "ended", time.perf_counter() - begin)
        self._done += 1
        if outcome.kind == "over time" or outcome.place == "ended" or self._done % MOST_CASES == 0:
            self._end()
        return outcome

    def _started(self) -> Connection[Any, Any]:
        if self._pipe is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._child = context.Process(target=serve, args=(theirs,), daemon=True)
            self._child.start()
            theirs.close()
            # Imports are no part of the first input's time.
            self._pipe.recv()
        return self._pipe

    def _end(self) -> None:
        if self._child is not None and self._pipe is not None:
            self._child.kill()
            self._child.join()
            self._pipe.close()
        self._child = self._pipe = None


def serve(pipe: Connection[Any, Any]) -> None:
    """Try the inputs that come through the pipe, until it is closed."""
    import generator.sheets
    import generator.typeset  # noqa: F401  # what every build needs, before the clock runs
    from generator.exercise import time_limit

    sys.dont_write_bytecode = True
    # An instructor waits a minute before a question is given up; there are too many inputs here for that.
    time_limit.SECONDS = QUESTION
    limit_memory()
    reached: list[str] = []
    number = 0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        root = Path(name).resolve()
        sys.addaudithook(lambda event, given: _note(event, given, root, reached))
        pipe.send(None)
        while True:
            try:
                case = pipe.recv()
            except EOFError:
                return
            number += 1
            # Deep, so that paths that lead upwards do not lead out of what is looked at; a folder for each, since
            # modules of packs are known by where they lie.
            home = root / "a" / "b" / f"case-{number}"
            pipe.send(_tried(case, root, home, reached))


def _note(event: str, given: tuple[Any, ...], root: Path, reached: list[str]) -> None:
    """Write down what a running input reaches for outside its folder."""
    if event in NEVER:
        reached.append(f"{event} {given!r:.200}")
    elif (event == "open" and _writes(*given[1:3])) or event in CHANGES:
        path = given[0]
        if isinstance(path, str | bytes | os.PathLike):
            full = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  # a link is where it is, not what it points to
            if not full.startswith(str(root)) and full != os.devnull:
                reached.append(f"{event} {full}")


def _writes(mode: str | None, flags: int) -> bool:
    return any(sign in mode for sign in "wax+") if mode else bool(flags & WRITING)


def _tried(case: Case, root: Path, home: Path, reached: list[str]) -> Outcome:
    os.chdir(root)
    _clear(root)
    for name, data in case.files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    home.mkdir(parents=True, exist_ok=True)
    os.chdir(home)
    before = dict(_contents(root))
    reached.clear()
    begin = time.perf_counter()
    outcome = _ran(case)
    seconds = time.perf_counter() - begin
    found = list(reached)
    after = dict(_contents(root))
    found += [str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    own = str(home / "out")
    if outside := [path for path in found if not path.startswith(own)]:
        return Outcome("outside", f"{outside[0]}\n{outcome.message}", outside[0].split(" ")[0], seconds)
    return Outcome(outcome.kind, outcome.message, outcome.place, seconds)


def _clear(root: Path) -> None:
    import shutil

    for path in root.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _contents(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in root.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()


def _ran(case: Case) -> Outcome:
    """Run the command as the shell would, and judge what it says."""
    from generator.cli import main

    saved = sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    try:
        sys.stdout, sys.stderr = out, err
        code = main(list(case.arguments))
        out.flush()
        err.flush()
    except BaseException as problem:  # whatever it is, the user would see it
        frames = traceback.extract_tb(problem.__traceback__)
        place = next((frame for frame in reversed(frames) if "generator" in frame.filename), frames[-1])
        text = "".join(traceback.format_exception(problem))[-3000:]
        return Outcome("tracebacks", text, f"{type(problem).__name__} at {Path(place.filename).name}:{place.lineno}")
    finally:
        sys.stdout, sys.stderr = saved
    said = err.buffer.getvalue().decode("utf-8")
    return Outcome(
        "accepted" if code == 0 else "refused" if _clear_line(code, said) else "unclear", said[-3000:], said[:60]
    )


def _clear_line(code: int, said: str) -> bool:
    """Whether an error is told as it should be: in one line, with the usage of the command, or in a check's table."""
    lines = [line for line in said.splitlines() if not line.startswith("warning: ")]
    if code == 1:
        return len(lines) == 1 and lines[0].startswith("examwright: ") and len(lines[0]) <= CLEAR
    return code == 3 or (code == 2 and "Traceback" not in said and "Error: " in said)
