from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError, UnknownNameError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word
from generator.working import lines_in

SLUG = "robustness/influence-function"
F = Fraction


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get(SLUG)


def pinned(kind: ExerciseType, estimator: str, x: list[int], left_out: int, **more: Any) -> Instance:
    given = {"y": None, "penalty": None, "parameter": "theta", "ranking": True, **more}
    return make_instance(kind, "1/1/q", "hard", {"estimator": estimator, "x": x, "left_out": left_out, **given})


MEAN = ("mean", [1, 2, 4, 13], 4)
RATE = ("exponential-rate", [2, 3, 7], 3)
SLOPE = ("ridge-slope", [1, 2, -1], 2)


def test_a_mean_by_hand(kind: ExerciseType) -> None:
    solution = pinned(kind, *MEAN).solution
    theta, point = sympy.symbols("theta x_k")
    assert solution["b"].answer == point - theta
    assert solution["c"].answer == {"estimate": 5, "influence": 8}
    assert solution["d"].answer == {"approximate": 3, "exact": F(7, 3), "difference": F(2, 3)}
    assert solution["e"].answer == 4


def test_a_rate_by_hand(kind: ExerciseType) -> None:
    # Rate 3/12 = 1/4; influence 1/4 - 7/16; approximately 1/4 + 1/16, exactly 2/5.
    solution = pinned(kind, *RATE).solution
    assert solution["c"].answer == {"estimate": F(1, 4), "influence": F(-3, 16)}
    assert solution["d"].answer == {"approximate": F(5, 16), "exact": F(2, 5), "difference": F(-7, 80)}
    assert solution["e"].answer == 3


def test_a_ridge_slope_by_hand(kind: ExerciseType) -> None:
    # Sums 6 and 12, penalty 3 * 2 = 6: slope 12/12 = 1; H = 2 + 2 = 4; influence (2 (4 - 2) - 2) / 4 = 1/2.
    solution = pinned(kind, *SLOPE, y=[3, 4, -1], penalty=2, ranking=False).solution
    assert solution["c"].answer == {"estimate": 1, "influence": F(1, 2)}
    assert solution["d"].answer == {"approximate": F(5, 6), "exact": F(4, 6), "difference": F(1, 6)}
    # The others: (1 (3 - 1) - 2) / 4 = 0 and (-1 (-1 + 1) - 2) / 4 = -1/2, as large in size as the second one.
    with pytest.raises(ConditionError, match="largest influence"):
        pinned(kind, *SLOPE, y=[3, 4, -1], penalty=2)


@pytest.mark.parametrize("level", LEVELS)
def test_draws_refitted_exactly(kind: ExerciseType, level: Level) -> None:
    for number in range(60):
        instance = make_instance(kind, f"{number}/1/q", level)
        drawn, solution = instance.parameters, instance.solution
        x, k = [F(value) for value in drawn["x"]], int(drawn["left_out"]) - 1
        y = [F(value) for value in drawn["y"] or drawn["x"]]
        penalty = F(drawn["penalty"] or 0)

        def minimiser(
            weights: list[Fraction],
            estimator: str = drawn["estimator"],
            x: list[Fraction] = x,
            y: list[Fraction] = y,
            penalty: Fraction = penalty,
        ) -> Fraction:
            """The closed forms for weighted observations."""
            whole = sum(weights)
            first = sum(w * a for w, a in zip(weights, x, strict=True))
            if estimator == "mean":
                return F(first / whole)
            if estimator == "exponential-rate":
                return F(whole / first)
            products = sum(w * a * b for w, a, b in zip(weights, x, y, strict=True))
            return F(products / (sum(w * a * a for w, a in zip(weights, x, strict=True)) + whole * penalty))

        n = len(x)
        estimate = minimiser([F(1, n)] * n)
        without = minimiser([F(0 if place == k else 1) for place in range(n)])
        step = F(1, 10**9)
        slopes = [
            (minimiser([F(1, n) + step * (place == moved) for place in range(n)]) - estimate) / step
            for moved in range(n)
        ]
        influence = solution["c"].answer["influence"]
        assert solution["c"].answer["estimate"] == estimate
        assert float(influence) == pytest.approx(float(slopes[k]), rel=1e-6)
        near = estimate - F(influence) / n
        assert solution["d"].answer == {"approximate": near, "exact": without, "difference": near - without}
        if level == "hard":
            sizes = [abs(slope) for slope in slopes]
            assert solution["e"].answer == sizes.index(max(sizes)) + 1


