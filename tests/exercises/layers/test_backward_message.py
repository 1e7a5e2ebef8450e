from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from math import exp, log, log1p, tanh
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.solver.activations import activation
from generator.solver.written import evaluated, written_tex
from generator.wording import word


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("layers/backward-message")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


@pytest.mark.parametrize(
    ("layer", "slope", "by_output"),
    [
        # Assignment 4 of the seminar sheet, with the textbook's results.
        ("sigmoid", "exp(-x)/(1 + exp(-x))**2", "y*(1 - y)"),
        ("tanh", "4/(exp(x) + exp(-x))**2", "1 - y**2"),
        ("relu", "Piecewise((1, x > 0), (0, x < 0))", "Piecewise((1, y > 0), (0, Eq(y, 0)))"),
        ("prelu", "Piecewise((1, x > 0), (a, x < 0))", "Piecewise((1, y > 0), (a, y < 0))"),
    ],
)
def test_assignment_4_of_the_seminar(kind: ExerciseType, layer: str, slope: str, by_output: str) -> None:
    solution = pinned(kind, layer=layer).solution
    assert solution["a"].answer == sympy.sympify(slope)
    assert solution["b"].answer == sympy.sympify(by_output)


def test_the_parameter_message_of_the_seminar(kind: ExerciseType) -> None:
    solution = pinned(kind, layer="prelu").solution
    assert solution["c"].answer == sympy.sympify("Piecewise((0, x > 0), (x, x < 0))")


SLOPES: dict[str, Any] = {
    "sigmoid": lambda x, a: 1 / (2 + exp(x) + exp(-x)),
    "tanh": lambda x, a: 1 / ((exp(x) + exp(-x)) / 2) ** 2,
    "softplus": lambda x, a: 1 / (1 + exp(-x)),
    "silu": lambda x, a: (1 + exp(-x) * (1 + x)) / (1 + exp(-x)) ** 2,
    "relu": lambda x, a: float(x > 0),
    "leaky-relu": lambda x, a: 1.0 if x > 0 else a,
    "prelu": lambda x, a: 1.0 if x > 0 else a,
    "elu": lambda x, a: 1.0 if x > 0 else a * exp(x),
    "hard-tanh": lambda x, a: float(abs(x) < 1),
}
VALUES: dict[str, Any] = {
    "sigmoid": lambda x, a: exp(x) / (1 + exp(x)),
    "tanh": lambda x, a: tanh(x),
    "softplus": lambda x, a: log1p(exp(x)),
    "silu": lambda x, a: x / (1 + exp(-x)),
    "relu": lambda x, a: x * (x > 0),
    "leaky-relu": lambda x, a: x if x > 0 else a * x,
    "prelu": lambda x, a: x if x > 0 else a * x,
    "elu": lambda x, a: x if x > 0 else a * exp(x) - a,
    "hard-tanh": lambda x, a: sorted((-1, x, 1))[1],
}


def number(text: str) -> float:
    return float(sympy.sympify(text))


@pytest.mark.parametrize("level", LEVELS)
def test_draws_worked_out_again(kind: ExerciseType, level: Level) -> None:
    for draw in range(60):
        instance = make_instance(kind, f"{draw}/1/q", level)
        assert not instance.waived
        drawn, answer = instance.parameters, instance.solution.parts[-1].answer
        layer, a = drawn["layer"], number(drawn["parameter"] or "0")
        for i, (x, g) in enumerate(zip(map(number, drawn["x"]), map(number, drawn["gradient"]), strict=True), 1):
            assert float(answer[f"y_{i}"]) == pytest.approx(VALUES[layer](x, a))
            assert float(answer[f"m_{i}"]) == pytest.approx(g * SLOPES[layer](x, a))


@pytest.mark.parametrize("level", LEVELS)
def test_parts_are_fixed_by_the_level(kind: ExerciseType, level: Level) -> None:
    expected = {"a": 2, "b": 2, "c": 2, "d": 4} if level == "hard" else {"a": 2, "b": 2, "c": 4}
    sizes = {"easy": 4, "medium": 3, "hard": 4}
    for draw in range(30):
        instance = make_instance(kind, f"{draw}/1/q", level)
        assert {part.id: part.points for part in instance.solution.parts} == expected
        assert len(instance.parameters["x"]) == sizes[level]
        word(instance)


