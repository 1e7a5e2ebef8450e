from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.stats as st
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.notation import plain
from generator.wording import word
from generator.working import lines_in

TWO: dict[str, Any] = {"inputs": [[2], [-1]], "weights": [1, -1]}


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("likelihood/regression-noise-loss")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


def expression(instance: Instance, part: str) -> Any:
    return sympy.sympify(plain(instance.solution[part].answer))


def test_problem_1_of_the_backpropagation_sheet(kind: ExerciseType) -> None:
    """Laplace noise of scale 1; the sheet's sample (2, -1) and one more."""
    pins = TWO | {"noise": "laplace", "power": 2, "scale": "number", "scales": [1], "outputs": [-1, 2]}
    instance = pinned(kind, **pins)
    absolute = sympy.sympify("Sum(Abs(y(i) - w_1*x(i) - w_2), (i, 1, n))")
    assert expression(instance, "b") == absolute
    assert sympy.expand(expression(instance, "a") - absolute - sympy.sympify("n*log(2)")) == 0
    # |-1 - (2 - 1)| + |2 - (-1 - 1)|
    assert instance.solution["c"].answer == 6


@pytest.mark.parametrize(
    ("pins", "loss"),
    [
        ({"noise": "normal", "scale": "shared", "scales": [], "outputs": [-1, 2]}, 20),
        ({"noise": "normal", "scale": "own", "scales": [2, 4], "outputs": [-1, 2]}, 2),
        ({"noise": "laplace", "scale": "own", "scales": [4, 1], "outputs": [-1, 2]}, Fraction(9, 2)),
        ({"noise": "generalised-normal", "power": 4, "scale": "shared", "scales": [], "outputs": [-1, -1]}, 17),
        ({"noise": "generalised-normal", "power": 6, "scale": "number", "scales": [3], "outputs": [-1, -1]}, 65),
    ],
)
def test_losses_worked_by_hand(kind: ExerciseType, pins: dict[str, Any], loss: Any) -> None:
    assert pinned(kind, **({"power": 2} | TWO | pins)).solution["c"].answer == loss


def test_a_logistic_loss_worked_by_hand(kind: ExerciseType) -> None:
    pins: dict[str, Any] = {"noise": "logistic", "inputs": [[1], [-1]], "weights": ["log(2)", "log(3)"], "scales": [1]}
    # The residuals are ln(12/6) = ln 2 and ln((1/2)/(3/2)) = -ln 3.
    instance = pinned(kind, **pins, power=2, scale="number", outputs=["log(12)", "log(1/2)"])
    assert sympy.simplify(expression(instance, "c") - sympy.log(sympy.Rational(9, 2) * sympy.Rational(16, 3))) == 0
    assert plain(instance.solution["c"].answer) == "log(24)"


def real(values: Any) -> Any:
    return np.array(
        [
            [float(sympy.sympify(x)) for x in row] if isinstance(row, list) else float(sympy.sympify(row))
            for row in values
        ]
    )


@pytest.mark.parametrize("level", LEVELS)
def test_recorded_objectives_are_scipys_negative_log_likelihoods(kind: ExerciseType, level: Level) -> None:
    for seed in range(15):
        instance = make_instance(kind, f"{seed}/1/scipy", level)
        p = instance.parameters
        X, y, w = real(p["inputs"]), real(p["outputs"]), real(p["weights"])
        scale = real(p["scales"] * len(y) if p["scale"] == "number" else p["scales"] or ["1.3"] * len(y))
        predicted = X @ w[:-1] + w[-1]
        power = int(p["power"])
        density: Any = {
            "laplace": st.laplace(predicted, scale),
            "normal": st.norm(predicted, scale),
            "generalised-normal": st.gennorm(power, predicted, scale),
            "logistic": st.logistic(predicted, scale),
        }[p["noise"]]
        name = {"laplace": "b", "normal": "sigma", "generalised-normal": "a", "logistic": "s"}[p["noise"]]
        written = expression(instance, "a").subs(sympy.Symbol("n"), len(y)).doit()
        values: dict[Any, Any] = {sympy.Symbol(name): scale[0]}
        values |= {sympy.Symbol(f"w_{k}"): weight for k, weight in enumerate(w, 1)}
        for i in range(len(y)):
            values[sympy.Function("y")(i + 1)] = y[i]
            values |= {sympy.Function(name)(i + 1): scale[i]} if p["scale"] == "own" else {}
            for k in range(X.shape[1]):
                place = (i + 1,) if X.shape[1] == 1 else (i + 1, k + 1)
                values[sympy.Function("x")(*place)] = X[i, k]
        assert float(written.subs(values)) == pytest.approx(-float(np.sum(density.logpdf(y))))


@pytest.mark.parametrize("level", LEVELS)
def test_a_multiple_of_the_loss_is_not_the_one_asked_for(kind: ExerciseType, level: Level) -> None:
    instance = pinned(kind, level)
    doubled = replace(instance.solution["b"], answer=2 * instance.solution["b"].answer)
    parts = tuple(doubled if part.id == "b" else part for part in instance.solution.parts)
    checks = instance.exercise.check(replace(instance.solution, parts=parts))
    assert [check.part for check in checks if not check.agreed] == ["b"]


