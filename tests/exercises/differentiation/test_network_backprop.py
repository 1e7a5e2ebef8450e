from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.errors import ConditionError, PinError
from generator.exercise import Instance, Registry, make_instance
from generator.exercises.differentiation.network_backprop import _hidden_links, _output_links
from generator.figure import Label
from generator.wording import word
from generator.working import num

SLUG = "differentiation/network-backprop"
SOURCE = {"x": [1, -1], "hidden_weights": [[4, 2], [1, 2]], "output_weights": [1, 1]}


def made(registry: Registry, key: str, level: Any = "medium", **pins: Any) -> Instance:
    return make_instance(registry.get(SLUG), key, level, pins)


def output(x: list[float], rows: list[list[float]], weights: list[float]) -> float:
    sums = [max(math.fsum(w * entry for w, entry in zip(row, x, strict=True)), 0.0) for row in rows]
    return math.fsum(1 / (1 + math.exp(-v * r)) for v, r in zip(weights, sums, strict=True))


def floats(values: Any) -> Any:
    return [floats(value) for value in values] if isinstance(values, list) else float(sympy.sympify(values))


def test_the_source_under_its_rounding_rule(registry: Registry) -> None:
    instance = made(registry, "s", **SOURCE)
    assert instance.waived == ()
    assert instance.parameters["sigmoid"] == "rounded"
    assert instance.parameters["active"] == ["True", "False"]
    assert [str(value) for value in instance.solution["a"].answer.values()] == ["2", "0", "0.9", "0.5", "1.4"]
    assert [str(value) for value in instance.solution["b"].answer.values()] == ["0.18", "0", "0.09", "0", "-0.09", "0"]


def test_the_source_without_rounding(registry: Registry) -> None:
    answer = made(registry, "s", **SOURCE, sigmoid="exact").solution["b"].answer
    slope = sympy.exp(-2) / (1 + sympy.exp(-2)) ** 2
    expected = {"dy/dv_1": 2 * slope, "dy/dw_{11}": slope, "dy/dw_{12}": -slope}
    for name, value in answer.items():
        assert sympy.simplify(value - expected.get(name, 0)) == 0


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_drawn_networks_agree_with_differences_of_floats(registry: Registry, level: str) -> None:
    for number in range(40):
        instance = made(registry, f"{number}/1/q", level)
        x, rows, weights = (floats(instance.parameters[name]) for name in ("x", "hidden_weights", "output_weights"))
        answer = instance.solution["b"].answer
        assert float(instance.solution["a"].answer["y"]) == pytest.approx(output(x, rows, weights), abs=1e-12)
        h = 1e-5
        for j, weight in enumerate(weights):
            above, below = ([*weights[:j], weight + d, *weights[j + 1 :]] for d in (h, -h))
            slope = (output(x, rows, above) - output(x, rows, below)) / (2 * h)
            assert float(answer[f"dy/dv_{j + 1}"]) == pytest.approx(slope, abs=1e-8)
            for k, entry in enumerate(rows[j]):
                moved = [[*rows[j][:k], entry + d, *rows[j][k + 1 :]] for d in (h, -h)]
                ends = [output(x, [*rows[:j], row, *rows[j + 1 :]], weights) for row in moved]
                assert float(answer[f"dy/dw_{{{j + 1}{k + 1}}}"]) == pytest.approx(
                    (ends[0] - ends[1]) / (2 * h), abs=1e-8
                )


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_the_pattern_of_active_units_is_kept(registry: Registry, level: str) -> None:
    for number in range(40):
        instance = made(registry, f"{number}/2/q", level)
        active = instance.parameters["active"]
        assert active.count("False") == (0 if level == "easy" else 1)
        relus = [value for name, value in instance.solution["a"].answer.items() if name.startswith("r")]
        assert [str(bool(value)) for value in relus] == active
        zeros = [name for name, value in instance.solution["b"].answer.items() if value == 0]
        assert len(zeros) == active.count("False") * (1 + len(instance.parameters["x"]))


def test_values_are_fractions_where_sigma_is_exact(registry: Registry) -> None:
    for number in range(30):
        answer = made(registry, f"{number}/3/q", "hard").solution["a"].answer
        assert all(isinstance(value, int | Fraction) for value in answer.values())


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_the_decimal_style_is_drawn_too(registry: Registry, level: str) -> None:
    for number in range(20):
        instance = made(registry, f"{number}/4/q", level, sigmoid="rounded")
        sigmoids = [value for name, value in instance.solution["a"].answer.items() if name.startswith("s")]
        assert all(Decimal("0.05") < value < Decimal("0.95") for value in sigmoids)
        assert all(value == value.quantize(Decimal("0.1")) for value in sigmoids)
        assert "rounded to one decimal" in word(instance).question


def test_a_pinned_pattern_is_drawn(registry: Registry) -> None:
    instance = made(registry, "s", "hard", active=[False, True, False])
    assert instance.parameters["active"] == ["False", "True", "False"]
    assert len(instance.parameters["hidden_weights"]) == 3


def test_slips_on_the_source(registry: Registry) -> None:
    slips = {slip.name: slip.value for slip in made(registry, "s", **SOURCE).slips if slip.part == "b"}
    names = ("dy/dv_1", "dy/dv_2", "dy/dw_{11}", "dy/dw_{21}", "dy/dw_{12}", "dy/dw_{22}")
    found = {name: [str(table[key]) for key in names] for name, table in slips.items()}
    assert found == {
        "derivative of an inactive ReLU taken as 1": ["0.18", "0", "0.09", "0.25", "-0.09", "-0.25"],
        "sign of the input dropped": ["0.18", "0", "0.09", "0", "0.09", "0"],
        r"derivative of $\sigma$ taken as $\sigma$ itself": ["1.8", "0", "0.9", "0", "-0.9", "0"],
    }