def test_a_parametric_relu_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind, layer="prelu", parameter="1/4", x=[-8, 3, -2], gradient=[3, -2, 5])
    assert instance.solution["d"].answer == {
        "y_1": -2,
        "y_2": 3,
        "y_3": Fraction(-1, 2),
        "m_1": Fraction(3, 4),
        "m_2": -2,
        "m_3": Fraction(5, 4),
        "p": 3 * -8 + 5 * -2,
    }
    slips = {slip.name: slip.value for slip in instance.slips}
    assert [slips["derivative 0 for negative inputs"][f"m_{i}"] for i in (1, 2, 3)] == [0, -2, 0]
    alone = slips["incoming gradient left out"]
    assert [alone[name] for name in ("m_1", "m_2", "m_3", "p")] == [Fraction(1, 4), 1, Fraction(1, 4), -10]


def test_a_sigmoid_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind, layer="sigmoid", x=["log(3)", "-log(4)"], gradient=[16, 25])
    expected = {"y_1": Fraction(3, 4), "y_2": Fraction(1, 5), "m_1": 3, "m_2": 4}
    assert instance.solution["c"].answer == expected
    slips = {slip.name: slip.value for slip in instance.slips}
    assert slips["output taken for the derivative"] == {**expected, "m_1": 12, "m_2": 5}


def test_a_tanh_and_its_slips_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind, layer="tanh", x=["log(3)"], gradient=[25])
    assert instance.solution["c"].answer == {"y_1": Fraction(4, 5), "m_1": 9}
    slips = {slip.name: slip.value["m_1"] for slip in instance.slips}
    assert slips == {
        "incoming gradient left out": Fraction(9, 25),
        "square forgotten, $1 - y$": 5,
        "rule of the sigmoid, $y (1 - y)$": 4,
    }


def test_a_silu_stays_exact(kind: ExerciseType) -> None:
    answer = pinned(kind, layer="silu", x=["log(3)"], gradient=[16]).solution["c"].answer
    assert sympy.simplify(answer["m_1"] - (12 + 3 * sympy.log(3))) == 0
    assert float(answer["y_1"]) == pytest.approx(0.75 * log(3))


@pytest.mark.parametrize("layer", sorted(VALUES))
@pytest.mark.parametrize("level", LEVELS)
def test_every_layer_can_be_asked_at_every_level(kind: ExerciseType, level: Level, layer: str) -> None:
    instance = make_instance(kind, "1/1/q", level, {"layer": layer})
    assert not instance.waived
    solution = word(instance).parts[-1].solution
    assert "m_1" in solution


