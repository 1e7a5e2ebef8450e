from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from scipy.optimize import minimize

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.regression._logistic_symbols import Reduced, Reduction, shown, symbolic_steps
from generator.exercises.regression._naming import LETTERS, Letter
from generator.exercises.regression.logistic_regression_loss import LogisticRegressionLoss
from generator.wording import word

SAMPLE = {"class_0": ["-1.5", "-1.0", "-0.5", "0.5"], "class_1": ["-0.5", "0.5", "1.0", "1.5"]}
CURVES = [{"phi_0": 1, "phi_1": 2}, {"phi_0": -3, "phi_1": "1/2"}, {"phi_0": 1, "phi_1": -4}]


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("regression/logistic-regression-loss")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    everything = {"curves": CURVES, **SAMPLE, "letter": "phi", "reduction": "sum", **pins}
    return make_instance(kind, "1/1/q", "medium", everything)


def test_crossings_and_slopes_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind)
    assert instance.solution["a2"].answer == {
        "c_1": Fraction(-1, 2), "m_1": Fraction(1, 2),
        "c_2": 6, "m_2": Fraction(1, 8),
        "c_3": Fraction(1, 4), "m_3": -1,
    }  # fmt: skip
    slips = {slip.name: slip.value for slip in instance.slips if slip.part == "a2"}
    assert slips["minus sign of the crossing lost"]["c_2"] == -6
    assert slips["slope parameter taken for the slope"]["m_3"] == -4
    assert slips["crossing turned upside down"]["c_1"] == -2


def test_a_symmetric_sample_has_its_minimum_on_the_axis(kind: ExerciseType) -> None:
    instance = pinned(kind)
    intercept, slope = instance.solution["d"].work["minimum"]
    assert intercept == 0
    assert 1 < slope < 3


def exercises(kind: ExerciseType, level: Level, count: int) -> list[tuple[Instance, LogisticRegressionLoss]]:
    instances = [make_instance(kind, f"{seed}/1/q", level) for seed in range(count)]
    return [(made, made.exercise) for made in instances if isinstance(made.exercise, LogisticRegressionLoss)]


def likelihood_loss(q: LogisticRegressionLoss, at: Any) -> float:
    """The loss from the density of the labels, written out once more."""
    total = 0.0
    for inputs, sign in ((q.class_0, 1), (q.class_1, -1)):
        total += sum(float(np.log1p(np.exp(sign * (at[0] + at[1] * float(x))))) for x in inputs)
    return total / (len(q.class_0) + len(q.class_1)) if q.reduction == "mean" else total


@pytest.mark.parametrize("level", LEVELS)
def test_the_minimum_is_that_of_another_optimiser(kind: ExerciseType, level: Level) -> None:
    for made, q in exercises(kind, level, 15):
        work = made.solution["d"].work
        found = minimize(lambda at, q=q: likelihood_loss(q, at), (0, 0), method="Nelder-Mead",
                         options={"xatol": 1e-8, "fatol": 1e-12})  # fmt: skip
        assert [float(value) for value in work["minimum"]] == pytest.approx(found.x, abs=1e-4)
        assert float(work["least"]) == pytest.approx(found.fun, abs=1e-5)
        assert q.window == (-3, 3, -1, 5)


@pytest.mark.parametrize(("name", "shift"), [("minimum", (0.05, 0.0)), ("minimum", (0.0, -0.05)), ("least", 0.005)])
def test_a_wrong_number_at_the_minimum_is_noticed(kind: ExerciseType, name: str, shift: Any) -> None:
    instance = pinned(kind)
    part = instance.solution["d"]
    numbers = {**part.work, name: np.array(part.work[name], dtype=float) + shift}
    parts = tuple(replace(one, work=numbers) if one.id == "d" else one for one in instance.solution.parts)
    checks = instance.exercise.check(replace(instance.solution, parts=parts))
    assert not all(check.agreed for check in checks if check.part == "d")


