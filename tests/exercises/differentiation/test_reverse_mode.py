from __future__ import annotations

import re
from typing import Any

import pytest
import sympy

from generator.errors import ConditionError, PinError
from generator.exercise import Instance, Registry, make_instance
from generator.wording import word

SLUG = "differentiation/reverse-mode"
TEXTBOOK = ["f_1 = exp(x)", "f_2 = f_1^2", "f_3 = f_1 + f_2", "f_4 = exp(f_3)", "f_5 = sin(f_3)", "y = f_4 + f_5"]


def made(registry: Registry, key: str, level: Any = "medium", **pins: Any) -> Instance:
    return make_instance(registry.get(SLUG), key, level, pins)


def function(steps: list[str]) -> Any:
    """The function by SymPy's own reading of the steps."""
    known: dict[str, Any] = {}
    for text in steps:
        name, right = text.replace("^", "**").split(" = ")
        known[name] = sympy.sympify(right).subs(known)
    return known[steps[-1].split(" = ")[0]]


def test_the_textbook_graph_gives_the_textbook_derivatives(registry: Registry) -> None:
    instance = made(registry, "s", steps=TEXTBOOK, at=0)
    assert instance.waived == ()
    f1, f3 = sympy.symbols("f_1 f_3")
    table = instance.solution["a"].answer
    assert list(table) == ["dy/df_5", "dy/df_4", "dy/df_3", "dy/df_2", "dy/df_1"]
    outer = sympy.exp(f3) + sympy.cos(f3)
    for found, expected in zip(table.values(), (1, 1, outer, outer, outer * (1 + 2 * f1)), strict=True):
        assert sympy.expand(found - expected) == 0
    assert sympy.simplify(instance.solution["b"].answer - sympy.diff(function(TEXTBOOK), "x")) == 0
    assert sympy.expand(instance.solution["c"].answer - 3 * (sympy.exp(2) + sympy.cos(2))) == 0


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_drawn_graphs_are_solved_as_sympy_solves_them(registry: Registry, level: str) -> None:
    shapes = set()
    for number in range(40):
        instance = made(registry, f"{number}/1/q", level)
        parameters = instance.parameters
        derivative = sympy.diff(function(parameters["steps"]), "x")
        at = sympy.sympify(parameters["at"])
        value = sympy.sympify(str(instance.solution["c"].answer))
        assert float(value) == pytest.approx(float(derivative.subs("x", at)), rel=1e-9, abs=1e-9)
        formula = sympy.sympify(str(instance.solution["b"].answer))
        assert float((formula - derivative).subs("x", at)) == pytest.approx(0, abs=1e-9)
        assert abs(float(value)) > 1e-9
        shapes.add(tuple((part.id, part.kind, part.points) for part in instance.solution.parts))
    assert len(shapes) == 1


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_every_level_has_a_fan_out_and_prints(registry: Registry, level: str) -> None:
    for number in range(15):
        instance = made(registry, f"{number}/2/q", level)
        right_sides = [text.split(" = ")[1] for text in instance.parameters["steps"]]
        uses = [sum(f"f_{n}" in side for side in right_sides) for n in range(1, len(right_sides))]
        assert max(uses) >= 2
        assert min(uses) >= 1
        worded = word(instance)
        assert "figure:graph" in worded.stem
        figures = instance.exercise.figures(instance.solution)
        assert set(figures) == {"graph", "worked"}


def test_the_question_figure_gives_nothing_away(registry: Registry) -> None:
    instance = made(registry, "1/1/q")
    assert "gradient" not in instance.exercise.figures(instance.solution)["graph"].description


def test_slips_are_what_they_say(registry: Registry) -> None:
    instance = made(registry, "s", steps=TEXTBOOK, at=0)
    values = [slip.value for slip in instance.slips if slip.part == "c"]
    e2, c2 = sympy.exp(2), sympy.cos(2)
    expected = [2 * e2 + 2 * c2, 3 * e2, 3 * e2 + 3]
    assert [sympy.expand(found - wanted) for found, wanted in zip(values, expected, strict=True)] == [0, 0, 0]


def test_slips_differ_in_value_from_the_answer(registry: Registry) -> None:
    for number in range(40):
        instance = made(registry, f"{number}/3/q", "hard")
        right = float(instance.solution["c"].answer)
        assert all(abs(float(slip.value) - right) > 1e-9 for slip in instance.slips if slip.part == "c")


