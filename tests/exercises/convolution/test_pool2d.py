from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word

SHEET = [[1, 0, 2], [2, 1, -1], [0, 0, 2]]


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("convolution/pool2d")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


def listed(values: Any) -> Any:
    return [[float(value) for value in row] for row in values]


@pytest.mark.parametrize(("stride", "output"), [(1, [[2, 2], [2, 2]]), (2, [[2]])])
def test_problem_3_of_the_backpropagation_sheet(kind: ExerciseType, stride: int, output: list[list[int]]) -> None:
    # The sheet prints no solution and no stride; both usual readings by hand.
    instance = pinned(kind, "easy", input=SHEET, window=2, stride=stride, padding=0, mode="max")
    assert listed(instance.solution["a"].answer) == output


def brute(parameters: dict[str, Any], image: np.ndarray) -> np.ndarray:
    """Every window walked over cell by cell."""
    window, stride, padding = (int(parameters[name]) for name in ("window", "stride", "padding"))
    rows, columns = ((length + 2 * padding - window) // stride + 1 for length in image.shape)
    output = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        seen = []
        for a, b in np.ndindex(window, window):
            row, column = i * stride + a - padding, j * stride + b - padding
            if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
                seen.append(image[row, column])
        norms = {"max": max(seen), "average": sum(seen) / window**2, "l2": sum(entry**2 for entry in seen) ** 0.5}
        output[i, j] = norms[parameters["mode"]]
    return output


@pytest.mark.parametrize("level", LEVELS)
def test_draws_agree_with_cell_by_cell_pooling_and_its_slopes(kind: ExerciseType, level: Level) -> None:
    for number in range(60):
        instance = make_instance(kind, f"{number}/1/q", level)
        assert not instance.waived
        drawn = instance.parameters
        image = np.array(drawn["input"], dtype=float)
        assert np.allclose(listed(instance.solution["a"].answer), brute(drawn, image))
        if level == "hard" and number < 25:
            upstream = np.array(drawn["gradient"], dtype=float)
            for i, j in np.ndindex(image.shape):
                step = np.zeros(image.shape)
                step[i, j] = 1e-5
                slope = ((brute(drawn, image + step) - brute(drawn, image - step)) * upstream).sum() / 2e-5
                assert float(instance.solution["b"].answer[i][j]) == pytest.approx(slope, abs=1e-5)


@pytest.mark.parametrize("level", LEVELS)
def test_parts_are_fixed_by_the_level(kind: ExerciseType, level: Level) -> None:
    for number in range(20):
        parts = make_instance(kind, f"{number}/1/q", level).solution.parts
        assert [(part.id, part.points) for part in parts] == [("a", 3), ("b", 4)][: 2 if level == "hard" else 1]


def test_drawn_gradients_are_whole_numbers(kind: ExerciseType) -> None:
    for number in range(40):
        routed = make_instance(kind, f"{number}/1/q", "hard").solution["b"].answer
        assert all(isinstance(entry, int) for row in routed for entry in row)


def test_slips_of_a_hand_worked_maximum(kind: ExerciseType) -> None:
    image, gradient = [[-1, -5, 2], [4, -3, 6], [-7, 1, 3]], [[2, -1], [3, 5]]
    instance = pinned(kind, input=image, window=2, stride=1, padding=0, mode="max", gradient=gradient)
    assert instance.solution["a"].answer == ((4, 6), (4, 6))
    assert instance.solution["b"].answer == ((0, 0, 0), (5, 0, 4), (0, 0, 0))
    found = {slip.name: listed(slip.value) for slip in instance.slips}
    assert found == {
        "signs ignored": [[5, 6], [7, 6]],
        "gradient handed to all entries of the window": [[2, 1, -1], [5, 9, 4], [3, 8, 5]],
        "gradient shared equally, as for a mean": [[0.5, 0.25, -0.25], [1.25, 2.25, 1], [0.75, 2, 1.25]],
        "overlapping windows overwrite instead of adding": [[0, 0, 0], [3, 0, 5], [0, 0, 0]],
    }


def test_slips_of_padding_and_stride(kind: ExerciseType) -> None:
    image = [[-1, -5], [4, -3]]
    largest = pinned(kind, input=image, window=2, stride=2, padding=1, mode="max")
    assert largest.solution["a"].answer == ((-1, -5), (4, -3))
    slips = {slip.name: listed(slip.value) for slip in largest.slips}
    assert slips["zeros of the padding taking part in the maximum"] == [[0, 0], [4, 0]]
    assert slips["stride ignored"] == [[-1, -1, -5], [4, 4, -3], [4, 4, -3]]
    mean = pinned(kind, input=image, window=2, stride=2, padding=1, mode="average")
    assert listed(mean.solution["a"].answer) == [[-0.25, -1.25], [1, -0.75]]
    slips = {slip.name: listed(slip.value) for slip in mean.slips}
    assert slips["padded entries left out of the count"] == [[-1, -5], [4, -3]]
    assert slips["sum not divided"] == [[-1, -5], [4, -3]]


def test_slips_of_the_norm(kind: ExerciseType) -> None:
    image = [[1, -2], [2, 4]]
    instance = pinned(kind, input=image, window=2, stride=2, padding=0, mode="l2", gradient=[[10]])
    assert instance.solution["a"].answer == ((5,),)
    assert instance.solution["b"].answer == ((2, -4), (4, 8))
    assert {slip.name: listed(slip.value) for slip in instance.slips} == {
        "root forgotten": [[25]],
        "absolute values added": [[9]],
        "not divided by the norm": [[10, -20], [20, 40]],
    }


def test_norms_that_are_no_whole_numbers_stay_exact(kind: ExerciseType) -> None:
    instance = pinned(
        kind, input=[[1, 1], [0, 1]], window=2, stride=1, padding=0, mode="l2", gradient=[[6]], level="hard"
    )
    assert str(instance.solution["a"].answer[0][0]) == "sqrt(3)"
    assert str(instance.solution["b"].answer[0][0]) == "2*sqrt(3)"


def test_ties_that_the_instructor_pins_are_settled_in_the_question(kind: ExerciseType) -> None:
    pins = {"input": [[3, 3], [1, 3]], "window": 2, "stride": 2, "padding": 0, "mode": "max", "gradient": [[7]]}
    instance = make_instance(kind, "1/1/q", "hard", pins)
    assert instance.solution["b"].answer == ((7, 0), (0, 0))
    assert "no window has its maximum twice" in instance.waived
    assert "first one in reading order" in word(instance).question


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"input": [[1] * 9]}, PinError),
        ({"input": [[1], [2, 3]]}, PinError),
        ({"window": 0}, PinError),
        ({"stride": "1/2"}, PinError),
        ({"mode": "median"}, PinError),
        ({"window": 2, "padding": 2}, ConditionError),
        ({"input": [[1, 2], [3, 4]], "window": 3, "padding": 0}, ConditionError),
        ({"gradient": [[1]]}, ConditionError),
        ({"gradient": [[1, 2], [3]]}, PinError),
        (
            {"input": [[0, 3]], "window": 1, "stride": 1, "padding": 0, "mode": "l2", "gradient": [[1, 1]]},
            ConditionError,
        ),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make_instance(kind, "1/1/q", "hard", pins)