@pytest.mark.parametrize("layer", ["sigmoid", "tanh", "softplus", "silu", "elu"])
def test_inputs_that_are_no_logarithms_stay_exact(kind: ExerciseType, layer: str) -> None:
    instance = pinned(kind, layer=layer, x=[-1, "1/2"], gradient=[2, 3])
    assert "exp" in str(instance.solution.parts[-1].answer)


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"layer": "gelu"}, PinError),
        ({"x": []}, PinError),
        ({"x": ["y"]}, PinError),
        ({"gradient": ["log(2)"]}, PinError),
        ({"x": [1, 2], "gradient": [1]}, ConditionError),
        ({"layer": "relu", "x": [0, 1]}, ConditionError),
        ({"layer": "hard-tanh", "x": [-1]}, ConditionError),
        ({"layer": "sigmoid", "parameter": 2}, ConditionError),
        ({"layer": "prelu", "parameter": 0}, ConditionError),
        ({"layer": "leaky-relu", "parameter": None}, ConditionError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        pinned(kind, **pins)


def half_up(value: float, places: int) -> float:
    unit = 10.0**-places
    return math.copysign(math.floor(abs(value) / unit + 0.5 + 1e-9), value) * unit


def worked(layer: str, x: float, g: float, a: float, places: int) -> tuple[float, float]:
    """Output and message as a student gets them who rounds at every step."""

    def r(value: float) -> float:
        return half_up(value, places)

    match layer:
        case "sigmoid":
            y = r(1 / r(1 + r(exp(-x))))
            slope = r(y * r(1 - y))
        case "tanh":
            up, down = r(exp(x)), r(exp(-x))
            y = r(r(up - down) / r(up + down))
            slope = r(1 - r(y * y))
        case "softplus":
            y = r(log(r(1 + r(exp(x)))))
            slope = r(1 - r(exp(-y)))
        case "silu":
            s = r(1 / r(1 + r(exp(-x))))
            y = r(x * s)
            slope = r(s + r(y * r(1 - s)))
        case _:
            y, slope = (x, 1.0) if x > 0 else (r(a * r(r(exp(x)) - 1)), 0.0)
            slope = slope or r(y + a)
    return half_up(y, 2), half_up(r(g * slope), 2)


@pytest.mark.parametrize("layer", ["sigmoid", "tanh", "softplus", "silu", "elu"])
def test_decimals_are_worked_out_again(kind: ExerciseType, layer: str) -> None:
    for draw in range(6):
        instance = make_instance(kind, f"{draw}/1/q", "hard", {"style": "decimal", "layer": layer})
        drawn, part = instance.parameters, instance.solution.parts[-1]
        a, tolerance = number(drawn["parameter"] or "0"), float(part.tolerance)
        printed = {entry.left: half_up(float(entry.result), 2) for entry in part.results}
        for i, (x, g) in enumerate(zip(map(number, drawn["x"]), map(number, drawn["gradient"]), strict=True), 1):
            exact = {f"y_{i}": VALUES[layer](x, a), f"m_{i}": g * SLOPES[layer](x, a)}
            for name, value in exact.items():
                assert float(part.answer[name]) == pytest.approx(value, abs=1e-12)
                assert printed[name] == pytest.approx(half_up(value, 2))
            for places in (2, 3, 4):
                for found, value in zip(worked(layer, x, g, a, places), exact.values(), strict=True):
                    assert abs(found - value) <= tolerance + 1e-9
        words = word(instance)
        assert "Round every intermediate result to four decimal places" in words.parts[-1].prompt
        assert r"\ln" not in words.parts[-1].prompt


def test_a_decimal_sigmoid_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind, layer="sigmoid", x=["-0.7"], gradient=[2], style="decimal")
    solution = word(instance).parts[-1].solution
    # e^0.7 = 2.0138, y = 0.3318, y' = 0.2217
    assert r"v_1 &= e^{-x_1} = \exp(0.7) \approx 2.0138" in solution
    assert r"y_1 &= \frac{1}{1 + v_1} = \frac{1}{1 + 2.0138} \approx 0.3318" in solution
    assert r"m_1 &= g_1 \, y'(x_1) = 2 \cdot 0.2217 = 0.4434" in solution
    assert r"$y_1 = 0.3318 \approx 0.33$" in solution
    assert r"$m_1 = 0.4434 \approx 0.44$" in solution


def test_only_layers_with_an_exponential_are_rounded(kind: ExerciseType) -> None:
    with pytest.raises(ConditionError, match="exponential"):
        pinned(kind, layer="relu", style="decimal")
    layers = {make_instance(kind, f"{n}/1/q", "easy", {"style": "decimal"}).parameters["layer"] for n in range(12)}
    assert layers <= {"sigmoid", "tanh", "softplus", "silu"}


def test_variants_of_one_exam_have_the_same_layer(kind: ExerciseType) -> None:
    patterns: dict[str, set[str]] = {}
    for draw in range(30):
        instance = make_instance(kind, f"{draw}/1/q", "medium")
        patterns.setdefault(instance.exercise.pattern(), set()).add(instance.parameters["layer"])
        assert instance.exercise.pattern() == f"layer={instance.parameters['layer']}"
    assert len(patterns) == 4
    assert all(len(layers) == 1 for layers in patterns.values())


@pytest.mark.parametrize("layer", ["sigmoid", "tanh", "softplus", "silu", "elu", "prelu", "leaky-relu"])
def test_the_formulas_of_the_lines_are_the_layer(kind: ExerciseType, layer: str) -> None:
    instance = make_instance(kind, "3/1/q", "hard", {"layer": layer})
    known = {f"x_{i}": float(sympy.sympify(x)) for i, x in enumerate(instance.parameters["x"], 1)}
    constant = number(instance.parameters["parameter"] or "0")
    work = instance.solution.parts[-1].work
    for line in (*work["outputs"], *work["slopes"], *work["messages"]):
        known[line.left] = float(line.result)
    for i in range(1, len(instance.parameters["x"]) + 1):
        numbers = {"a": constant, "c": constant, **known}
        form = activation(layer, str(i))
        side = 0 if known[f"x_{i}"] > 0 or layer in ("sigmoid", "tanh", "softplus", "silu") else -1
        assert evaluated(form.pieces[side].value, numbers) == pytest.approx(known[f"y_{i}"])
        assert evaluated(form.by_output[side].value, numbers) == pytest.approx(known[f"y'(x_{i})"])
        lines = {line.left: line.formula for line in (*work["outputs"], *work["slopes"], *work["messages"])}
        if layer != "silu":
            assert lines[f"y_{i}"] == written_tex(form.pieces[side].value)


