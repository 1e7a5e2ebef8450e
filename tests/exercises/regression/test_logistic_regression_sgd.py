from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercise.rounding import entries
from generator.exercises.regression._sgd_symbols import shown, symbolic_steps
from generator.exercises.regression.logistic_regression_sgd import LogisticRegressionSgd
from generator.notation import decimal_form
from generator.wording import word

PINS = {"x": [2, -1], "y": 0, "w": ["log(2)", "log(3)"], "learning_rate": "1/2"}


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("regression/logistic-regression-sgd")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", "easy", {**PINS, **pins})


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind)
    solution = instance.solution
    # z = 2 ln 2 - ln 3 = ln 4/3, so h = 4/7 and the error is 4/7.
    assert solution["c1"].answer == Fraction(4, 7)
    assert solution["c2"].answer == (Fraction(8, 7), Fraction(-4, 7))
    assert solution["c3"].answer == (sympy.log(2) - sympy.Rational(4, 7), sympy.log(3) + sympy.Rational(2, 7))
    assert (
        r"2 \cdot \ln 2 - \ln 3" in word(instance).parts[2].solution
        or r"\ln\frac{4}{3}" in word(instance).parts[2].solution
    )
    slips = {(slip.part, slip.name): slip.value for slip in instance.slips}
    assert slips["c1", "sign of the exponent lost"] == Fraction(3, 7)
    assert slips["c1", "odds taken for the probability"] == Fraction(4, 3)
    assert slips["c2", "wrong sign"] == (Fraction(-8, 7), Fraction(4, 7))
    assert slips["c2", "factor $x_j$ forgotten"] == (Fraction(4, 7), Fraction(4, 7))
    assert slips["c2", "derivative of the sigmoid kept"] == (Fraction(96, 343), Fraction(-48, 343))
    assert slips["c3", "step uphill"][0] == sympy.log(2) + sympy.Rational(4, 7)
    assert slips["c3", "step size forgotten"][0] == sympy.log(2) - sympy.Rational(8, 7)


def test_the_sheets_own_derivative_and_update(kind: ExerciseType) -> None:
    h, y, x_j, w_j, eta = sympy.symbols("h y x_j w_j eta")
    solution = pinned(kind).solution
    assert sympy.expand(solution["a"].answer + x_j * (y - h)) == 0
    assert sympy.expand(solution["b"].answer - (w_j + eta * x_j * (y - h))) == 0


def test_every_step_of_the_derivation_equals_the_next() -> None:
    steps = symbolic_steps()
    h, y, z = sympy.symbols("h y z")
    sigmoid = 1 / (1 + sympy.exp(-z))
    assert sympy.expand(steps["loss"] + y * sympy.log(h) + (1 - y) * sympy.log(1 - h)) == 0
    assert sympy.simplify(steps["loss"].diff(h) - steps["outer"]) == 0
    assert sympy.simplify(sigmoid.diff(z) - steps["inner"].subs(h, sigmoid)) == 0
    assert sympy.simplify(steps["outer"] * steps["inner"] - steps["product"]) == 0
    assert sympy.simplify(steps["product"] - steps["error"]) == 0
    assert sympy.simplify(steps["loss"].subs(h, sigmoid).diff(z) - steps["error"].subs(h, sigmoid)) == 0
    weights, inputs = sympy.symbols("w1:4"), sympy.symbols("x1:4")
    predictor = sum(w * x for w, x in zip(weights, inputs, strict=True))
    slope = steps["loss"].subs(h, sigmoid.subs(z, predictor)).diff(weights[1])
    eta, w_j, x_j = sympy.symbols("eta w_j x_j")
    for name in ("derivative", "turned"):
        at = steps[name].subs({h: sigmoid.subs(z, predictor), x_j: inputs[1]})
        assert sympy.simplify(slope - at) == 0
    assert predictor.diff(weights[1]) == steps["factor"].subs(x_j, inputs[1])
    assert sympy.expand(w_j - eta * steps["derivative"] - steps["update"]) == 0


