from __future__ import annotations

from typing import Any

import pytest
import sympy

from generator.errors import ConditionError, PinError
from generator.exercise import Instance, Registry, make_instance
from generator.wording import word

SLUG = "differentiation/forward-mode"
TEXTBOOK = ["f_1 = exp(x)", "f_2 = f_1^2", "f_3 = f_1 + f_2", "f_4 = exp(f_3)", "f_5 = sin(f_3)", "y = f_4 + f_5"]


def made(registry: Registry, key: str, level: Any = "medium", **pins: Any) -> Instance:
    return make_instance(registry.get(SLUG), key, level, pins)


def functions(steps: list[str]) -> dict[str, Any]:
    """Every quantity as a function of x, by SymPy's own reading of the steps."""
    known: dict[str, Any] = {}
    for text in steps:
        name, right = text.replace("^", "**").split(" = ")
        known[name] = sympy.sympify(right).subs(known)
    return known


def test_the_textbook_graph_gives_the_textbook_derivatives(registry: Registry) -> None:
    instance = made(registry, "s", steps=TEXTBOOK, at=0)
    assert instance.waived == ()
    x, f1, f3 = sympy.symbols("x f_1 f_3")
    inner = (1 + 2 * f1) * sympy.exp(x)
    expected = (sympy.exp(x), 2 * f1 * sympy.exp(x), inner, sympy.exp(f3) * inner, sympy.cos(f3) * inner)
    table = instance.solution["a"].answer
    assert list(table) == ["df_1/dx", "df_2/dx", "df_3/dx", "df_4/dx", "df_5/dx"]
    for found, wanted in zip(table.values(), expected, strict=True):
        assert sympy.expand(found - wanted) == 0
    assert sympy.simplify(instance.solution["b"].answer - sympy.diff(functions(TEXTBOOK)["y"], "x")) == 0
    assert sympy.expand(instance.solution["c"].answer - 3 * (sympy.exp(2) + sympy.cos(2))) == 0


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_drawn_graphs_are_solved_as_sympy_solves_them(registry: Registry, level: str) -> None:
    shapes = set()
    for number in range(25):
        instance = made(registry, f"{number}/1/q", level)
        known = functions(instance.parameters["steps"])
        at = sympy.sympify(instance.parameters["at"])
        values = {name: expression.subs("x", at) for name, expression in known.items()} | {"x": at}
        for name, entry in instance.solution["a"].answer.items():
            quantity = name.removeprefix("d").removesuffix("/dx")
            slope = sympy.diff(known[quantity], "x").subs("x", at)
            assert float(sympy.sympify(str(entry)).subs(values)) == pytest.approx(float(slope), rel=1e-9, abs=1e-9)
        whole = sympy.diff(known["y"], "x").subs("x", at)
        assert float(sympy.sympify(str(instance.solution["c"].answer))) == pytest.approx(
            float(whole), rel=1e-9, abs=1e-9
        )
        assert word(instance).points == 10 + len(instance.solution["a"].answer)
        shapes.add(tuple((part.id, part.kind, part.points) for part in instance.solution.parts))
    assert len(shapes) == 1


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_reverse_mode_is_cheaper_for_drawn_layers(registry: Registry, level: str) -> None:
    for number in range(25):
        counts = made(registry, f"{number}/2/q", level).solution["d"].answer
        assert counts["reverse"] < counts["forward"] <= 100


def test_operation_counts_by_hand(registry: Registry) -> None:
    instance = made(registry, "s", sizes=[5, 4, 2, 1])
    assert instance.solution["d"].answer == {"forward": 50, "reverse": 28}
    slips = {slip.name: slip.value for slip in instance.slips if slip.part == "d"}
    assert slips["the two modes exchanged"] == {"forward": 28, "reverse": 50}
    assert slips["entries of all Jacobians counted"] == {"forward": 30, "reverse": 30}


def test_slips_are_what_they_say(registry: Registry) -> None:
    instance = made(registry, "s", steps=TEXTBOOK, at=0)
    values = [slip.value for slip in instance.slips if slip.part == "c"]
    e2, c2 = sympy.exp(2), sympy.cos(2)
    expected = [2 * e2 + 2 * c2, 3 * e2, 3 * e2 + 3]
    assert [sympy.expand(found - wanted) for found, wanted in zip(values, expected, strict=True)] == [0, 0, 0]


@pytest.mark.parametrize(
    "pins", [{"steps": ["y = exp(x)"]}, {"sizes": [3, 1]}, {"sizes": [3, 0, 1]}, {"sizes": ["1/2", 2, 1]}, {"at": "x"}]
)
def test_malformed_pins_are_refused(registry: Registry, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        made(registry, "s", **pins)


def test_points_without_a_value_are_refused(registry: Registry) -> None:
    with pytest.raises(ConditionError):
        made(registry, "s", steps=["f_1 = log(x)", "y = f_1^2"], at=0)


def test_variants_share_the_shape_of_the_graph(registry: Registry) -> None:
    chains: dict[str, set[int]] = {}
    for number in range(20):
        instance = made(registry, f"{number}/4/q", "medium")
        chains.setdefault(instance.exercise.pattern(), set()).add(len(instance.solution["a"].work["chains"]))
    assert 2 <= len(chains) <= 3
    assert all(len(lengths) == 1 for lengths in chains.values())


def test_the_formula_in_x_comes_with_what_its_quantities_are(registry: Registry) -> None:
    steps = ["f_1 = x^2", "f_2 = 2*f_1", "f_3 = f_1 + f_2", "f_4 = exp(f_3)", "f_5 = 1/f_3", "y = f_4 + f_5"]
    solution = word(made(registry, "s", steps=steps, at=-1)).parts[1].solution
    # The derivative, 6 x exp(f_3) - 6 x / f_3^2, has no other quantity than f_3.
    assert "in terms of $x$: $f_3 = 3 x^{2}$. Any equal form" in solution


def test_slips_are_printed_as_the_answers_are(registry: Registry) -> None:
    instance = made(registry, "s", steps=TEXTBOOK, at=0)
    slips = [slip for slip in instance.slips if slip.part in ("a", "b")]
    assert all(slip.tex is not None and "e^{f" not in slip.tex for slip in slips)
    dropped = next(slip.tex for slip in slips if slip.part == "a" and "f_1$ to $f_3" in slip.name)
    assert dropped is not None
    # Without the branch f_3 has the derivative of f_2 alone; f_1 and f_2 are right, and not shown.
    assert r"\frac{\partial f_3}{\partial x} &= 2 f_{1} \exp(x)" in dropped
    assert r"\partial f_2" not in dropped
