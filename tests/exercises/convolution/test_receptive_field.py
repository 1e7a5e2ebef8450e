from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError, UnknownNameError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word

SLUG = "convolution/receptive-field"


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get(SLUG)


def pinned(kind: ExerciseType, *layers: tuple[int, int, int], level: Level = "medium", **more: Any) -> Instance:
    given = [{"kernel": kernel, "stride": stride, "dilation": dilation} for kernel, stride, dilation in layers]
    return make_instance(kind, "1/1/q", level, {"layers": given, "dimensions": 1, **more})


@pytest.mark.parametrize(
    ("layers", "sizes"),
    [
        ([(3, 1, 1)] * 3, (3, 5, 7)),
        ([(7, 1, 1)] * 3, (7, 13, 19)),
        ([(5, 2, 1), (3, 1, 1), (5, 1, 2)], (5, 9, 25)),
    ],
)
def test_problems_4_to_6_of_the_homework(
    kind: ExerciseType, layers: list[tuple[int, int, int]], sizes: tuple[int, ...]
) -> None:
    instance = pinned(kind, *layers)
    assert tuple(instance.solution["b"].answer.values()) == sizes
    assert not instance.waived


def touched(rows: list[tuple[int, int, int]], dimensions: int) -> tuple[int, int]:
    """Extent and step of the last layer, by sending random positive signals backwards through the layers' matrices."""
    length = 1
    for kernel, stride, dilation in reversed(rows):
        length = (length + 1 - 1) * stride + dilation * (kernel - 1) + 1 + stride
    reach = np.eye(length)
    for kernel, stride, dilation in rows:
        below = len(reach)
        count = (below - dilation * (kernel - 1) - 1) // stride + 1
        matrix = np.zeros((count, below))
        for unit in range(count):
            matrix[unit, [unit * stride + dilation * tap for tap in range(kernel)]] = 1
        reach = (matrix @ reach > 0).astype(float)
    first, second = np.flatnonzero(reach[0]), np.flatnonzero(reach[1])
    if dimensions == 2:
        square = np.outer(reach[0], reach[0])
        assert np.count_nonzero(square) == len(first) ** 2
    return int(first[-1] - first[0]) + 1, int(second[0] - first[0])


@pytest.mark.parametrize("level", LEVELS)
def test_draws_are_those_of_layers_that_really_run(kind: ExerciseType, level: Level) -> None:
    for number in range(60):
        instance = make_instance(kind, f"{number}/1/q", level)
        drawn = instance.parameters
        rows = [(int(row["kernel"]), int(row["stride"]), int(row["dilation"])) for row in drawn["layers"]]
        for depth in range(1, len(rows) + 1):
            size, stride = touched(rows[:depth], int(drawn["dimensions"]))
            assert instance.solution["b"].answer[f"r_{depth}"] == size <= 100
            assert instance.solution["a"].answer[f"j_{depth}"] == stride
        if level == "hard":
            stack = {name: int(value) for name, value in drawn["stack"].items()}
            grown = [(stack["kernel"], stack["stride"], stack["dilation_factor"] ** below) for below in range(30)]
            sizes = (touched(grown[:depth], 1)[0] for depth in range(1, 30))
            first = next(depth for depth, size in enumerate(sizes, 1) if size >= stack["target"])
            assert instance.solution["c"].answer == first


def test_levels_differ_in_depth_and_parts(kind: ExerciseType) -> None:
    found = {level: make_instance(kind, "1/1/q", level) for level in LEVELS}
    assert [len(instance.solution["a"].answer) for instance in found.values()] == [3, 4, 5]
    assert [instance.solution.part_ids for instance in found.values()] == [("a", "b"), ("a", "b"), ("a", "b", "c")]


def test_slips_of_a_hand_worked_network(kind: ExerciseType) -> None:
    instance = pinned(kind, (3, 2, 1), (4, 3, 1), (2, 1, 2))
    assert instance.solution["b"].answer == {"r_1": 3, "r_2": 9, "r_3": 21}
    found = {(slip.part, slip.name): tuple(slip.value.values()) for slip in instance.slips}
    assert found == {
        ("a", "the layer's own stride only"): (2, 3, 1),
        ("b", "stride ignored"): (3, 6, 8),
        ("b", "the layer's own stride counted in"): (5, 23, 35),
        ("b", "dilation ignored"): (3, 9, 15),
        ("b", "kernel sizes added"): (3, 7, 9),
    }


def test_slips_appear_only_where_they_can_be_made(kind: ExerciseType) -> None:
    assert [slip.name for slip in pinned(kind, (3, 1, 1), (3, 1, 1)).slips] == ["kernel sizes added"]


