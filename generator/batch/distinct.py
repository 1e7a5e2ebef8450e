"""How many different instances there are at least, judged from how often equal ones came up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import comb, exp, floor, lgamma, log

CONFIDENCE = 0.95


def at_least(drawn: Iterable[str | bytes]) -> int:
    """A lower bound for the number of different instances, from the identities of some independent draws.

    Where N instances are equally likely, the pairs of equal ones among n draws are nearly Poisson with the mean
    n (n - 1) / (2 N), and where they are not equally likely there are more such pairs. So the largest mean that the
    number of pairs does not exclude (95 %) bounds N from below. What was seen is there, whatever the estimate says.
    """
    counts = Counter(drawn)
    draws = counts.total()
    pairs = sum(comb(count, 2) for count in counts.values())
    return max(len(counts), floor(comb(draws, 2) / largest_mean(pairs)))


def largest_mean(events: int) -> float:
    """The largest Poisson mean with which so few events still come up once in twenty times; 3.0 for no event."""
    low, high = float(events), 10.0 + 2 * events
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(events, middle) > 1 - CONFIDENCE else (low, middle)
    return high


def _at_most(events: int, mean: float) -> float:
    """The probability of at most so many events."""
    # Terms far below the largest change nothing.
    first = max(0, events - 20 * int(events**0.5 + 1))
    return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(first, events + 1))
