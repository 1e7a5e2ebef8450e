"""What the reader of formulas with letters makes of the words of every type, and which small faults it notices."""

import random
import re
from collections.abc import Sequence
from functools import cache

import pytest

from generator.draw import LEVELS
from generator.exercise import load_registry, make_instance
from generator.replay import Reading, read, replay
from generator.wording import word

REGISTRY = load_registry()
DRAWS = 2
FAULTS = 8

_FIGURE = re.compile(r"\]\(figure:([\w-]+)\)")
_FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\\)\$.+?(?<!\\)\$", re.DOTALL)
_WORDS = re.compile(
    r"\\(?:begin|end|text|operatorname|mathbf|boldsymbol|hat|tilde|bar)\{[^{}]*\}(?:\{[|c]*\})?|\\[a-zA-Z]+"
)
_CHANGEABLE = re.compile(r"[+-]|(?<=_)[ijk]|(?<=_\{)[ijk]|\d+")

Text = tuple[str, tuple[str, ...], tuple[str, ...]]


@cache
def texts(slug: str) -> tuple[Text, ...]:
    """Question, solutions and told figures of some draws at every level."""
    found = []
    for level in LEVELS:
        for seed in range(DRAWS):
            instance = make_instance(REGISTRY.get(slug), f"{seed}/1/read", level)
            words = word(instance)
            figures = instance.exercise.figures(instance.solution)
            told = tuple(figures[name].description for name in _FIGURE.findall(words.question))
            found.append((words.question, (words.solution_opening, *(part.solution for part in words.parts)), told))
    return tuple(found)


JUDGED = {
    # The share of links with letters that is judged, in percent, rounded down.
    "convolution/conv2d": 92,
    "convolution/pool2d": 87,
    "convolution/receptive-field": 98,
    "differentiation/forward-mode": 100,
    "differentiation/graph-forward-table": 100,
    "differentiation/network-backprop": 100,
    "differentiation/reverse-mode": 100,
    "differentiation/softmax-derivative": 100,
    "layers/backward-message": 90,
    "layers/chain-of-layers": 100,
    "layers/softmax-cross-entropy-chain": 100,
    "likelihood/loss-graph-step": 96,
    "likelihood/map-prior-penalty": 82,
    "likelihood/mle-estimator": 100,
    "likelihood/regression-noise-loss": 87,
    "likelihood/weight-decay-penalty": 100,
    "networks/weight-space-symmetries": 83,
    "regression/linear-regression-hessian": 94,
    "regression/linear-regression-mle": 96,
    "regression/logistic-regression-loss": 92,
    "regression/logistic-regression-sgd": 93,
    "regression/ridge-regression": 100,
    "robustness/influence-function": 71,
}


@pytest.mark.parametrize("slug", REGISTRY.slugs)
def test_all_that_is_read_holds(slug: str) -> None:
    readings = [read(*text) for text in texts(slug)]
    for reading in readings:
        assert not reading.misses
        assert not reading.strays
    assert _share(readings) >= JUDGED.get(slug, 0)


def _share(readings: Sequence[Reading]) -> float:
    judged = sum(reading.judged + reading.compared for reading in readings)
    return 100 * judged / max(1, judged + sum(len(reading.unjudged) for reading in readings))


def test_most_small_faults_are_noticed() -> None:
    chance = random.Random(20)
    noticed = total = 0
    for slug in REGISTRY.slugs:
        for _ in range(FAULTS):
            question, solutions, told = chance.choice(texts(slug))
            changed = _changed(solutions, chance)
            reading = read(question, changed, told)
            noticed += bool(reading.misses or reading.strays or any(replay(text).misses for text in changed))
            total += 1
    # About three in four are noticed (some faults leave the text right); chance moves that by ten points at most.
    assert noticed >= 0.62 * total


def _changed(solutions: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
    """The solutions with one sign, index, exponent or number of an equation changed."""
    spots = [
        (part, formula.start() + spot.start(), spot[0])
        for part, text in enumerate(solutions)
        for formula in _FORMULA.finditer(text)
        if "=" in formula[0]
        for spot in _CHANGEABLE.finditer(_WORDS.sub(lambda found: " " * len(found[0]), formula[0]))
    ]
    part, at, old = chance.choice(spots)
    if old in "+-":
        new = "-" if old == "+" else "+"
    elif old in "ijk":
        new = chance.choice("ijk".replace(old, ""))
    else:
        new = str(int(old) + chance.choice((1, 2)))
    text = solutions[part]
    return (*solutions[:part], text[:at] + new + text[at + len(old) :], *solutions[part + 1 :])
