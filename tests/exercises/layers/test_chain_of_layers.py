from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError, UnknownNameError
from generator.exact import log
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word

SLUG = "layers/chain-of-layers"
F = Fraction


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get(SLUG)


def pinned(kind: ExerciseType, *activations: str, **more: Any) -> Instance:
    given = {"x": [1, -1], "constant": None, "target": [1], "loss": "squared", "activations": list(activations)}
    return make_instance(kind, "1/1/q", "easy", {**given, **more})


def named(table: dict[str, Any]) -> dict[str, Any]:
    """A table of derivatives of the loss by the names of what it is differentiated by."""
    assert all(name.startswith("dl/d") for name in table)
    return {name.removeprefix("dl/d"): value for name, value in table.items()}


# Arguments 3 and -2, hidden values 3 and 0, output 6, residual 5.
RELU = {"weights": [[[2, 1], [-1, 3]], [[2], [-1]]]}


def test_a_relu_network_by_hand(kind: ExerciseType) -> None:
    solution = pinned(kind, "relu", **RELU).solution
    assert solution["a"].answer == {"u_1": 3, "u_2": -2, "h_1": 3, "h_2": 0, "o_1": 6, "l": F(25, 2)}
    assert named(solution["b"].answer) == {"u_1": 10, "u_2": 0, "h_1": 10, "h_2": -5, "o_1": 5}
    assert named(solution["c"].answer) == {"W_1": ((10, 0), (-10, 0)), "W_2": ((15,), (0,))}


def test_a_parametric_relu_by_hand(kind: ExerciseType) -> None:
    # The second unit now has the value -2/4 = -1/2, so the output is 13/2.
    solution = pinned(kind, "prelu", **RELU, constant="1/4", loss="absolute").solution
    assert solution["a"].answer["o_1"] == F(13, 2)
    assert solution["a"].answer["l"] == F(11, 2)
    assert named(solution["b"].answer) == {"u_1": 2, "u_2": F(-1, 4), "h_1": 2, "h_2": -1, "o_1": 1}
    assert named(solution["c"].answer) == {"W_1": ((2, F(-1, 4)), (-2, F(1, 4))), "W_2": ((3,), (F(-1, 2),)), "a": 2}


def test_a_sigmoid_network_by_hand(kind: ExerciseType) -> None:
    # Arguments ln 2 + ln 3/2 = ln 3 and 0 - ln 2, so values 3/4 and 1/3; output 4 * 3/4 - 3 * 1/3 = 2.
    weights = [[["log(2)", 0], ["log(2/3)", "log(2)"]], [[4], [-3]]]
    solution = pinned(kind, "sigmoid", weights=weights).solution
    answer = solution["a"].answer
    assert answer == {"u_1": log(F(3)), "u_2": log(F(1, 2)), "h_1": F(3, 4), "h_2": F(1, 3), "o_1": 2, "l": F(1, 2)}
    assert named(solution["b"].answer) == {"u_1": F(3, 4), "u_2": F(-2, 3), "h_1": 4, "h_2": -3, "o_1": 1}
    assert named(solution["c"].answer)["W_2"] == ((F(3, 4),), (F(1, 3),))


Vector = np.ndarray[Any, Any]


def loss_of(drawn: dict[str, Any]) -> Callable[[list[Vector], float], float]:
    """The loss as a function of all weights and of the constant, in matrix notation."""
    x, t = (np.array([float(F(value)) for value in drawn[name]]) for name in ("x", "target"))
    activations: dict[str, Callable[[Vector, float], Vector]] = {
        "relu": lambda z, _: np.maximum(z, 0),
        "leaky-relu": lambda z, c: np.where(z > 0, z, c * z),
        "prelu": lambda z, c: np.where(z > 0, z, c * z),
        "hard-tanh": lambda z, _: np.clip(z, -1, 1),
        "sigmoid": lambda z, _: 1 / (1 + np.exp(-z)),
        "tanh": lambda z, _: np.tanh(z),
    }

    def loss(weights: list[Vector], constant: float) -> float:
        values = x
        for matrix, name in zip(weights, [*drawn["activations"], None], strict=True):
            values = matrix.T @ values
            values = values if name is None else activations[name](values, constant)
        gaps = values - t
        return float((gaps**2).sum() / 2 if drawn["loss"] == "squared" else np.abs(gaps).sum())

    return loss


@pytest.mark.parametrize("level", LEVELS)
def test_gradients_of_draws_are_differences_of_the_loss(kind: ExerciseType, level: Level) -> None:
    step = 1e-6
    for number in range(40):
        instance = make_instance(kind, f"{number}/1/q", level)
        drawn, answer = instance.parameters, named(instance.solution["c"].answer)
        loss, constant = loss_of(drawn), float(F(drawn["constant"] or 0))
        weights = [np.array([[float(sympy.sympify(w)) for w in row] for row in rows]) for rows in drawn["weights"]]
        assert loss(weights, constant) == pytest.approx(float(instance.solution["a"].answer["l"]))
        for place, matrix in enumerate(weights):
            for i, j in np.ndindex(matrix.shape):
                up, down = ([w.copy() for w in weights] for _ in range(2))
                up[place][i, j] += step
                down[place][i, j] -= step
                slope = (loss(up, constant) - loss(down, constant)) / (2 * step)
                assert float(answer[f"W_{place + 1}"][i][j]) == pytest.approx(slope, abs=1e-5)
        assert ("a" in answer) == ("prelu" in drawn["activations"])
        if "a" in answer:
            slope = (loss(weights, constant + step) - loss(weights, constant - step)) / (2 * step)
            assert float(answer["a"]) == pytest.approx(slope, abs=1e-5)


