"""What several commands share: options, levels and slugs by name, progress, and writing results."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from generator.draw import LEVELS, Level
from generator.errors import ExamwrightError, UnknownNameError

CHECK_FAILED = 3
"""The exit code where what a command was to check does not hold."""

MOST_JOBS = 61
"""Windows waits for no more processes at once."""


class WithExamples(click.Command):
    """A command whose help ends with examples."""

    def __init__(self, *args: Any, examples: Sequence[str], **others: Any) -> None:
        super().__init__(*args, **others)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples as they are typed."""
        del ctx
        write_lines(formatter, "Examples", self.examples)


def write_lines(formatter: click.HelpFormatter, title: str, lines: Sequence[str]) -> None:
    """A section of help whose lines are not wrapped."""
    with formatter.section(title):
        for line in lines:
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class OutputError(ExamwrightError):
    """A file that cannot be written."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


def complete_slug(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Slugs that start as typed so far."""
    del parameter
    from generator.exercise import load_registry

    try:
        slugs = load_registry([Path(pack) for pack in ctx.params.get("packs") or ()]).slugs
    except ExamwrightError:
        return []
    return [slug for slug in slugs if slug.startswith(incomplete)]


def complete_level(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Levels that start as typed so far."""
    del ctx, parameter
    return [level for level in LEVELS if level.startswith(incomplete)]


packs_option = click.option(
    "--pack",
    "packs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A folder with further exercise types; may be given several times.",
)
jobs_option = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, MOST_JOBS),
    metavar="N",
    help="Worker processes; by default as many as there are processors, for work that is worth it.",
)


def level_named(name: str) -> Level:
    """A level by its name. Raises UnknownNameError."""
    if name not in LEVELS:
        raise UnknownNameError("--level", "level", name, LEVELS)
    return name


def jobs_for(asked: int | None, steps: int, worth: int) -> int:
    """How many processes to use: as asked, else one per processor where there are at least ``worth`` steps for each."""
    if asked is not None:
        return asked
    return max(1, min(os.cpu_count() or 1, steps // worth, MOST_JOBS))


def _silent(done: int, total: int) -> None:
    del done, total


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def quoted(path: Path) -> str:
    """A path as any shell reads it."""
    return f'"{path}"' if " " in str(path) else str(path)


def warn(messages: Sequence[str]) -> None:
    """Warnings, one line each."""
    for message in messages:
        click.echo(f"warning: {message}", err=True)


def write_result(data: bytes | str, target: Path | None) -> None:
    """Write a result to a file or to stdout. Raises OutputError."""
    if target is None:
        if isinstance(data, bytes) and sys.stdout.isatty():
            raise click.UsageError("a PDF is not for a terminal; give -o FILE")
        click.echo(data, nl=False)
        return
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        _write_whole(target, content)
    except OSError as problem:
        raise OutputError(str(target), f"cannot be written: {problem.strerror}") from problem


def _write_whole(target: Path, content: bytes) -> None:
    """Write beside the target first: a disk that is full leaves what was there before."""
    if target.exists() and not target.is_file():
        target.write_bytes(content)  # a pipe or a device
        return
    # A link stays a link.
    place = target.resolve()
    temporary = place.with_name(f".{place.name[:100]}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(place)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def write_new(text: str, target: Path) -> None:
    """Write a text file that must not exist yet. Raises OutputError."""
    try:
        with target.open("x", encoding="utf-8", newline="\n") as stream:
            try:
                stream.write(text)
                stream.flush()
            except OSError:
                # The half of it would be in the way of the next try.
                target.unlink(missing_ok=True)
                raise
    except FileExistsError as problem:
        raise OutputError(str(target), "exists already and is not overwritten; choose another name") from problem
    except OSError as problem:
        raise OutputError(str(target), f"cannot be written: {problem.strerror}") from problem
