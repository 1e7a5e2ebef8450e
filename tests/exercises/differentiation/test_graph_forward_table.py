from __future__ import annotations

import re
from typing import Any

import networkx
import pytest

from generator.errors import ConditionError, PinError
from generator.exercise import Instance, Registry, make_instance
from generator.wording import word

SLUG = "differentiation/graph-forward-table"


def made(registry: Registry, key: str, level: Any = "medium", **pins: Any) -> Instance:
    return make_instance(registry.get(SLUG), key, level, pins)


def by_python(steps: list[str], at: int) -> dict[str, int]:
    """The values as Python computes them."""
    known: dict[str, Any] = {"x": at}
    for text in steps:
        name, right = text.replace("^", "**").split(" = ")
        # The steps come from the draw; reading them with Python is another way to the values.
        known[name] = eval(right, {"max": max, "min": min}, known)
    return {name: value for name, value in known.items() if name != "x"}


def test_a_pinned_graph_by_hand(registry: Registry) -> None:
    steps = [
        "f_1 = x + 1",
        "f_2 = f_1 + 1",
        "f_3 = f_1^2",
        "f_4 = f_2 + 2",
        "f_5 = min(f_3, f_4)",
        "f_6 = min(f_2, f_5)",
    ]
    instance = made(registry, "s", steps=[*steps, "y = max(f_6, f_4)"], at=1)
    assert list(instance.solution["a"].answer.values()) == [2, 3, 4, 5, 4, 3, 5]


@pytest.mark.parametrize(("level", "count"), [("easy", 5), ("medium", 7), ("hard", 9)])
def test_drawn_graphs_by_python(registry: Registry, level: str, count: int) -> None:
    for number in range(60):
        instance = made(registry, f"{number}/1/q", level)
        steps, at = instance.parameters["steps"], int(instance.parameters["at"])
        values = by_python(steps, at)
        assert instance.solution["a"].answer == values
        assert len(values) == count
        assert all(isinstance(value, int) and 0 < abs(value) <= 25 for value in values.values())
        assert any("max" in text for text in steps)
        assert any("min" in text for text in steps)


@pytest.mark.parametrize(("level", "most"), [("easy", 2), ("medium", 3), ("hard", 4)])
def test_no_drawn_step_is_idle(registry: Registry, level: str, most: int) -> None:
    for number in range(60):
        instance = made(registry, f"{number}/3/q", level)
        steps, values = instance.parameters["steps"], instance.solution["a"].answer.values()
        rights = [text.split(" = ")[1] for text in steps]
        assert len(set(rights)) == len(rights)
        assert sum(right.startswith(("max", "min")) for right in rights) <= most
        appearing = [int(instance.parameters["at"]), *values]
        assert max(map(appearing.count, appearing)) <= 2
        made_of = dict(text.split(" = ") for text in steps)
        for pair in (re.findall(r"x|f_\d+", right) for right in rights if right.startswith(("max", "min"))):
            for one, other in (pair, pair[::-1]) if len(pair) == 2 else ():
                # Else one could tell which is larger without their values.
                assert not re.fullmatch(rf"{other} [+-] \d+", made_of.get(one, ""))


def test_the_figure_tells_all_that_is_needed(registry: Registry) -> None:
    for number in range(15):
        instance = made(registry, f"{number}/2/q", "hard")
        description = instance.exercise.figures(instance.solution)["graph"].description
        for text in instance.parameters["steps"]:
            for constant in re.findall(r"(?<!_)\b\d+\b", text.replace("^2", "")):
                assert constant in description
        assert "labelled" not in description
        assert word(instance).points == 9


def test_slips_by_hand(registry: Registry) -> None:
    steps = ["f_1 = x + 1", "f_2 = f_1^2", "f_3 = max(x, f_2)", "f_4 = min(f_1, f_3)", "y = f_3 - f_4"]
    slips = {slip.name: list(slip.value.values()) for slip in made(registry, "s", steps=steps, at=2).slips}
    assert slips == {
        "maximum and minimum exchanged": [3, 9, 2, 3, -1],
        "square read as double": [3, 6, 6, 3, 3],
        "differences taken the other way round": [3, 9, 9, 3, -6],
    }


@pytest.mark.parametrize(
    "pins",
    [
        {"steps": ["f_1 = exp(x)", "y = f_1 + 1"]},
        {"steps": ["y = x + 1"]},
        {"steps": ["f_1 = x + 1", "y = x^2"]},
        {"at": "1/2"},
        {"at": 1000},
    ],
)
def test_malformed_pins_are_refused(registry: Registry, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        made(registry, "s", **pins)


def test_huge_values_are_refused(registry: Registry) -> None:
    steps = ["f_1 = x*999999", "f_2 = f_1^2", "f_3 = f_2^2", "y = f_3^2"]
    with pytest.raises(ConditionError):
        made(registry, "s", steps=steps, at=100)


def test_a_huge_slip_is_left_out(registry: Registry) -> None:
    steps = ["f_1 = x*1000", "f_2 = min(f_1, x)", "f_3 = f_2^2", "f_4 = f_3^2", "y = max(f_4, f_2)"]
    names = [slip.name for slip in made(registry, "s", steps=steps, at=3).slips]
    assert names == ["square read as double"]


def test_the_last_operation_is_said_to_give_the_output(registry: Registry) -> None:
    assert "the last operation, which has no name, gives $y$" in word(made(registry, "1/1/q", "easy")).question


def test_shared_quantities_decide_the_pattern(registry: Registry) -> None:
    steps = ["f_1 = x + 1", "f_2 = f_1^2", "f_3 = max(f_1, f_2)", "y = min(f_3, x)"]
    assert made(registry, "s", steps=steps, at=2).exercise.pattern() == "2 shared"
    assert made(registry, "s", steps=[*steps[:3], "y = f_3 - 1"], at=2).exercise.pattern() == "1 shared"


def test_no_drawn_graph_needs_crossing_edges(registry: Registry) -> None:
    # With one source and one sink this is so exactly if an edge from end to end leaves the graph planar (Platt 1976).
    for number in range(30):
        steps = made(registry, f"planar/{number}", "hard").parameters["steps"]
        edges = []
        for name, right in (text.split(" = ") for text in steps):
            edges += [(source, name) for source in re.findall(r"f_\d+|\bx\b", right)]
        planar, _ = networkx.check_planarity(networkx.Graph([*edges, ("x", name)]))
        assert planar
