"""The command line: parse, call, report; results on stdout, progress and messages on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from generator.cli.app import PROGRAM, examwright
from generator.errors import ExamwrightError

DONE, INPUT_ERROR, INTERRUPTED = 0, 1, 130
LONGEST_MESSAGE = 480

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 done; 1 a mistake in the user's input, told in one line; 2 wrong usage; 3 a check failed; 130 interrupted.
    """
    _speak_utf8()
    try:
        code = examwright.main(None if argv is None else list(argv), prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except ExamwrightError as problem:
        return _tell(_on_one_line(str(problem)), INPUT_ERROR)
    except click.UsageError as problem:
        problem.show()
        return problem.exit_code
    except click.ClickException as problem:
        return _tell(problem.format_message(), INPUT_ERROR)
    except SystemExit:
        # Click ends like this when completion is done, and when the reader of a pipe has seen enough.
        return DONE
    except (click.Abort, KeyboardInterrupt):
        return _tell("interrupted; what is finished is kept, the same command goes on from there", INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone after the command was done: what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as problem:
        # Files are dealt with where they are written: what is left is the output of the command itself.
        return _tell(f"the output cannot be written: {problem.strerror or problem}", INPUT_ERROR)
    except MemoryError:
        return _tell("there is not enough memory for this", INPUT_ERROR)
    return code if isinstance(code, int) else DONE


def _on_one_line(message: str) -> str:
    """A message that fits into a terminal whatever was quoted in it: its beginning and its end."""
    text = " ".join(message.split())
    return text if len(text) <= LONGEST_MESSAGE else f"{text[: LONGEST_MESSAGE // 2]} … {text[-LONGEST_MESSAGE // 3 :]}"


def _tell(message: str, code: int) -> int:
    click.echo(f"{PROGRAM}: {message}", err=True)
    return code


def _speak_utf8() -> None:
    """Write UTF-8 whatever the platform's old code page is; a character that fails nowhere stops no result."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