@pytest.mark.parametrize(
    ("stack", "depth", "wrong"),
    [
        ({"kernel": 3, "target": 20}, 10, {"kernel sizes added": 7, "number of layers rounded down": 9}),
        ({"kernel": 3, "target": 21}, 10, {"kernel sizes added": 7}),
        ({"kernel": 2, "target": 17, "dilation_factor": 2}, 5, {"growth from layer to layer ignored": 16}),
        ({"kernel": 3, "target": 16, "stride": 2}, 4, {"growth from layer to layer ignored": 8}),
    ],
)
def test_depth_by_hand(kind: ExerciseType, stack: dict[str, int], depth: int, wrong: dict[str, int]) -> None:
    instance = pinned(kind, (3, 1, 1), stack=stack)
    assert instance.solution["c"].answer == depth
    assert {slip.name: slip.value for slip in instance.slips if slip.part == "c"} == wrong
    assert f"L = {depth}" in word(instance).parts[2].solution


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"layers": []}, PinError),
        ({"layers": [{"stride": 2}]}, PinError),
        ({"layers": [{"kernel": 0}]}, PinError),
        ({"layers": [{"kernel": 3, "stride": 0}]}, PinError),
        ({"layers": [{"kernel": 3, "kind": "dense"}]}, PinError),
        ({"layers": [{"kernel": 3}] * 9}, PinError),
        ({"layers": [{"kernel": 100, "stride": 100}] * 8}, ConditionError),
        ({"dimensions": 3}, PinError),
        ({"stack": {"kernel": 1, "target": 5}}, PinError),
        ({"stack": {"kernel": 3, "target": 10**6}}, PinError),
        ({"kernels": [3]}, UnknownNameError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make_instance(kind, "1/1/q", "hard", pins)


def test_gaps_are_allowed_where_the_instructor_wants_them(kind: ExerciseType) -> None:
    instance = pinned(kind, (3, 1, 2), (3, 1, 1))
    assert instance.solution["b"].answer == {"r_1": 5, "r_2": 7}
    assert instance.waived == ("no unit skips an input inside its receptive field",)


def test_the_largest_pins_finish(kind: ExerciseType) -> None:
    instance = pinned(kind, *[(100, 1, 1)] * 8, stack={"kernel": 2, "target": 1000})
    assert instance.solution["b"].answer["r_8"] == 793
    assert instance.solution["c"].answer == 999


def test_the_sheet_tells_the_size_of_nothing_that_is_asked(kind: ExerciseType) -> None:
    instance = pinned(kind, (5, 2, 1), (3, 1, 1), (5, 1, 2))
    assert "25" not in word(instance).question
    assert "figure:" not in word(instance).question


def test_the_key_draws_what_can_be_drawn(kind: ExerciseType) -> None:
    small = pinned(kind, (5, 2, 1), (3, 1, 1), (5, 1, 2))
    figure = small.exercise.figures(small.solution)["field"]
    assert "25 units of x" in figure.description
    assert "![](figure:field)" in word(small).parts[1].solution.split("\n\n")
    for large in (pinned(kind, *[(31, 1, 1)] * 4), pinned(kind, (3, 100, 1))):
        assert not large.exercise.figures(large.solution)
        assert "figure:" not in word(large).parts[1].solution


@pytest.mark.parametrize(
    ("stack", "form"),
    [
        ({"kernel": 3, "target": 20}, r"1 + \sum_{l=1}^{L} (k - 1) = 1 + L (k - 1)"),
        (
            {"kernel": 3, "target": 20, "stride": 2},
            r"1 + \sum_{l=1}^{L} (k - 1) \, 2^{l - 1} = 1 + (k - 1) (2^{L} - 1)",
        ),
        (
            {"kernel": 3, "target": 90, "stride": 2, "dilation_factor": 2},
            r"1 + \sum_{l=1}^{L} (k - 1) \, 4^{l - 1} = 1 + (k - 1) \, \frac{4^{L} - 1}{3}",
        ),
    ],
)
def test_the_size_of_a_stack_has_a_closed_form(kind: ExerciseType, stack: dict[str, int], form: str) -> None:
    worded = word(pinned(kind, (3, 1, 1), stack=stack))
    assert f"$$r'_L = {form}$$" in worded.parts[2].solution
    # The other network has names of its own.
    assert "r_1" not in worded.parts[2].solution
    assert "two times" not in worded.question


def test_dimensions_and_the_kind_of_stack_decide_the_pattern(kind: ExerciseType) -> None:
    drawn = [make_instance(kind, f"{number}/1/q", "hard") for number in range(30)]
    patterns = {instance.exercise.pattern() for instance in drawn}
    assert 4 <= len(patterns) <= 6
    for instance in drawn:
        assert instance.exercise.pattern().startswith(f"{instance.parameters['dimensions']}D")
        assert ("equal" in instance.exercise.pattern()) == ("bound" in instance.solution["c"].work)
    assert {make_instance(kind, f"{number}/1/q", "easy").exercise.pattern() for number in range(5)} == {"1D"}
