from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.errors import ConditionError, PinError
from generator.exercise import Instance, Registry, make_instance
from generator.wording import word
from generator.working import lines_in

SLUG = "likelihood/loss-graph-step"
SOURCE = {"loss": "absolute", "w": [1, -1], "x": 2, "y": -1, "learning_rate": "1/4"}


def made(registry: Registry, key: str, level: Any = "medium", **pins: Any) -> Instance:
    return make_instance(registry.get(SLUG), key, level, pins)


def loss(name: str, w: list[Any], x: list[Any], y: Any) -> Any:
    """The loss written down for SymPy, from its definition."""
    z = sum(weight * entry for weight, entry in zip(w, [*x, 1], strict=True))
    r = y - z
    return {
        "absolute": lambda: sympy.Abs(r),
        "squared": lambda: r**2,
        "huber": lambda: r**2 / 2 if abs(r) <= 2 else 2 * sympy.Abs(r) - 2,
        "logistic": lambda: sympy.log(1 + sympy.exp(-y * z)),
    }[name]()


def test_the_source(registry: Registry) -> None:
    instance = made(registry, "s", "easy", **SOURCE)
    assert instance.waived == ()
    answers = {part.id: part.answer for part in instance.solution.parts}
    assert answers["b"] == {"z": 1, "r": -2, "L": 2}
    assert answers["c"]["value"] == (2, 1)
    assert answers["d"]["value"] == (Fraction(1, 2), Fraction(-5, 4))
    assert answers["e"] == Fraction(3, 4)


def test_a_single_input_may_be_a_list(registry: Registry) -> None:
    alone, listed = (made(registry, "s", "easy", **(SOURCE | {"x": x})) for x in (2, [2]))
    assert alone.exercise == listed.exercise


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_drawn_steps_from_the_definition(registry: Registry, level: str) -> None:
    losses = set()
    for number in range(30):
        instance = made(registry, f"{number}/1/q", level)
        found = instance.parameters
        losses.add(found["loss"])
        w, x = ([sympy.sympify(text) for text in found[name]] for name in ("w", "x"))
        y, rate = sympy.sympify(found["y"]), sympy.sympify(found["learning_rate"])
        before = loss(found["loss"], w, x, y)
        h = sympy.Rational(1, 10**8)
        slopes = []
        for place in range(len(w)):
            ends = [loss(found["loss"], [*w[:place], w[place] + d, *w[place + 1 :]], x, y) for d in (h, -h)]
            slopes.append(sympy.N((ends[0] - ends[1]) / (2 * h), 30))
        answers = {part.id: part.answer for part in instance.solution.parts}
        assert float(answers["b"]["L"]) == pytest.approx(float(before))
        assert [float(value) for value in answers["c"]["value"]] == pytest.approx([float(v) for v in slopes], abs=1e-7)
        new = [weight - rate * slope for weight, slope in zip(w, slopes, strict=True)]
        assert [float(value) for value in answers["d"]["value"]] == pytest.approx([float(v) for v in new], abs=1e-7)
        assert float(answers["e"]) == pytest.approx(float(loss(found["loss"], new, x, y)), abs=1e-6)
        assert 0 < float(answers["e"]) < float(before)
        assert word(instance).points == 15
    assert losses == {"easy": {"absolute", "squared"}, "medium": {"absolute", "squared", "huber"}}.get(
        level, {"huber", "logistic"}
    )


def test_logistic_values_are_exact(registry: Registry) -> None:
    pins = {"loss": "logistic", "w": ["log(2)", "log(3)"], "x": [1], "y": -1, "learning_rate": "1/2"}
    answers = {part.id: part.answer for part in made(registry, "s", "hard", **pins).solution.parts}
    # z = ln 6, so p = exp(z) = 6 and the derivative by z is 6/7.
    assert answers["b"]["z"] == sympy.log(6)
    assert (answers["b"]["p"], answers["b"]["s"], answers["b"]["L"]) == (6, 7, sympy.log(7))
    assert answers["c"]["value"] == (Fraction(6, 7), Fraction(6, 7))
    expected = sympy.log(1 + 6 * sympy.exp(-sympy.Rational(6, 7)))
    assert float(answers["e"]) == pytest.approx(float(expected))


@pytest.mark.parametrize(("y", "value", "slope"), [(2, Fraction(1, 2), -1), (5, 6, -2)])
def test_both_rules_of_the_huber_loss(registry: Registry, y: int, value: Any, slope: int) -> None:
    instance = made(registry, "s", loss="huber", w=[1, -1], x=2, y=y, learning_rate="1/8")
    assert instance.solution["b"].answer["L"] == value
    assert instance.solution["c"].answer["value"] == (2 * slope, slope)


def test_printed_expressions_are_the_recorded_ones(registry: Registry) -> None:
    y, z, x = sympy.symbols("y z xbar")
    for name, expected in {
        "absolute": (-sympy.sign(y - z) * x, r"-\operatorname{sign}(y - z) \bar{x}"),
        "squared": (-2 * (y - z) * x, r"-2 (y - z) \bar{x}"),
        "logistic": (-y * x / (1 + sympy.exp(y * z)), r"-\frac{y}{1 + e^{y z}} \bar{x}"),
    }.items():
        part = made(registry, "s", "hard", loss=name).solution["c"]
        assert sympy.expand(part.answer["expression"] - expected[0]) == 0
        assert part.tex is not None
        assert part.tex.startswith(rf"\frac{{\partial L}}{{\partial w}} = {expected[1]} = ")


