from __future__ import annotations

from math import factorial, prod
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError, UnknownNameError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.solver.formula import letters_tex
from generator.solver.hidden_units import Activation, mirrored_sum
from generator.wording import word

SLUG = "networks/weight-space-symmetries"
ODD = ("tanh", "arctan", "softsign", "odd")


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get(SLUG)


def pinned(kind: ExerciseType, sizes: list[int], activation: str) -> Instance:
    return make_instance(kind, "1/1/q", "medium", {"sizes": sizes, "activation": activation})


def test_the_seminar_problem(kind: ExerciseType) -> None:
    instance = pinned(kind, [3, 4, 2], "tanh")
    size = sympy.Symbol("M")
    assert instance.solution["c"].answer == sympy.factorial(size) * 2**size
    assert instance.solution["d"].answer == 384
    assert not instance.waived
    assert r"4! \cdot 2^{4} = 24 \cdot 16 = 384" in word(instance).parts[3].solution


@pytest.mark.parametrize(
    ("sizes", "activation", "number"),
    [
        ([3, 4, 2], "relu", 24),
        ([3, 4, 2], "sigmoid", 24),
        ([3, 4, 2], "softplus", 24),
        ([2, 3, 3, 1], "arctan", 2304),
        ([2, 4, 5, 1], "relu", 2880),
        ([20, 8, 20], "odd", 40320 * 256),
    ],
)
def test_counts(kind: ExerciseType, sizes: list[int], activation: str, number: int) -> None:
    assert pinned(kind, sizes, activation).solution["d"].answer == number


@pytest.mark.parametrize("level", LEVELS)
def test_draws_are_the_product_over_the_hidden_layers(kind: ExerciseType, level: Level) -> None:
    for number in range(50):
        drawn = make_instance(kind, f"{number}/1/q", level)
        sizes, activation = [int(size) for size in drawn.parameters["sizes"]], drawn.parameters["activation"]
        assert len(sizes) == (4 if level == "hard" else 3)
        expected = prod(factorial(size) * (2**size if activation in ODD else 1) for size in sizes[1:-1])
        assert drawn.solution["d"].answer == expected <= 20_000
        values = dict(zip(("M",) if len(sizes) == 3 else ("M_1", "M_2"), sizes[1:-1], strict=True))
        assert sympy.sympify(str(drawn.solution["c"].answer)).subs(values) == expected


def test_slips_of_a_hand_worked_network(kind: ExerciseType) -> None:
    found = {slip.name: slip.value for slip in pinned(kind, [2, 3, 1], "tanh").slips if slip.part == "d"}
    assert found == {
        "pairs of units counted instead of orders": 24,
        "sign changes forgotten": 6,
        "orders of the units forgotten": 8,
        "one sign for a whole layer": 12,
        r"$2 M$ choices of signs in place of $2^M$": 36,
        "inputs and outputs exchanged too": 96,
    }
    found = {slip.name: slip.value for slip in pinned(kind, [1, 3, 4, 1], "relu").slips if slip.part == "d"}
    assert found == {
        "pairs of units counted instead of orders": 18,
        "sign changes counted although they alter the output": 48 * 384,
        "layers added instead of multiplied": 30,
        "units exchanged across layers": 5040,
    }


def test_the_key_of_a_sigmoid_tells_of_the_bias(kind: ExerciseType) -> None:
    assert "bias of each unit" in word(pinned(kind, [3, 4, 2], "sigmoid")).parts[1].solution
    for other in ("tanh", "relu", "softplus", "odd"):
        assert "bias of each unit" not in word(pinned(kind, [3, 4, 2], other)).parts[1].solution


def test_the_sheet_shows_no_network_and_the_key_does(kind: ExerciseType) -> None:
    instance = pinned(kind, [3, 4, 2], "tanh")
    worded = word(instance)
    assert "figure:" not in worded.question
    assert "![](figure:network)" in worded.parts[0].solution
    description = instance.exercise.figures(instance.solution)["network"].description
    assert description.count("→") == 3 * 4 + 4 * 2


def test_long_layers_are_shortened_in_the_drawing(kind: ExerciseType) -> None:
    instance = pinned(kind, [20, 3, 1], "tanh")
    description = instance.exercise.figures(instance.solution)["network"].description
    assert description.count("→") == 5 * 3 + 3
    assert "20" in description


def test_one_unit_leaves_its_sign(kind: ExerciseType) -> None:
    instance = pinned(kind, [2, 1, 1], "tanh")
    assert instance.solution["d"].answer == 2
    assert "every hidden layer has units to exchange" in instance.waived
    word(instance)


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"sizes": [3, 4]}, PinError),
        ({"sizes": [3, 4, 4, 4, 2]}, PinError),
        ({"sizes": [3, 0, 2]}, PinError),
        ({"sizes": [3, 4, 21]}, PinError),
        ({"sizes": [3, "5/2", 2]}, PinError),
        ({"sizes": [3, 9, 2]}, ConditionError),
        ({"activation": "identity"}, PinError),
        ({"activation": None}, PinError),
        ({"size": [3, 4, 2]}, UnknownNameError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make_instance(kind, "1/1/q", "easy", pins)


@pytest.mark.parametrize("activation", ["tanh", "arctan", "softsign", "odd", "relu", "sigmoid", "softplus"])
def test_the_whole_chain_of_the_mirrored_sum_is_shown(kind: ExerciseType, activation: Activation) -> None:
    solution = word(pinned(kind, [3, 4, 2], activation)).parts[1].solution
    forms = [letters_tex(form) for form in mirrored_sum(activation)]
    left = r"\varphi(z) + \varphi(-z)"
    assert f"$${' = '.join([left, *forms[activation == 'odd' :]])}$$" in solution


def test_what_is_to_be_shown_decides_the_pattern(kind: ExerciseType) -> None:
    patterns = {name: pinned(kind, [3, 4, 2], name).exercise.pattern() for name in (*ODD, "relu", "sigmoid")}
    assert patterns["tanh"] == patterns["softsign"] != patterns["odd"]
    assert patterns["relu"] == patterns["sigmoid"] != patterns["tanh"]