def test_formulas_are_printed_as_a_textbook_has_them() -> None:
    texts = shown()
    assert texts["derivative"] == r"(h(\mathbf{x}) - y) x_j"
    assert texts["turned"] == r"-(y - h(\mathbf{x})) x_j"
    assert texts["update"] == r"w_{j} - \eta (h(\mathbf{x}) - y) x_j"
    assert texts["loss"] == r"-\left[ y \ln h(\mathbf{x}) + (1 - y) \ln(1 - h(\mathbf{x})) \right]"


@pytest.mark.parametrize("level", LEVELS)
def test_the_step_lowers_the_loss_along_its_gradient(kind: ExerciseType, level: Level) -> None:
    for seed in range(30):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q, solution = instance.exercise, instance.solution
        assert isinstance(q, LogisticRegressionSgd)
        w = [sympy.Symbol(f"w{j}") for j in range(len(q.x))]
        p = 1 / (1 + sympy.exp(-sum(a * b for a, b in zip(w, q.x, strict=True))))
        loss = -sympy.log(p if q.y else 1 - p)
        at = {symbol: float(value) for symbol, value in zip(w, q.w, strict=True)}
        assert float(p.subs(at)) == pytest.approx(float(solution["c1"].answer))
        slopes = [float(loss.diff(symbol).subs(at)) for symbol in w]
        assert [float(value) for value in solution["c2"].answer] == pytest.approx(slopes)
        after = [value - float(q.learning_rate) * slope for value, slope in zip(at.values(), slopes, strict=True)]
        assert [float(value) for value in solution["c3"].answer] == pytest.approx(after)
        # A small step downhill lowers a convex loss.
        small = {symbol: value - 1e-3 * slope for (symbol, value), slope in zip(at.items(), slopes, strict=True)}
        assert float(loss.subs(small)) < float(loss.subs(at))


def test_levels_differ(kind: ExerciseType) -> None:
    sizes: dict[str, set[int]] = {}
    for level in LEVELS:
        exercises = [make_instance(kind, f"{seed}/1/q", level).exercise for seed in range(30)]
        sizes[level] = {len(q.x) for q in exercises if isinstance(q, LogisticRegressionSgd)}
    assert sizes == {"easy": {2}, "medium": {2, 3}, "hard": {3, 4}}


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({"w": ["log(2)"]}, "an entry for every entry of x"),
        ({"w": ["log(2)", 1]}, "other terms cancel"),
        ({"w": ["log(4999)", "log(7)"]}, "below 10000"),
        ({"learning_rate": 0}, "step size is positive"),
    ],
)
def test_impossible_pins_are_named(kind: ExerciseType, pins: dict[str, Any], message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        pinned(kind, **pins)


@pytest.mark.parametrize(
    "pins",
    [{"y": 2}, {"x": [1.5, 2]}, {"x": []}, {"w": ["log(-1)", 1]}, {"w": ["exp(1)", 1]}, {"learning_rate": -1}],
)
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)


def test_terms_that_cancel_may_be_pinned(kind: ExerciseType) -> None:
    instance = pinned(kind, x=[2, -1, 1], w=["1/2", 1, "log(3)"])
    assert instance.solution["c1"].answer == Fraction(3, 4)
    assert float(instance.solution["c3"].answer[2]) == pytest.approx(math.log(3) - 3 / 8)


def test_an_undecided_model_may_be_pinned(kind: ExerciseType) -> None:
    instance = pinned(kind, x=[1, 2], w=[0, 0])
    assert instance.solution["c1"].answer == Fraction(1, 2)
    assert "the probability is not 1/2" in instance.waived


