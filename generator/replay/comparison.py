"""Whether two formulas agree in the worlds of some reading of their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from generator.replay.arrays import UndefinedError, near, number, times
from generator.replay.optimum import steepest
from generator.replay.readings import SPECIAL
from generator.replay.tree import Best, Name, Node, Number
from generator.replay.valuation import value_of
from generator.replay.world import World

SLACK = 1e-6
ENOUGH = 2
"""Worlds to compare two formulas in; a third one stands in where they have no value in one of these."""
SMALL = Name(r"\varepsilon")
ZERO = Number(0.0, "0")

Test: TypeAlias = Callable[[Node, Node, World], tuple[bool, bool]]
"""Whether two formulas agree in a world, and whether that says nothing as both vanish."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether formulas agree in all worlds of one reading, had values in any, and else why not."""

    held: bool
    found: bool
    reason: str


def compared(
    pairs: Iterable[tuple[Node, Node]], readings: Iterable[tuple[str, list[World]]], test: Test, *, zero: bool = True
) -> Outcome:
    """Look for a reading in all worlds of which all pairs agree; ``zero`` where it may be that both sides vanish."""
    pairs, found, reason = tuple(pairs), False, ""
    for name, worlds in readings:
        held, trivial = list[bool](), not zero
        for world in worlds:
            try:
                for one, other in pairs:
                    agree, vanish = test(one, other, world)
                    held.append(agree)
                    trivial = trivial and vanish
            except UndefinedError as problem:
                reason = reason or str(problem)
            if False in held or len(held) >= ENOUGH * len(pairs):
                break
        found = found or bool(held)
        # Where everything vanishes, as at the solution of an equation, everything is equal.
        if held and all(held) and not (trivial and name in SPECIAL):
            return Outcome(True, True, "")
    return Outcome(False, found, reason)


def equal(one: Node, other: Node, world: World) -> tuple[bool, bool]:
    """Equal values; two places where something is least are compared by the way in which it falls."""
    if isinstance(one, Best) and isinstance(other, Best) and one.by == other.by:
        return near(steepest(one, world, value_of), steepest(other, world, value_of), SLACK), False
    left, right = value_of(one, world), value_of(other, world)
    return near(left, right, SLACK), near(left, times(0.0, left), SLACK)


def ordered(relation: str) -> Test:
    """An inequality."""
    larger, strict = relation in (">", r"\ge", r"\geq"), relation in ("<", ">")

    def test(one: Node, other: Node, world: World) -> tuple[bool, bool]:
        left, right = number(value_of(one, world)), number(value_of(other, world))
        apart = left - right if larger else right - left
        return apart > 0 if strict else apart >= -SLACK * max(1.0, abs(left)), False

    return test
