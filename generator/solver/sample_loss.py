"""The loss of a linear model on one sample, to fifty digits, for checking gradients by differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from generator.exact import Log, Number

LossName = Literal["absolute", "squared", "huber", "logistic"]
HUBER = 2
"""Residuals up to this size count squared in Huber's loss, larger ones linearly (Huber 1964)."""


@lru_cache(maxsize=1)
def _mp() -> Any:
    # A context of its own leaves the precision that others set alone.
    from mpmath import MPContext

    context = MPContext()
    context.dps = 50
    return context


def real(value: Number) -> Any:
    """A number to fifty digits."""
    mp = _mp()
    return mp.log(real(value.argument)) if isinstance(value, Log) else mp.mpf(value.numerator) / value.denominator


def _huber(mp: Any, z: Any, y: Any) -> Any:
    size = abs(y - z)
    return size**2 / 2 if size <= HUBER else HUBER * (size - mp.mpf(HUBER) / 2)


_LOSSES: Mapping[LossName, Callable[[Any, Any, Any], Any]] = {
    "absolute": lambda _, z, y: abs(y - z),
    "squared": lambda _, z, y: (y - z) ** 2,
    "huber": _huber,
    "logistic": lambda mp, z, y: mp.log(1 + mp.exp(-y * z)),
}


def sample_loss(loss: LossName, w: Sequence[Any], x: Sequence[Any], y: Any) -> Any:
    """The loss for weights whose last entry belongs to the constant 1."""
    z = sum((weight * entry for weight, entry in zip(w, (*x, 1), strict=True)), start=_mp().mpf(0))
    return _LOSSES[loss](_mp(), z, y)


def gradient(loss: LossName, w: Sequence[Any], x: Sequence[Any], y: Any) -> list[Any]:
    """The central differences of the loss with respect to every weight."""
    step = _mp().mpf(10) ** -18

    def moved(place: int, change: Any) -> Any:
        return sample_loss(loss, [*w[:place], w[place] + change, *w[place + 1 :]], x, y)

    return [(moved(place, step) - moved(place, -step)) / (2 * step) for place in range(len(w))]