@pytest.mark.parametrize("mode", ["max", "average", "l2"])
@pytest.mark.parametrize("level", LEVELS)
def test_every_mode_can_be_asked_at_every_level(kind: ExerciseType, level: Level, mode: str) -> None:
    instance = make_instance(kind, "1/1/q", level, {"mode": mode})
    assert not instance.waived
    figures = instance.exercise.figures(instance.solution)
    worded = word(instance)
    assert "![](figure:window)" in worded.parts[0].solution.split("\n\n")
    assert "figure:" not in worded.question
    assert ("receivers" in figures) == (mode == "max" and level == "hard")


def test_a_pinned_stride_that_leaves_roots_is_told(kind: ExerciseType) -> None:
    assert "no root is left in the output" in pinned(kind, "hard", mode="l2", stride=1).waived


SUM = "X_{1,1}^{2} + X_{1,2}^{2} + X_{2,1}^{2} + X_{2,2}^{2}"


@pytest.mark.parametrize(
    ("mode", "value", "slope"),
    [
        ("max", r"\max\{X_{1,1}, X_{1,2}, X_{2,1}, X_{2,2}\}", "1"),
        ("average", r"\frac{X_{1,1} + X_{1,2} + X_{2,1} + X_{2,2}}{4}", r"\frac{1}{4}"),
        ("l2", rf"\sqrt{{{SUM}}}", rf"\frac{{2 X_{{1,1}}}}{{2 \sqrt{{{SUM}}}}} = \frac{{X_{{1,1}}}}{{Y_{{1,1}}}}"),
    ],
)
def test_the_slope_of_the_window_at_hand_is_derived(kind: ExerciseType, mode: str, value: str, slope: str) -> None:
    pins = {"window": 2, "stride": 2, "padding": 0, "mode": mode, "gradient": [[5, 10]]}
    solution = word(pinned(kind, "hard", input=[[4, 2, 1, 2], [1, 2, -4, 2]], **pins)).parts[1].solution
    assert rf"$$Y_{{1,1}} = {value}, \qquad \frac{{\partial Y_{{1,1}}}}{{\partial X_{{1,1}}}} = {slope}$$" in solution


def test_the_entries_worked_out_are_those_of_the_answers(kind: ExerciseType) -> None:
    for number in range(40):
        instance = make_instance(kind, f"{number}/3/q", "hard")
        for part in instance.solution.parts:
            assert part.work["entry"].result == part.answer[part.work["row"]][part.work["column"]]


def test_the_mode_decides_the_pattern(kind: ExerciseType) -> None:
    drawn = [make_instance(kind, f"{number}/1/q", "medium") for number in range(40)]
    assert 3 <= len({instance.exercise.pattern() for instance in drawn}) <= 5
    for instance in drawn:
        mode, padding = instance.parameters["mode"], instance.parameters["padding"]
        assert instance.exercise.pattern().startswith(mode)
        assert instance.exercise.pattern().endswith(f"padding {padding}")
