"""The time that one question may take: what an exercise type of one's own never finishes is stopped, with a message."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from generator.errors import TimeLimitError

SECONDS = 60.0
"""For drawing and solving a question, and again for wording it; the types of the package take less than one."""

AGAIN = 1.0
"""Seconds after which a stop that was swallowed by somebody's ``except`` is tried again."""


class _OverrunError(BaseException):
    """Not an Exception, so that code that catches those does not go on."""


@contextmanager
def time_limit(what: str, seconds: float | None = None) -> Iterator[None]:
    """Stop what is inside after so many seconds with a TimeLimitError.

    A limit inside another one, and one outside the main thread, which alone can be interrupted, does nothing. A single
    call of a compiled library is stopped when it returns.
    """
    limit = SECONDS if seconds is None else seconds
    number: signal.Signals = getattr(signal, "SIGALRM", None) or signal.SIGBREAK  # type: ignore[attr-defined,unused-ignore]
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(number) is _stop:
        yield
        return
    before = signal.signal(number, _stop)
    cancel = _alarm(number, limit)
    try:
        yield
    except _OverrunError:
        raise TimeLimitError(what, limit) from None
    finally:
        cancel()
        signal.signal(number, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _OverrunError


def _alarm(number: signal.Signals, seconds: float) -> Callable[[], object]:
    """Interrupt the main thread after so many seconds and then again and again; gives what calls it off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        return lambda: signal.setitimer(signal.ITIMER_REAL, 0)
    # Windows has no alarm; a thread stands in, with the signal of Ctrl+Break.
    done = threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            _thread.interrupt_main(number)
            wait = AGAIN

    threading.Thread(target=watch, daemon=True).start()
    return done.set