@pytest.mark.parametrize("level", LEVELS)
def test_the_expressions_are_the_loss_and_its_gradient(kind: ExerciseType, level: Level) -> None:
    n = sympy.Symbol("n")
    for made, q in exercises(kind, level, 3):
        b0, b1 = sympy.symbols(f"{q.letter}_0 {q.letter}_1")
        at = {b0: sympy.Rational(1, 3), b1: sympy.Rational(-3, 4)}
        data = list(zip(q.inputs, q.labels, strict=True))

        def value(expression: Any, at: Any = at, data: Any = data) -> float:
            expression = sympy.sympify(str(expression)).subs(at).subs(n, len(data)).doit()
            for k, (x, y) in enumerate(data, 1):
                expression = expression.subs({sympy.Function("x")(k): x, sympy.Function("y")(k): y})
            return float(expression)

        assert value(made.solution["b"].answer) == pytest.approx(likelihood_loss(q, (1 / 3, -3 / 4)))
        slopes = [
            (likelihood_loss(q, (1 / 3 + h, -3 / 4 + k)) - likelihood_loss(q, (1 / 3 - h, -3 / 4 - k))) / 2e-5
            for h, k in ((1e-5, 0), (0, 1e-5))
        ]
        assert [value(entry) for entry in made.solution["c"].answer] == pytest.approx(slopes, abs=1e-5)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_every_step_of_the_derivations_equals_the_next(letter: Letter, reduction: Reduction) -> None:
    steps = symbolic_steps(letter, reduction)
    p, y, x, z = sympy.symbols("p_i y_i x_i z")
    b0, b1 = sympy.symbols(f"{letter}_0 {letter}_1")
    sigmoid = 1 / (1 + sympy.exp(-z))
    chain = steps["chain"]
    assert sympy.simplify(sympy.expand_log(-sympy.log(steps["likelihood"]), force=True) - chain["loss"]) == 0
    assert sympy.simplify(chain["loss"] + sum(chain["logs"])) == 0
    assert sympy.simplify(chain["loss"].diff(p) - chain["outer"]) == 0
    assert sympy.simplify(sigmoid.diff(z) - chain["inner"].subs(p, sigmoid)) == 0
    assert sympy.simplify(chain["outer"] * chain["inner"] - chain["product"]) == 0
    assert sympy.simplify(chain["product"] - chain["error"]) == 0
    assert sympy.simplify(chain["loss"].subs(p, sigmoid).diff(z) - chain["error"].subs(p, sigmoid)) == 0
    convexity = steps["convexity"]
    curve = sigmoid.subs(z, b0 + b1 * x)
    loss = chain["loss"].subs(p, curve)
    for slope, parameter in zip(convexity["slopes"], (b0, b1), strict=True):
        assert sympy.simplify(curve.diff(parameter) - slope.subs(p, curve)) == 0
    hessian = sympy.hessian(loss, (b0, b1))
    printed = convexity["weight"].subs(p, curve) * sympy.Matrix(convexity["outer_product"])
    assert (hessian - printed).applyfunc(lambda entry: sympy.simplify(entry.subs(y, 1))) == sympy.zeros(2, 2)
    v = sympy.Matrix(sympy.symbols("v_0 v_1"))
    form = (v.T * sympy.Matrix(convexity["outer_product"]) * v)[0]
    assert sympy.expand(form - sum(convexity["form"])) == 0
    assert sympy.expand(form - convexity["square"]) == 0
    meaning, free, rise = steps["curve"], sympy.Symbol("x"), sympy.Symbol("delta")
    path = sigmoid.subs(z, meaning["predictor"])
    assert meaning["predictor"] == b0 + b1 * free
    assert sympy.simplify(path.subs(free, meaning["crossing"])) == sympy.Rational(1, 2)
    assert sympy.simplify(path.diff(free) - (meaning["outer"] * meaning["inner"]).subs("p", path)) == 0
    assert sympy.simplify(path.diff(free).subs(free, meaning["crossing"]) - meaning["steepest"]) == 0
    moved = path.subs(b0, b0 + rise).subs(free, meaning["crossing"] + meaning["shift"])
    assert sympy.simplify(moved) == sympy.Rational(1, 2)
    assert path.subs(free, 0) == sigmoid.subs(z, meaning["start"])


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_every_form_of_the_loss_and_its_gradient_is_the_same_number(reduction: Reduction) -> None:
    steps = symbolic_steps("w", reduction)
    b0, b1 = sympy.symbols("w_0 w_1")
    at = {b0: sympy.Rational(1, 3), b1: sympy.Rational(-3, 4)}
    xs, ys = (-0.7, 1.1, 0.4), (1, 0, 1)
    predictors = [1 / 3 - 3 / 4 * x for x in xs]
    chances = [1 / (1 + np.exp(-z)) for z in predictors]
    known = {"x": xs, "y": ys, "z": predictors, "p": chances}

    def value(reduced: Reduced) -> float:
        written = reduced.expression.subs(at).subs("n", len(xs)).doit()
        return float(written.subs({sympy.Function(name)(k): v[k - 1] for name, v in known.items() for k in (1, 2, 3)}))

    share = 1 / 3 if reduction == "mean" else 1
    losses = -np.log([p if y else 1 - p for p, y in zip(chances, ys, strict=True)])
    for name in ("loss", "short_loss", "other_loss"):
        assert value(steps[name]) == pytest.approx(share * losses.sum())
    errors = np.array(chances) - ys
    slopes = [share * errors.sum(), share * (errors * xs).sum()]
    for name in ("gradient", "short_gradient"):
        assert [value(entry) for entry in steps[name]] == pytest.approx(slopes)


