"""The letters by which courses name the two parameters of a model with one input."""

from __future__ import annotations

from typing import Literal

Letter = Literal["phi", "beta", "w"]
LETTERS: tuple[Letter, ...] = ("phi", "beta", "w")


def names(letter: Letter) -> tuple[str, str]:
    """TeX of the intercept and of the slope parameter."""
    symbol = letter if letter == "w" else f"\\{letter}"
    return f"{symbol}_0", f"{symbol}_1"