def test_levels_differ(kind: ExerciseType) -> None:
    noises = {
        level: {make_instance(kind, f"{n}/1/l", level).parameters["noise"] for n in range(30)} for level in LEVELS
    }
    assert noises["easy"] == {"laplace", "normal"}
    assert "generalised-normal" in noises["medium"]
    assert "logistic" in noises["hard"]


def test_slips(kind: ExerciseType) -> None:
    pins = TWO | {"noise": "laplace", "power": 2, "scale": "own", "scales": [4, 1], "outputs": [-1, 2]}
    slips = {(slip.part, slip.name): slip.value for slip in pinned(kind, **pins).slips}
    assert slips["c", "squared residuals"] == 20
    assert slips["c", "absolute values left out"] == Fraction(-2, 4) + 4
    assert slips["c", "scales left out"] == 6
    # Without the last weight the residuals are -3 and 3.
    assert slips["c", "constant 1 of the input forgotten"] == Fraction(3, 4) + 3
    assert "squared error out of habit" in {name for part, name in slips if part == "b"}


@pytest.mark.parametrize(
    ("pins", "part_of_message"),
    [
        ({"noise": "cauchy"}, "expected one of"),
        ({"noise": "generalised-normal", "power": 3}, "even"),
        ({"noise": "laplace", "power": 4}, "even"),
        ({"noise": "laplace", "scale": "own", "scales": [1]}, "entries"),
        ({"noise": "logistic", "scale": "shared"}, "number for its scale"),
        ({"noise": "laplace", "weights": ["log(2)", 1]}, "fractions"),
        ({"noise": "logistic", "weights": [1, 2]}, "logarithms"),
        (
            {"noise": "logistic", "scale": "number", "scales": [2], "outputs": ["log(2)", "log(3)", "log(5)"]},
            "logarithm",
        ),
        ({"inputs": [[1], [2, 3]]}, "weight for every input"),
        ({"inputs": [[1], [2]], "outputs": [1, 2, 3]}, "output"),
        ({"inputs": [[1.5], [2]]}, "integer"),
        ({"scales": [0]}, "from 1 to 100"),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], part_of_message: str) -> None:
    with pytest.raises((PinError, ConditionError), match=part_of_message):
        pinned(kind, "hard" if pins.get("noise") == "logistic" else "medium", **pins)


@pytest.mark.parametrize(("scale", "exponent"), [(1, "-r_i"), (2, "-r_i / 2")])
def test_the_form_of_the_logistic_loss_is_stated(kind: ExerciseType, scale: int, exponent: str) -> None:
    # Half of it, or its hyperbolic form, has the same minimum and another value.
    instance = pinned(kind, "hard", noise="logistic", scale="number", scales=[scale])
    assert rf"contains $2 \ln(1 + e^{{{exponent}}})$" in word(instance).parts[2].prompt


def shape(instance: Instance) -> tuple[tuple[str, int], ...]:
    """What the parts of a solution look like: their kinds and numbers of worked lines."""
    return tuple((part.kind, len(list(lines_in(part.work)))) for part in instance.solution.parts)


@pytest.mark.parametrize("level", LEVELS)
def test_the_pattern_tells_noise_and_scale(kind: ExerciseType, level: Level) -> None:
    instances = [make_instance(kind, f"{seed}/1/pattern", level) for seed in range(30)]
    setups = {i.exercise.pattern(): (i.parameters["noise"], i.parameters["scale"]) for i in instances}
    assert len(set(setups.values())) == len(setups) > 2
    shapes: dict[str, set[object]] = {}
    for instance in instances:
        shapes.setdefault(instance.exercise.pattern(), set()).add(shape(instance))
    assert all(len(found) == 1 for found in shapes.values())


@pytest.mark.parametrize("noise", ["laplace", "normal", "generalised-normal", "logistic"])
def test_every_noise_can_have_scales_of_its_own(kind: ExerciseType, noise: str) -> None:
    for seed in range(8):
        instance = make_instance(kind, f"{seed}/1/own", "hard", {"noise": noise, "scale": "own"})
        assert not instance.waived
        assert len(set(instance.parameters["scales"])) == 3
        loss = instance.solution["c"].answer
        if noise != "logistic":
            assert Fraction(loss).denominator <= 12
        assert word(instance).parts[2].solution


def test_contributions_to_a_logistic_loss_have_the_index_of_their_scale(kind: ExerciseType) -> None:
    pins = {
        "noise": "logistic",
        "scale": "own",
        "scales": [1, 2],
        "inputs": [[1], [1]],
        "weights": ["log(2)", "log(3)"],
        "outputs": ["log(12)", "log(24)"],
    }
    key = word(pinned(kind, "hard", **pins)).parts[2].solution
    # Residuals ln 2 and ln 4, which is twice ln 2: both contribute ln(9/2).
    assert r"\frac{r_2}{s_2} + 2 \ln\left(1 + \exp\left(-\frac{r_2}{s_2}\right)\right)" in key
    assert r"\frac{\ln 4}{2} + 2 \cdot \ln\left(1 + \frac{1}{2}\right) = \ln\frac{9}{2}" in key
    assert key.count(r"\ln\frac{81}{4}") == 2


def test_slips_stand_in_residuals(kind: ExerciseType) -> None:
    slips = {s.name: s for s in pinned(kind, noise="laplace", scale="shared").slips if s.part == "b"}
    squares = slips["squared error out of habit"]
    assert squares.tex == r"\sum_{i=1}^{n} r_i^{2}"
    assert "w_1*x(i, 1)" in str(squares.value)