def test_formulas_are_printed_as_a_textbook_has_them() -> None:
    texts = shown("phi", "mean")
    body = r"y_i \ln p_i + (1 - y_i) \ln(1 - p_i)"
    assert texts["short_loss"] == rf"-\frac{{1}}{{n}} \sum_{{i=1}}^{{n}} \left[ {body} \right]"
    assert texts["other_loss"] == r"\frac{1}{n} \sum_{i=1}^{n} \left[ \ln(1 + e^{z_i}) - y_i z_i \right]"
    first, second = r"\frac{\partial L}{\partial \phi_0}", r"\frac{\partial L}{\partial \phi_1}"
    total = r"\frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)"
    assert texts["gradient"] == rf"{first} = {total}, \qquad {second} = {total} x_i"
    assert shown("phi", "sum")["short_loss"] == rf"-\sum_{{i=1}}^{{n}} \left[ {body} \right]"
    assert texts["form"] == r"v_{0}^{2} + 2 v_{0} v_{1} x_{i} + v_{1}^{2} x_{i}^{2}"


def test_variants_share_the_kind_of_loss(kind: ExerciseType) -> None:
    assert {q.pattern() for _, q in exercises(kind, "medium", 12)} == {"loss=sum", "loss=mean"}
    assert pinned(kind, reduction="mean").exercise.pattern() == "loss=mean"


def test_levels_differ(kind: ExerciseType) -> None:
    counts = {level: {len(q.curves) for _, q in exercises(kind, level, 10)} for level in LEVELS}
    assert counts == {"easy": {2}, "medium": {3}, "hard": {4}}
    assert all(q.class_0[0].as_tuple().exponent == -2 for _, q in exercises(kind, "hard", 5))


def test_an_input_that_rounds_to_zero_has_no_sign(kind: ExerciseType) -> None:
    zeros = [x for _, q in exercises(kind, "easy", 30) for x in q.class_0 + q.class_1 if x == 0]
    assert len(zeros) > 5
    assert not any(x.is_signed() for x in zeros)


def test_the_question_shows_nothing_of_the_answer(kind: ExerciseType) -> None:
    made = pinned(kind)
    question = word(made).question
    figures = made.exercise.figures(made.solution)
    assert "figure:axes" in question
    assert "figure:curves" not in question
    assert "figure:heat-map" not in question
    assert "c_" not in figures["axes"].description
    assert "minimum" in figures["heat-map"].description


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({"class_0": ["-2", "-1"], "class_1": ["1", "2"]}, "overlap"),
        ({"class_0": ["1", "1"], "class_1": ["1", "1"]}, "overlap"),
        ({"curves": [{"phi_0": 1, "phi_1": 0}, {"phi_0": 1, "phi_1": 2}]}, "flat"),
        ({"curves": [{"phi_0": 1, "phi_1": "1/1000"}, {"phi_0": 1, "phi_1": 2}]}, "crosses 1/2"),
        ({"curves": [{"phi_0": 1, "phi_1": 2}, {"phi_0": 1, "phi_1": 2}]}, "the same"),
    ],
)
def test_impossible_pins_are_named(kind: ExerciseType, pins: dict[str, Any], message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        pinned(kind, **pins)


@pytest.mark.parametrize(
    "pins",
    [{"class_0": ["1"]}, {"class_1": ["x", "1"]}, {"curves": []}, {"curves": [{"phi_0": 1}]}, {"letter": "z"},
     {"class_0": ["1000", "1"]}],
)  # fmt: skip
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)


