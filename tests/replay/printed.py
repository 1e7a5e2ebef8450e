"""The printed words of some draws of every type, as the second reader gets them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from generator.draw import LEVELS
from generator.exercise import load_registry, make_instance
from generator.wording import word

REGISTRY = load_registry()
_FIGURE = re.compile(r"\]\(figure:([\w-]+)\)")


@dataclass(frozen=True, slots=True)
class Printed:
    """A question, its solutions in order, and its figures in words."""

    question: str
    solutions: tuple[str, ...]
    told: tuple[str, ...]


@cache
def printed(slug: str, draws: int) -> tuple[Printed, ...]:
    """Some draws at every level."""
    found = []
    for level in LEVELS:
        for seed in range(draws):
            instance = make_instance(REGISTRY.get(slug), f"{seed}/1/key", level)
            words = word(instance)
            figures = instance.exercise.figures(instance.solution)
            told = tuple(figures[name].description for name in _FIGURE.findall(words.question))
            found.append(
                Printed(words.question, (words.solution_opening, *(part.solution for part in words.parts)), told)
            )
    return tuple(found)