@pytest.mark.parametrize(
    "pins",
    [
        {"steps": ["y = exp(x)"]},
        {"steps": ["f_1 = exp(x)", "y = f_2 + f_1"]},
        {"steps": ["f_1 = exp(x)", "y = sin(x)"]},
        {"steps": "f_1 = exp(x)"},
        {"steps": [1, 2]},
        {"steps": ["f_1 = abs(x)", "y = f_1^2"]},
        {"at": "pi"},
        {"at": 1000},
    ],
)
def test_malformed_pins_are_refused(registry: Registry, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        made(registry, "s", **pins)


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        (["f_1 = log(x)", "y = f_1^2"], -1),
        (["f_1 = 1/x", "y = f_1^2"], 0),
        (["f_1 = exp(x)", "f_2 = exp(f_1)", "y = exp(f_2)"], 20),
        (["f_1 = 123457/654321*x", *(f"f_{n} = f_{n - 1}^2" for n in range(2, 9)), "y = sin(f_8)"], 1),
        (["f_1 = x/0", "y = f_1^2"], 1),
    ],
)
def test_points_without_a_value_are_refused(registry: Registry, steps: list[str], at: int) -> None:
    with pytest.raises(ConditionError):
        made(registry, "s", steps=steps, at=at)


def test_pinned_steps_without_a_fan_out_are_taken_with_a_warning(registry: Registry) -> None:
    instance = made(registry, "s", steps=["f_1 = exp(x)", "y = f_1^2"], at=0)
    assert instance.solution["c"].answer == 2
    assert any("more than one step" in text for text in instance.waived)


def test_a_pinned_point_has_a_graph_drawn_around_it(registry: Registry) -> None:
    for at in (0, 1, 2, "log(3)", "1/2", 4, -1):
        assert made(registry, "s", at=at).parameters["at"] == str(at)


def test_pinned_steps_have_a_point_drawn_for_them(registry: Registry) -> None:
    instance = made(registry, "s", steps=TEXTBOOK)
    assert instance.parameters["steps"] == TEXTBOOK


def test_the_pattern_is_the_shape_of_the_graph(registry: Registry) -> None:
    patterns: dict[str, set[tuple[int, int]]] = {}
    for number in range(25):
        instance = made(registry, f"{number}/4/q", "easy")
        steps = [text.split(" = ")[1] for text in instance.parameters["steps"]]
        names = ["x", *(f"f_{n}" for n in range(1, len(steps)))]
        shared = sum(sum(bool(re.search(rf"\b{name}\b", step)) for step in steps) > 1 for name in names)
        patterns.setdefault(instance.exercise.pattern(), set()).add((len(steps), shared))
    assert len(patterns) == 2
    assert all(len(shapes) == 1 for shapes in patterns.values())


@pytest.mark.parametrize(
    ("steps", "at", "text"),
    [
        (["f_1 = exp(x)", "f_2 = f_1^2", "f_3 = 1/f_1", "f_4 = f_2*f_3", "y = f_1 + f_4"], 0, "same function"),
        (["f_1 = x^2", "f_2 = exp(f_1)", "f_3 = sqrt(f_1)", "y = f_2*f_3"], 2, "takes back"),
        (["f_1 = exp(x)", "f_2 = 3*f_1", "f_3 = log(f_2)", "y = f_2*f_3"], 0, "takes back"),
    ],
)
def test_idle_detours_are_not_drawn(registry: Registry, steps: list[str], at: int, text: str) -> None:
    assert any(text in waived for waived in made(registry, "s", steps=steps, at=at).waived)


def test_the_formula_in_x_comes_with_what_its_quantities_are(registry: Registry) -> None:
    steps = ["f_1 = exp(x)", "f_2 = 2*f_1", "f_3 = f_1 + f_2", "f_4 = exp(f_3)", "f_5 = 1/f_3", "y = f_4 + f_5"]
    solution = word(made(registry, "s", steps=steps, at=0)).parts[1].solution
    # The derivative, 3 (exp(f_3) - 1/f_3^2) exp(x), has no other quantity than f_3.
    assert r"in terms of $x$: $f_3 = 3 \exp(x)$. Any equal form" in solution


def test_only_functions_that_occur_are_explained(registry: Registry) -> None:
    plain = word(made(registry, "s", steps=["f_1 = x^2", "f_2 = 1/f_1", "y = f_1 + f_2"], at=2)).stem
    assert "natural logarithm" not in plain
    assert "radians" not in plain
    stem = word(made(registry, "s", steps=TEXTBOOK, at=0)).stem
    assert "Here $\\exp$ is the exponential function; angles are in radians." in stem


def test_the_sine_of_a_number_is_not_multiplied_bare(registry: Registry) -> None:
    steps = ["f_1 = x^2", "f_2 = 2*f_1", "f_3 = f_1*f_2", "y = cos(f_3)"]
    solution = word(made(registry, "s", steps=steps, at=-1)).parts[2].solution
    assert r"(- \sin 2) \cdot 2 + (- \sin 2) \cdot 2 = - 4 \sin 2" in solution


def test_the_formula_keeps_the_arguments_of_the_steps(registry: Registry) -> None:
    steps = ["f_1 = sqrt(x)", "f_2 = x - f_1", "f_3 = cos(f_2)", "f_4 = sin(f_2)", "y = f_3 + f_4"]
    tex = made(registry, "s", steps=steps, at=4).solution["b"].tex
    assert tex is not None
    assert r"x - \sqrt{x}" in tex
    assert r"\sqrt{x} - x" not in tex