def test_logarithms_stay_whole_in_slips(kind: ExerciseType) -> None:
    instance = pinned(kind, layer="silu", x=["log(2/3)"], gradient=[5])
    alone = next(slip.value for slip in instance.slips if slip.name == "incoming gradient left out")
    assert str(alone["m_1"]) == "6*log(2/3)/25 + 2/5"


def test_a_parametric_relu_near_its_kink_by_hand(kind: ExerciseType) -> None:
    # Only negative inputs move with the parameter: p = 4 (-1/2) + 6 (-2/3), or without the gradients -1/2 - 2/3.
    x, gradient = ["-1/2", 3, "-2/3", "1/4"], [4, -2, 6, 8]
    instance = pinned(kind, "hard", layer="prelu", parameter="1/3", x=x, gradient=gradient)
    assert instance.solution["d"].answer["p"] == -6
    alone = next(slip.value for slip in instance.slips if slip.name == "incoming gradient left out")
    assert alone["p"] == Fraction(-7, 6)
    assert [alone[f"m_{i}"] for i in range(1, 5)] == [Fraction(1, 3), 1, Fraction(1, 3), 1]


def refused(instance: Instance, part: str, **changed: Any) -> bool:
    """Whether the second route sees a solution with a changed part as wrong."""
    exercise, solution = instance.exercise, instance.solution
    assert all(check.agreed for check in exercise.check(solution))
    parts = tuple(replace(one, **changed) if one.id == part else one for one in solution.parts)
    return not all(check.agreed for check in exercise.check(replace(solution, parts=parts)))


LAYERS = ("sigmoid", "tanh", "softplus", "silu", "relu", "leaky-relu", "prelu", "elu", "hard-tanh")


def wrong_forms(answer: sympy.Expr) -> list[sympy.Expr]:
    """The answer with one of its branches changed, or its branches exchanged."""
    if not isinstance(answer, sympy.Piecewise):
        return [answer + sympy.Rational(1, 100), -answer]
    pairs = [tuple(pair) for pair in answer.args]
    shifted = [
        [(value + sympy.Rational(n == k, 100), condition) for n, (value, condition) in enumerate(pairs)]
        for k in range(len(pairs))
    ]
    conditions = [condition for _, condition in pairs]
    turned = [(value, condition) for (value, _), condition in zip(pairs, reversed(conditions), strict=True)]
    return [sympy.Piecewise(*branches) for branches in (*shifted, turned)]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_wrong_branch_of_a_formula_is_noticed(kind: ExerciseType, layer: str) -> None:
    instance = pinned(kind, "hard", layer=layer)
    for part in instance.solution.parts[:-1]:
        for wrong in wrong_forms(part.answer):
            assert refused(instance, part.id, answer=wrong)


@pytest.mark.parametrize("layer", LAYERS)
def test_formulas_in_the_letters_of_another_part_are_noticed(kind: ExerciseType, layer: str) -> None:
    instance = pinned(kind, "hard", layer=layer)
    by_input, by_output = (instance.solution[part].answer for part in "ab")
    assert refused(instance, "a", answer=by_output)
    assert refused(instance, "b", answer=by_input)


@pytest.mark.parametrize("layer", ["leaky-relu", "prelu"])
def test_the_letter_of_the_other_kind_of_slope_is_noticed(kind: ExerciseType, layer: str) -> None:
    instance = pinned(kind, layer=layer)
    a, c = sympy.symbols("a c")
    wrong = instance.solution["a"].answer.subs({a: c, c: a}, simultaneous=True)
    assert refused(instance, "a", answer=wrong)


@pytest.mark.parametrize("layer", ["tanh", "elu"])
def test_a_wrong_number_is_noticed(kind: ExerciseType, layer: str) -> None:
    instance = pinned(kind, layer=layer)
    last = instance.solution.parts[-1]
    for name, value in last.answer.items():
        assert refused(instance, last.id, answer={**last.answer, name: value + Fraction(1, 100)})
