"""What the reader of formulas with letters makes of the words of every type, and which small faults it notices."""

import random
import re
from collections.abc import Sequence

import pytest

from generator.exercise import load_registry
from generator.replay import Reading, read, replay
from tests.replay.printed import printed

REGISTRY = load_registry()
DRAWS = 2
FAULTS = 8

_FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\\)\$.+?(?<!\\)\$", re.DOTALL)
_WORDS = re.compile(
    r"\\(?:begin|end|text|operatorname|mathbf|boldsymbol|hat|tilde|bar)\{[^{}]*\}(?:\{[|c]*\})?|\\[a-zA-Z]+"
)
_CHANGEABLE = re.compile(r"[+-]|(?<=_)[ijk]|(?<=_\{)[ijk]|\d+")

JUDGED = {
    # The share of links with letters that is judged, in percent, rounded down.
    "convolution/conv2d": 92,
    "convolution/pool2d": 91,
    "convolution/receptive-field": 100,
    "differentiation/forward-mode": 100,
    "differentiation/graph-forward-table": 100,
    "differentiation/network-backprop": 98,
    "differentiation/reverse-mode": 100,
    "differentiation/softmax-derivative": 100,
    "layers/backward-message": 94,
    "layers/chain-of-layers": 100,
    "layers/softmax-cross-entropy-chain": 100,
    "likelihood/loss-graph-step": 96,
    "likelihood/map-prior-penalty": 84,
    "likelihood/mle-estimator": 98,
    "likelihood/regression-noise-loss": 96,
    "likelihood/weight-decay-penalty": 88,
    "networks/weight-space-symmetries": 90,
    "regression/linear-regression-hessian": 100,
    "regression/linear-regression-mle": 100,
    "regression/logistic-regression-loss": 95,
    "regression/logistic-regression-sgd": 96,
    "regression/ridge-regression": 96,
    "robustness/influence-function": 100,
}


@pytest.mark.parametrize("slug", REGISTRY.slugs)
def test_all_that_is_read_holds(slug: str) -> None:
    readings = [read(text.question, text.solutions, text.told) for text in printed(slug, DRAWS)]
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
            text = chance.choice(printed(slug, DRAWS))
            changed = _changed(text.solutions, chance)
            reading = read(text.question, changed, text.told)
            noticed += bool(reading.misses or reading.strays or any(replay(solution).misses for solution in changed))
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
