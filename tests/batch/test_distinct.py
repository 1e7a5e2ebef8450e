from __future__ import annotations

import random

import pytest

from generator.batch.distinct import at_least, largest_mean


@pytest.mark.parametrize(
    ("events", "mean"), [(0, 2.996), (1, 4.744), (2, 6.296), (5, 10.513), (10, 16.962), (100, 118.08)]
)
def test_the_largest_mean_is_that_of_the_tables(events: int, mean: float) -> None:
    # Exact upper limits of a Poisson mean, one-sided 95 %: half the 0.95 quantile of chi-squared, 2 (n + 1) degrees.
    assert largest_mean(events) == pytest.approx(mean, abs=0.01)


def test_what_was_seen_is_there() -> None:
    assert at_least(["a", "b", "a", "a"]) == 2
    assert at_least(["a"]) == 1


def test_draws_without_a_repetition_speak_for_many_more() -> None:
    # 1000 · 999 / 2 pairs, none equal: their mean is below 3.
    assert at_least(str(number) for number in range(1000)) == int(499_500 / 2.99573227)


def test_the_bound_is_wrong_in_few_cases() -> None:
    stream = random.Random(1)
    wrong = sum(at_least(str(stream.randrange(400)) for _ in range(100)) > 400 for _ in range(300))
    assert wrong <= 30