def test_slips_on_the_source(registry: Registry) -> None:
    slips = {(slip.part, slip.name): slip.value for slip in made(registry, "s", "easy", **SOURCE).slips}
    assert slips["b", "the constant 1 forgotten"] == {"z": 2, "r": -3, "L": 3}
    assert slips["c", "sign of the residual turned"]["value"] == (-2, -1)
    assert slips["c", "the constant 1 forgotten in the gradient"]["value"] == (2, 0)
    assert slips["d", "step uphill"]["value"] == (Fraction(3, 2), Fraction(-3, 4))
    assert slips["d", "learning rate forgotten"]["value"] == (-1, -2)
    assert slips["d", "the constant 1 forgotten in the gradient"]["value"] == (Fraction(1, 2), -1)
    assert slips["e", "step uphill"] == Fraction(13, 4)
    assert slips["e", "learning rate forgotten"] == 3


@pytest.mark.parametrize(
    "pins",
    [
        {"loss": "hinge"},
        {"w": [1]},
        {"w": [1, 100]},
        {"x": []},
        {"x": "log(2)"},
        {"x": {"a": 1}},
        {"learning_rate": -1},
        {"y": "one"},
    ],
)
def test_malformed_pins_are_refused(registry: Registry, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        made(registry, "s", **pins)


@pytest.mark.parametrize(
    "pins",
    [
        SOURCE | {"y": 1},
        SOURCE | {"w": [1, 2, 3]},
        SOURCE | {"learning_rate": 0},
        SOURCE | {"w": ["log(2)", 1]},
        {"loss": "huber", "w": [1, -1], "x": [2], "y": 3},
        {"loss": "logistic", "y": 2},
        {"loss": "logistic", "w": ["log(3)", "log(2)"], "x": ["1/2"]},
        {"loss": "logistic", "w": [20, 20], "x": [20]},
    ],
)
def test_impossible_pins_are_refused(registry: Registry, pins: dict[str, Any]) -> None:
    with pytest.raises(ConditionError):
        made(registry, "s", **pins)


def test_the_drawing_is_for_the_key(registry: Registry) -> None:
    for level in ("easy", "medium", "hard"):
        worded = word(made(registry, "4/1/q", level))
        assert "figure:" not in worded.question
        assert "figure:graph" in worded.parts[0].solution


def shape(instance: Instance) -> tuple[tuple[str, int], ...]:
    """What the parts of a solution look like: their kinds and numbers of worked lines."""
    return tuple((part.kind, len(list(lines_in(part.work)))) for part in instance.solution.parts)


@pytest.mark.parametrize(("level", "count"), [("easy", 2), ("medium", 5), ("hard", 4)])
def test_the_pattern_tells_losses_and_hubers_rules(registry: Registry, level: str, count: int) -> None:
    instances = [made(registry, f"{number}/1/pattern", level) for number in range(60)]
    assert len({instance.exercise.pattern() for instance in instances}) == count
    shapes: dict[str, set[object]] = {}
    for instance in instances:
        shapes.setdefault(instance.exercise.pattern(), set()).add(shape(instance))
    assert all(len(found) == 1 for found in shapes.values())


def test_the_pattern_has_the_rule_before_and_after_the_step(registry: Registry) -> None:
    pins: dict[str, Any] = {"loss": "huber", "w": [1, -1], "x": 2, "learning_rate": "1/4"}
    # z = 1; the step moves the residual by 5/4 of its clipped size.
    assert made(registry, "s", **pins, y=4).exercise.pattern() == "loss=huber, residual=large then small"
    assert made(registry, "s", **pins, y=7).exercise.pattern() == "loss=huber, residual=large then large"


def test_slips_have_no_names_of_records_on_paper(registry: Registry) -> None:
    for loss in ("absolute", "squared", "huber", "logistic"):
        instance = made(registry, "names", "hard", loss=loss)
        printed = [str(slip.tex) for slip in instance.slips if slip.part in ("c", "d")]
        printed += [str(instance.solution[part].tex) for part in ("c", "d")]
        printed += [name for part in ("c", "d") for name in instance.solution[part].names.values()]
        assert all(r"\frac{\partial L}{\partial w}" in text or r"w^{\text{new}}" in text for text in printed)
        assert set(instance.solution["c"].names) == set(instance.solution["c"].answer)


def test_logarithms_are_put_together(registry: Registry) -> None:
    pins = {"loss": "logistic", "w": ["log(3)", "-log(4)"], "x": [1], "y": -1, "learning_rate": "1/2"}
    key = word(made(registry, "s", "hard", **pins)).parts[1].solution
    assert r"m &= y z = -1 \cdot \ln\frac{3}{4} = \ln\frac{4}{3}" in key


def test_a_gradient_in_other_names_than_asked_is_refused(registry: Registry) -> None:
    """Right at the values between, but the question wants y and z alone."""
    instance = made(registry, "k", loss="logistic")
    part = instance.solution["c"]
    exponential = sympy.exp(-sympy.Symbol("y") * sympy.Symbol("z"))
    between = part.answer["expression"].subs(exponential, sympy.exp(sympy.Symbol("m")))
    between = between.subs(sympy.exp(sympy.Symbol("y") * sympy.Symbol("z")), sympy.exp(-sympy.Symbol("m")))
    assert between != part.answer["expression"]
    changed = replace(part, answer={**part.answer, "expression": between})
    solution = replace(instance.solution, parts=tuple(changed if p.id == "c" else p for p in instance.solution.parts))
    assert not all(check.agreed for check in instance.exercise.check(solution) if check.part == "c")
    assert all(check.agreed for check in instance.exercise.check(instance.solution))