def test_the_inactive_slip_needs_an_inactive_unit(registry: Registry) -> None:
    names = {slip.name for slip in made(registry, "s", "easy").slips}
    assert "derivative of an inactive ReLU taken as 1" not in names
    assert "ReLU left out" not in names


@pytest.mark.parametrize(
    "pins",
    [
        {"x": []},
        {"x": [1, 2, 3, 4, 5]},
        {"x": ["1/2", 1]},
        {"hidden_weights": [[1, 2], [3]]},
        {"hidden_weights": 3},
        {"output_weights": [100]},
        {"active": ["yes"]},
        {"sigmoid": "decimal"},
    ],
)
def test_malformed_pins_are_refused(registry: Registry, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        made(registry, "s", **pins)


@pytest.mark.parametrize(
    "pins",
    [
        {"x": [1, 1], "hidden_weights": [[1, -1], [1, 2]]},
        {"x": [1, 2, 3], "hidden_weights": [[1, -1], [1, 2]]},
        {**SOURCE, "active": [True, True]},
        {**SOURCE, "output_weights": [1, 1, 1]},
        {"x": [0, 0]},
        {"active": [True], "output_weights": [1, 2]},
    ],
)
def test_impossible_pins_are_refused(registry: Registry, pins: dict[str, Any]) -> None:
    with pytest.raises(ConditionError):
        made(registry, "s", **pins)


def test_the_question_figure_gives_nothing_away(registry: Registry) -> None:
    instance = made(registry, "1/1/q")
    description = instance.exercise.figures(instance.solution)["network"].description
    assert "inactive" not in description


def test_the_links_of_the_chain_rule_are_derivatives() -> None:
    r, v, x, w = (sympy.Symbol(name, positive=True) for name in ("r", "v", "x", "w"))
    sigmoid = 1 / (1 + sympy.exp(-r * v))
    at = {"s_1": sigmoid, "r_1": r, "v_1": v, "x_2": x}
    expected = {("s_1", "v_1"): sigmoid.diff(v), ("s_1", "r_1"): sigmoid.diff(r), ("r_1", "w_{12}"): (w * x).diff(w)}
    for links in (_output_links(1), _hidden_links(1, 2, True)):
        assert links[0].top == "y"
        assert [link.bottom for link in links[:-1]] == [link.top for link in links[1:]]
        for link in links[1:]:
            value = link.formula(*(num(at[letter]) for letter in link.letters)).value()
            assert sympy.simplify(value - expected[link.top, link.bottom]) == 0
    assert _hidden_links(1, 2, False)[-1].formula().value() == 0


def test_the_chain_is_printed_as_it_is_worked_out(registry: Registry) -> None:
    solution = word(made(registry, "s", **SOURCE)).parts[1].solution
    assert (
        r"\frac{\partial y}{\partial w_{jk}} = \frac{\partial y}{\partial s_j} \cdot \frac{\partial s_j}{\partial r_j}"
        r" \cdot \frac{\partial r_j}{\partial w_{jk}} = s_j (1 - s_j) \, v_j \cdot \frac{\partial r_j}{\partial w_{jk}}"
    ) in solution
    assert (
        r"\frac{\partial y}{\partial w_{12}} &= s_1 (1 - s_1) \, v_1 \cdot x_2"
        r" = 0.9 \cdot (1 - 0.9) \cdot 1 \cdot (-1) = -0.09"
    ) in solution


def test_no_sigmoid_is_near_where_its_rounding_changes(registry: Registry) -> None:
    for number in range(15):
        instance = made(registry, f"{number}/5/q", "hard", sigmoid="rounded")
        relus = [int(value) for name, value in instance.solution["a"].answer.items() if name.startswith("r")]
        for relu, weight in zip(relus, floats(instance.parameters["output_weights"]), strict=True):
            tenths = 10 / (1 + math.exp(-weight * relu))
            assert abs(tenths - math.floor(tenths) - 0.5) >= 0.1
    # sigma(3) = 0.953 is next to 0.95.
    near = made(registry, "s", x=[1, -1], hidden_weights=[[4, 1], [1, 2]], output_weights=[1, 1], sigmoid="rounded")
    assert any("within 0.01" in text for text in near.waived)


def test_the_figure_names_the_units_as_the_tables_do(registry: Registry) -> None:
    instance = made(registry, "1/1/q", "hard")
    sheets = instance.exercise.figures(instance.solution)
    for figure in sheets.values():
        shown = [element.tex for element in figure.elements if isinstance(element, Label)]
        units = [text for text in shown if re.fullmatch(r"[xrs]_\d|y", text)]
        assert units == ["x_1", "x_2", "x_3", "r_1", "r_2", "r_3", "s_1", "s_2", "s_3", "y"]
    # Unit j has the weights of row j and its value, and is dashed where that row is inactive.
    told = sheets["worked"].description
    answer, drawn = instance.solution["a"].answer, instance.parameters
    for j, row in enumerate(drawn["hidden_weights"], 1):
        assert f"r_{j}: {answer[f'r_{j}']};" in told
        for k, weight in enumerate(row, 1):
            assert f"x_{k} → r_{j} with weight w_{j}{k} = {weight.replace('-', '−')}" in told
    inactive = [f"r_{j}" for j, on in enumerate(drawn["active"], 1) if on == "False"]
    assert told.endswith(f"Inactive: {', '.join(inactive)}.")