def test_slips_of_a_hand_worked_rate(kind: ExerciseType) -> None:
    instance = pinned(kind, *RATE)
    found = {slip.name: slip.value for slip in instance.slips if slip.part == "c"}
    assert {name: value["influence"] for name, value in found.items()} == {
        "sign of the derivative forgotten": F(3, 16),
        "averaging over $n$ forgotten": F(-1, 16),
        "not divided by the second derivative": -3,
        "multiplied by the second derivative instead of divided": -48,
    }
    near = {slip.name: slip.value["approximate"] for slip in instance.slips if slip.part == "d"}
    assert near[r"moved the wrong way: $\varepsilon = \frac{1}{n}$"] == F(1, 4) - F(1, 16)
    assert near[r"a whole unit of weight taken away: $\varepsilon = -1$"] == F(7, 16)
    assert near[r"$\varepsilon = -\frac{1}{n - 1}$ put in"] == F(1, 4) + F(3, 32)
    kept = next(slip.value for slip in instance.slips if slip.name == "$n$, not $n - 1$, over the rest of the data")
    assert kept == {"approximate": F(5, 16), "exact": F(3, 5), "difference": F(-23, 80)}


def test_slips_of_the_other_estimators(kind: ExerciseType) -> None:
    mean = {slip.name: slip.value for slip in pinned(kind, *MEAN).slips}
    assert mean["rest of the data divided by $n$, not by $n - 1$"]["exact"] == F(7, 4)
    assert "not divided by the second derivative" not in mean
    ridge = {slip.name: slip.value for slip in pinned(kind, *SLOPE, y=[3, 4, -2], penalty=2).slips}
    assert ridge["penalty of all $n$ observations kept for the rest"]["exact"] == F(5, 8)


def test_levels_differ_in_size_and_parts(kind: ExerciseType) -> None:
    found = {level: [make_instance(kind, f"{seed}/1/q", level) for seed in range(20)] for level in LEVELS}
    assert {level: {len(one.parameters["x"]) for one in drawn} for level, drawn in found.items()} == {
        "easy": {4},
        "medium": {4, 5},
        "hard": {5, 6},
    }
    assert {one.solution.part_ids for one in found["hard"]} == {("a", "b", "c", "d", "e")}
    assert {one.solution.part_ids for one in found["medium"]} == {("a", "b", "c", "d")}
    assert {one.parameters["estimator"] for one in found["easy"]} == {"mean", "exponential-rate"}
    drawn = [one.parameters for drawn in found.values() for one in drawn]
    assert all(len(set(parameters["x"])) > 1 for parameters in drawn)