def test_levels_differ_in_layers(kind: ExerciseType) -> None:
    found = {level: [make_instance(kind, f"{seed}/1/q", level).parameters for seed in range(30)] for level in LEVELS}
    counts = {level: {len(drawn["activations"]) for drawn in draws} for level, draws in found.items()}
    assert counts == {"easy": {1}, "medium": {1}, "hard": {2}}
    assert {drawn["activations"][0] for drawn in found["easy"]} == {"relu", "leaky-relu"}
    assert len({drawn["activations"][0] for drawn in found["medium"]}) >= 4


def test_slips_of_a_hand_worked_network(kind: ExerciseType) -> None:
    instance = pinned(kind, "relu", **RELU)
    found = {(slip.part, slip.name): named(slip.value) for slip in instance.slips}
    assert found["b", "target minus output"] == {"u_1": -10, "u_2": 0, "h_1": -10, "h_2": 5, "o_1": -5}
    assert found["b", "derivative of the activation left out"]["u_2"] == -5
    assert found["c", "derivative of the activation left out"]["W_1"] == ((10, -5), (-10, 5))
    assert found["c", "rows and columns exchanged"] == {"W_1": ((10, -10), (0, 0)), "W_2": ((15, 0),)}
    assert ("b", "weights of a row and of a column exchanged") not in found
    two = pinned(kind, "relu", weights=[[[2, 1], [-1, 3]], [[2, 4], [-1, 5]]], target=[1, 13])
    # Outputs 6 and 12, messages 5 and -1: 2 * 5 - 4 and -5 - 5 by rows, 2 * 5 + 1 and 4 * 5 - 5 by columns.
    assert [named(two.solution["b"].answer)[name] for name in ("h_1", "h_2")] == [6, -10]
    wrong = next(slip for slip in two.slips if "row and of a column" in slip.name and slip.part == "b")
    assert [named(wrong.value)[name] for name in ("h_1", "h_2", "u_1", "u_2")] == [11, 15, 11, 0]


def test_the_sheet_tells_what_the_layers_do(kind: ExerciseType) -> None:
    text = word(pinned(kind, "leaky-relu", **RELU, constant="1/4")).question
    assert r"c = \frac{1}{4}" in text
    assert "![The network](figure:network)" in text
    assert "learned" not in text


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"x": []}, PinError),
        ({"x": [1, 2, 3, 4]}, PinError),
        ({"activations": []}, PinError),
        ({"activations": ["softmax"]}, PinError),
        ({"weights": [[[1, 2], [3]], [[1], [2]]]}, PinError),
        ({"weights": [[[1, 2]]]}, PinError),
        ({"loss": "hinge"}, PinError),
        ({"x": [1, 2], "weights": [[[1, 2]], [[1], [2]]]}, ConditionError),
        ({"weights": [[[1, 2], [3, 4]], [[1, 2, 3]]]}, ConditionError),
        ({"activations": ["relu", "sigmoid"]}, ConditionError),
        ({"activations": ["prelu", "leaky-relu"]}, ConditionError),
        ({"activations": ["relu"], "constant": "1/2"}, ConditionError),
        ({"activations": ["prelu"], "constant": 2}, ConditionError),
        ({"activations": ["sigmoid"], "weights": [[[1, 2], [3, 4]], [[1], [2]]]}, ConditionError),
        ({"activations": ["relu"], "weights": [[["log(2)"]], [[1]]]}, ConditionError),
        ({"activations": ["relu"], "weights": [[[1]], [["log(2)"]]]}, ConditionError),
        ({"activations": ["tanh"], "x": [20], "weights": [[["log(3)"]], [[1]]]}, ConditionError),
        ({"activations": ["relu"], "x": [1, 1], "weights": [[[1], [-1]], [[1]]]}, ConditionError),
        (
            {"activations": ["relu"], "x": [1], "weights": [[[1]], [[1]]], "target": [1], "loss": "absolute"},
            ConditionError,
        ),
        ({"input": [1, 2]}, UnknownNameError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make_instance(kind, "1/1/q", "medium", pins)


@pytest.mark.parametrize(
    "pins",
    [
        {"x": [3]},
        {"x": [2, 2, 2]},
        {"target": [1, 2, 3]},
        {"activations": ["tanh"]},
        {"activations": ["hard-tanh", "prelu"]},
        {"weights": [[["log(2)"], ["log(3)"]], [[1]]]},
        {"weights": [[[1]], [[1]], [[1]]]},
        {"loss": "absolute", "x": [-7, 5]},
    ],
)
def test_the_rest_is_built_around_unusual_pins(kind: ExerciseType, pins: dict[str, Any]) -> None:
    for level in LEVELS:
        instance = make_instance(kind, "1/1/q", level, pins)
        assert all(check.agreed for check in instance.checks)
        word(instance)


@pytest.mark.parametrize("level", LEVELS)
def test_drawn_matrices_have_no_equal_rows_or_columns(kind: ExerciseType, level: Level) -> None:
    for number in range(40):
        drawn = make_instance(kind, f"{number}/2/q", level).parameters
        for rows in drawn["weights"]:
            assert len({tuple(row) for row in rows}) == len(rows)
            assert len(set(zip(*rows, strict=True))) == len(rows[0])