@pytest.mark.parametrize("level", ["medium", "hard"])
def test_drawn_logarithms_do_not_cancel_in_pairs(kind: ExerciseType, level: Level) -> None:
    for seed in range(60):
        instance = make_instance(kind, f"{seed}/2/q", level)
        pairs = zip(map(int, instance.parameters["x"]), map(sympy.sympify, instance.parameters["w"]), strict=True)
        terms = [float(x * w) for x, w in pairs if w.has(sympy.log)]
        assert all(abs(one + other) > 1e-9 for k, one in enumerate(terms) for other in terms[:k])
        assert all(sympy.sympify(str(value)) != 0 for value in instance.solution["c3"].answer)


def decimal_instances(kind: ExerciseType, count: int) -> list[tuple[Instance, LogisticRegressionSgd]]:
    made = [
        make_instance(kind, f"{seed}/1/q", level, {"style": "decimal"}) for seed in range(count) for level in LEVELS
    ]
    return [(instance, instance.exercise) for instance in made if isinstance(instance.exercise, LogisticRegressionSgd)]


def cut(value: float, places: int) -> float:
    """Rounded half away from zero."""
    unit = Decimal(1).scaleb(-places)
    return float(Decimal(repr(round(value, 12))).quantize(unit, rounding=ROUND_HALF_UP))


def by_hand(q: LogisticRegressionSgd, places: int) -> tuple[float, list[float], list[float]]:
    """Probability, gradient and new weights as a student finds them who keeps some places at every step."""
    z = sum(x * float(w) for x, w in zip(q.x, q.w, strict=True))
    h = cut(1 / cut(1 + cut(math.exp(-z), places), places), places)
    error = cut(h - q.y, places)
    gradient = [cut(error * x, places) for x in q.x]
    steps = [cut(float(q.learning_rate) * slope, places) for slope in gradient]
    return h, gradient, [cut(float(w) - step, places) for w, step in zip(q.w, steps, strict=True)]


def test_decimals_are_the_exact_answers_rounded(kind: ExerciseType) -> None:
    for instance, q in decimal_instances(kind, 8):
        h = 1 / (1 + math.exp(-sum(x * float(w) for x, w in zip(q.x, q.w, strict=True))))
        slopes = [(h - q.y) * x for x in q.x]
        after = [float(w) - float(q.learning_rate) * slope for w, slope in zip(q.w, slopes, strict=True)]
        for part, values in {"c1": [h], "c2": slopes, "c3": after}.items():
            found = instance.solution[part]
            assert found.places == 2
            assert decimal_form(entries(found.answer)) == pytest.approx(values)
            assert found.tex is not None
            assert re.findall(r"-?\d+\.\d+", found.tex) == [f"{cut(value, 2):.2f}" for value in values]


def test_every_usual_rounding_is_accepted(kind: ExerciseType) -> None:
    for instance, q in decimal_instances(kind, 8):
        for places in (2, 3, 4, 9):
            h, gradient, after = by_hand(q, places)
            for part, values in {"c1": [h], "c2": gradient, "c3": after}.items():
                found = instance.solution[part]
                for value, right in zip(values, decimal_form(entries(found.answer)), strict=True):
                    assert abs(cut(value, 2) - right) <= float(found.tolerance) + 1e-9


def test_the_question_states_how_to_round(kind: ExerciseType) -> None:
    for instance, _ in decimal_instances(kind, 2):
        question = word(instance).question
        assert "Round every intermediate result to four decimal places" in question
        assert "to two decimal places" in question
        assert "exact" not in question
        assert r"\ln" not in word(instance).parts[2].solution
    assert "Round" not in word(pinned(kind)).question


@pytest.mark.parametrize("pins", [{"w": ["log(2)", "0.5"]}, {"w": ["1/3", "0.5"]}, {"learning_rate": "1/3"}])
def test_decimal_style_refuses_what_is_no_decimal(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(ConditionError, match="two places at most"):
        make_instance(kind, "1/1/q", "easy", {"x": [2, -1], "style": "decimal", **pins})


def test_variants_share_the_number_of_features(kind: ExerciseType) -> None:
    patterns = {make_instance(kind, f"{seed}/1/q", "hard").exercise.pattern() for seed in range(12)}
    assert patterns == {"features=3", "features=4"}