def test_the_answer_expression_survives_the_record(kind: ExerciseType) -> None:
    for seed in range(20):
        answer = make_instance(kind, f"{seed}/1/q", "hard").solution["b"].answer
        assert sympy.sympify(str(answer)) == answer


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"x": [1, 2]}, PinError),
        ({"x": [1, 2, "log(3)"]}, PinError),
        ({"x": [1, 2, 1000]}, PinError),
        ({"left_out": 0}, PinError),
        ({"estimator": "median"}, PinError),
        ({"parameter": "beta"}, PinError),
        ({"estimator": "mean", "x": [1, 2, 4], "left_out": 4}, ConditionError),
        ({"estimator": "mean", "y": [1, 2, 4]}, ConditionError),
        ({"estimator": "mean", "penalty": 1}, ConditionError),
        ({"estimator": "exponential-rate", "x": [1, -2, 4]}, ConditionError),
        ({"estimator": "exponential-rate", "x": ["1/100000", "1/100000", "1/50000"]}, ConditionError),
        ({"estimator": "ridge-slope", "x": [1, 2, 3], "y": [1, 2, 3, 4]}, ConditionError),
        ({"estimator": "ridge-slope", "y": None}, ConditionError),
        ({"estimator": "ridge-slope", "penalty": 0}, ConditionError),
        ({"estimator": "ridge-slope", "parameter": "lamda"}, ConditionError),
        ({"estimator": "mean", "x": [2, 4, 6], "ranking": True}, ConditionError),
        ({"z": [1, 2, 3]}, UnknownNameError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make_instance(kind, "1/1/q", "medium", pins)


@pytest.mark.parametrize(
    "pins",
    [
        {"x": ["1/2", 3, "7/3", 3]},
        {"estimator": "ridge-slope", "x": [0, 0, 5], "y": [1, 1, 1], "penalty": "1/100", "ranking": False},
        {"y": [3, -2, 1, 1]},
        {"y": [3, -2, 1, 1, 5, 5, 6, 8], "left_out": 8},
        {"left_out": 7, "estimator": "exponential-rate"},
        {"penalty": 50},
        {"estimator": "mean", "x": [100, -100, 0, 0], "left_out": 1, "ranking": False},
    ],
)
def test_the_rest_is_built_around_unusual_pins(kind: ExerciseType, pins: dict[str, Any]) -> None:
    for level in LEVELS:
        instance = make_instance(kind, "1/1/q", level, pins)
        assert all(check.agreed for check in instance.checks)
        word(instance)


def shape(instance: Instance) -> tuple[tuple[str, int], ...]:
    """What the parts of a solution look like: their kinds and numbers of worked lines."""
    return tuple((part.kind, len(list(lines_in(part.work)))) for part in instance.solution.parts)


@pytest.mark.parametrize(("level", "count"), [("easy", 2), ("medium", 4), ("hard", 2)])
def test_the_pattern_tells_estimator_and_size(kind: ExerciseType, level: Level, count: int) -> None:
    instances = [make_instance(kind, f"{seed}/1/pattern", level) for seed in range(50)]
    setups = {i.exercise.pattern(): (i.parameters["estimator"], len(i.parameters["x"])) for i in instances}
    assert len(set(setups.values())) == len(setups) == count
    shapes: dict[str, set[object]] = {}
    for instance in instances:
        shapes.setdefault(instance.exercise.pattern(), set()).add(shape(instance))
    assert all(len(found) == 1 for found in shapes.values())


def test_answers_and_slips_have_no_names_of_records_on_paper(kind: ExerciseType) -> None:
    solution = pinned(kind, *SLOPE, y=[3, 1, 2], penalty=1, parameter="w").solution
    assert solution["c"].names == {"estimate": r"\hat{w}", "influence": "I_k"}
    assert solution["d"].names == {
        "approximate": r"\hat{w}_{\text{lin}}",
        "exact": r"\hat{w}_{-k}",
        "difference": r"\hat{w}_{\text{lin}} - \hat{w}_{-k}",
    }


def test_the_equation_of_the_estimate_is_shown(kind: ExerciseType) -> None:
    slope = word(pinned(kind, *SLOPE, y=[3, 1, 2], penalty=1, parameter="w")).parts[2].solution
    assert r"$$n \lambda \hat{w} + \hat{w} \sum_{i=1}^{n} x_i^{2} - \sum_{i=1}^{n} x_i y_i = 0$$" in slope
    rate = word(pinned(kind, *RATE)).parts[2].solution
    assert r"$$\sum_{i=1}^{n} x_i - \frac{n}{\hat{\theta}} = 0$$" in rate


def test_slips_wear_the_hat_of_the_estimate(kind: ExerciseType) -> None:
    slips = {s.name: s.tex for s in pinned(kind, *RATE).slips if s.part == "b"}
    assert slips["sign of the derivative forgotten"] == r"\hat{\theta}^{2} x_k - \hat{\theta}"


def ranking_slips(instance: Instance) -> dict[str, int]:
    return {slip.name: slip.value for slip in instance.slips if slip.part == "e"}


SIGNED, LARGEST = "sign of the influence not ignored", "largest $x_i$ in size instead of largest influence"


def test_slips_of_the_ranking_by_hand(kind: ExerciseType) -> None:
    # Influences 1/8, 1/16 and -3/16: the third is largest in size, the first largest, and x_3 the largest input.
    assert ranking_slips(pinned(kind, *RATE)) == {SIGNED: 1}
    # Mean 6, influences -4, -7, 3, 8: the last is largest in every sense.
    assert ranking_slips(pinned(kind, "mean", [2, -1, 9, 14], 2)) == {}
    # Mean 6, influences -5, 2 and 3: the first is largest in size, the third has the largest influence and input.
    assert ranking_slips(pinned(kind, "mean", [1, 8, 9], 2)) == {SIGNED: 3, LARGEST: 3}
    # Mean -6, influences 5, -2 and -3: the first is largest, and the third input largest in size.
    assert ranking_slips(pinned(kind, "mean", [-1, -8, -9], 2)) == {LARGEST: 3}
