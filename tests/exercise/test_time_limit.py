import contextlib
import signal
import threading
import time

import pytest

from generator.errors import TimeLimitError
from generator.exercise import time_limit as module
from generator.exercise.time_limit import time_limit

ENDLESS = "the exercise"


def forever() -> None:
    while True:
        time.sleep(0.01)


def test_what_never_ends_is_stopped() -> None:
    with (
        pytest.raises(TimeLimitError, match=r"^the exercise: not finished after 0.1 seconds"),
        time_limit(ENDLESS, 0.1),
    ):
        forever()


def test_catching_every_exception_does_not_help() -> None:
    def stubborn() -> None:
        while True:
            with contextlib.suppress(Exception):
                forever()

    with pytest.raises(TimeLimitError), time_limit(ENDLESS, 0.1):
        stubborn()


def test_a_stop_that_is_swallowed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.1)

    def deaf(times: int) -> None:
        for _ in range(times):
            with contextlib.suppress(BaseException):
                forever()
        forever()

    with pytest.raises(TimeLimitError), time_limit(ENDLESS, 0.1):
        deaf(3)


def test_where_there_is_no_alarm_a_thread_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "setitimer")
    with pytest.raises(TimeLimitError), time_limit(ENDLESS, 0.1):
        forever()
    with time_limit(ENDLESS, 0.05):
        pass
    time.sleep(0.2)


def test_what_ends_in_time_leaves_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(ENDLESS, 0.1):
        pass
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_outer_limit_holds() -> None:
    with pytest.raises(TimeLimitError, match="outer"), time_limit("outer", 0.1), time_limit("inner", 5.0):
        forever()


def test_errors_go_through() -> None:
    with pytest.raises(ZeroDivisionError), time_limit(ENDLESS, 5.0):
        raise ZeroDivisionError


def test_another_thread_is_left_alone() -> None:
    done = []

    def work() -> None:
        with time_limit(ENDLESS, 0.05):
            time.sleep(0.15)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