@pytest.mark.parametrize(
    "sample",
    [
        {"class_0": ["10", "30", "70"], "class_1": ["-20", "20", "-90"]},  # falling
        {"class_0": ["-100", "100"], "class_1": ["-99", "99"]},
        {"class_0": ["-1", "0.1"], "class_1": ["0", "1"]},  # nearly separated: a steep curve
    ],
)
def test_unusual_samples_have_their_minimum_inside_the_picture(kind: ExerciseType, sample: dict[str, Any]) -> None:
    made = pinned(kind, **sample)
    left, right, low, high = made.solution.work["window"]
    intercept, slope = made.solution["d"].work["minimum"]
    assert left < intercept < right
    assert low < slope < high
    assert made.exercise.figures(made.solution)["heat-map"].description


def test_a_minimum_far_away_is_refused(kind: ExerciseType) -> None:
    with pytest.raises(ConditionError, match="between -100 and 100"):
        pinned(kind, class_0=["0.001", "0.003"], class_1=["0.002", "0.004"])


def pairs_in(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"\((\S+), (\S+)\)", text.replace("−", "-"))]


@pytest.mark.parametrize("level", LEVELS)
def test_the_curves_are_sigmoids_over_the_whole_axis(kind: ExerciseType, level: Level) -> None:
    for made, q in exercises(kind, level, 3):
        told = q.figures(made.solution)["curves"].description
        left, right = map(float, re.findall(r"x from (\S+) to (\S+) ", told.replace("−", "-"))[0])
        assert left == -right
        assert right >= max(6, *(abs(float(curve.phi_0 / Fraction(curve.phi_1))) + 1 for curve in q.curves))
        curves = re.findall(r"Curve set \d+ through ([^C]*)", told)
        assert len(curves) == len(q.curves)
        for curve, text in zip(q.curves, curves, strict=True):
            points = pairs_in(text.split(". Marked")[0])
            assert [x for x, _ in points] == pytest.approx([left + (right - left) * k / 8 for k in range(9)], abs=0.01)
            for x, height in points:
                odds = np.exp(float(curve.phi_0) + float(curve.phi_1) * x)
                assert height == pytest.approx(odds / (1 + odds), rel=0.03)


@pytest.mark.parametrize("level", LEVELS)
def test_the_heat_map_shows_the_loss_up_to_its_edges(kind: ExerciseType, level: Level) -> None:
    for made, q in exercises(kind, level, 3):
        told = q.figures(made.solution)["heat-map"].description.replace("−", "-")
        left, right, low, high = q.window
        rows = re.findall(r"For \S+ = (\S+): (.*?)\.(?= For|$)", told)
        assert [float(slope) for slope, _ in rows] == pytest.approx(np.linspace(low, high, 5))
        for slope, text in rows:
            cells = [(float(value), float(x)) for value, x in re.findall(r"(\S+) at ([^\s,]+)", text)]
            assert [x for _, x in cells] == pytest.approx(np.linspace(left, right, 5))
            for value, x in cells:
                assert value == pytest.approx(likelihood_loss(q, (x, float(slope))), rel=0.006)


@pytest.mark.parametrize("level", LEVELS)
def test_contour_lines_lie_between_least_and_most(kind: ExerciseType, level: Level) -> None:
    for made, q in exercises(kind, level, 4):
        told = q.figures(made.solution)["heat-map"].description
        left, right, low, high = q.window
        # The loss is convex: it is greatest in a corner.
        most = max(likelihood_loss(q, (x, slope)) for x in (left, right) for slope in (low, high))
        least = likelihood_loss(q, q.minimum)
        levels = [0.3, 0.35, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 14, 20, 30, 40, 60, 100]
        # Not where a line would be lost beside the cross at the minimum, within about 2 % of the least loss.
        sure = [level for level in levels if 1.03 * least < level < most]
        possible = [level for level in levels if 1.01 * least < level < most]
        shown = re.findall(r"Contour lines at ([^A]*)\. A cross", told)[0]
        found = [float(number) for number in re.split(", | and ", shown)]
        assert set(sure) <= set(found) <= set(possible)
        assert len(sure) >= 2
