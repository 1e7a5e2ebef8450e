"""A keyed stream of random values that are kind to hand calculation; the only source of chance in the package."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist
from types import MappingProxyType
from typing import Literal, TypeVar, cast

Level = Literal["easy", "medium", "hard"]
LEVELS: tuple[Level, ...] = ("easy", "medium", "hard")

T = TypeVar("T")


def _bits(key: str) -> Iterator[int]:
    """Endless 32-bit words from SHA-256 in counter mode: the same on every platform and in every year."""
    counter = 0
    seed = key.encode("utf-8")
    while True:
        block = hashlib.sha256(b"examwright/1\0" + seed + b"\0" + counter.to_bytes(8, "big")).digest()
        for start in range(0, 32, 4):
            yield int.from_bytes(block[start : start + 4], "big")
        counter += 1


class Draw:
    """One stream of random values, named by its key.

    The key (exam seed / variant / question id) is all there is to the stream: equal keys give equal values,
    different keys have nothing in common. ``pins`` are values that the instructor fixed; `given` hands them out.
    """

    def __init__(self, key: str, pins: Mapping[str, object] | None = None) -> None:
        self.key = key
        self.pins: Mapping[str, object] = MappingProxyType(dict(pins or {}))
        self._words = _bits(key)

    def given(self, name: str, make: Callable[[], T]) -> T:
        """The pinned value of a parameter where there is one, else a drawn one."""
        # Pins were parsed by the parameter's declared type, which is also the type that `make` returns.
        return cast("T", self.pins[name]) if name in self.pins else make()

    def integer(self, low: int, high: int) -> int:
        """A uniform integer from ``low`` to ``high``, both included."""
        span = high - low + 1
        if span < 1:
            raise ValueError(f"empty range {low}..{high}")
        if span > 2**32:
            raise ValueError(f"range {low}..{high} is wider than one word")
        # Rejection instead of a remainder keeps every value equally likely.
        limit = 2**32 - 2**32 % span
        while (word := next(self._words)) >= limit:
            pass
        return low + word % span

    def nonzero(self, low: int, high: int) -> int:
        """A uniform integer from ``low`` to ``high`` other than 0."""
        return self.pick([value for value in range(low, high + 1) if value])

    def integers(self, count: int, low: int, high: int) -> tuple[int, ...]:
        """``count`` independent integers from ``low`` to ``high``."""
        return tuple(self.integer(low, high) for _ in range(count))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        return options[self.integer(0, len(options) - 1)]

    def sample(self, options: Sequence[T], count: int) -> tuple[T, ...]:
        """``count`` different options in random order."""
        return self.shuffled(options)[:count]

    def shuffled(self, options: Sequence[T]) -> tuple[T, ...]:
        """The options in random order (Fisher and Yates)."""
        items = list(options)
        for last in range(len(items) - 1, 0, -1):
            other = self.integer(0, last)
            items[last], items[other] = items[other], items[last]
        return tuple(items)

    def chance(self, numerator: int, denominator: int) -> bool:
        """True with the given probability."""
        return self.integer(1, denominator) <= numerator

    def normal(self, mean: float, deviation: float, places: int) -> Decimal:
        """A normally distributed value, rounded to ``places`` decimals (inverse of the distribution function)."""
        uniform = (self.integer(0, 2**32 - 1) + 0.5) / 2**32
        value = NormalDist(mean, deviation).inv_cdf(uniform)
        return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
