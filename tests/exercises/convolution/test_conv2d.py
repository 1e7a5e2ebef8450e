from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word

PLAIN = {"stride": 1, "padding": 0}
WEEKLY_INPUT = [[1, 2, -1, 1], [1, 0, 1, 0], [0, 1, 0, 2], [2, 1, 0, -1]]
WEEKLY_KERNEL = [[1, 0], [2, 1]]


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("convolution/conv2d")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


def answers(instance: Instance) -> list[Any]:
    return [np.array(part.answer).tolist() for part in instance.solution.parts]


def test_exercise_2_of_the_weekly_sheet(kind: ExerciseType) -> None:
    settings = [PLAIN, {"stride": 2, "padding": 0}, {"stride": 2, "padding": 1}]
    instance = pinned(kind, input=WEEKLY_INPUT, kernel=WEEKLY_KERNEL, settings=settings)
    assert answers(instance) == [
        [[3, 3, 1], [2, 2, 3], [5, 3, -1]],
        [[3, 1], [5, -1]],
        [[1, 3, 2], [0, 2, 4], [0, 1, -1]],
    ]
    assert not instance.waived


def test_problem_3_of_the_backpropagation_sheet(kind: ExerciseType) -> None:
    settings = [PLAIN, {"stride": 3, "padding": 1}]
    image, kernel = [[1, 0, 2], [2, 1, -1], [0, 0, 2]], [[1, -1], [0, 2]]
    # Worked by hand; the sheet prints no solution.
    assert answers(pinned(kind, "easy", input=image, kernel=kernel, settings=settings)) == [
        [[3, -4], [1, 6]],
        [[2, 0], [0, 2]],
    ]


def by_scipy(parameters: dict[str, Any], setting: dict[str, str]) -> Any:
    stride, padding, dilation = (int(setting[name]) for name in ("stride", "padding", "dilation"))
    images = [parameters["input"], *parameters["more_input"]]
    kernels = [parameters["kernel"], *parameters["more_kernels"]]
    slide = convolve2d if parameters["operation"] == "convolution" else correlate2d
    total: Any = int(parameters["bias"])
    for image, kernel in zip(images, kernels, strict=True):
        weights = np.array(kernel, dtype=int)
        spread = np.zeros([dilation * (size - 1) + 1 for size in weights.shape], dtype=int)
        spread[::dilation, ::dilation] = weights
        total = total + slide(np.pad(np.array(image, dtype=int), padding), spread, mode="valid")[::stride, ::stride]
    return total.tolist()


@pytest.mark.parametrize("level", LEVELS)
def test_draws_agree_with_scipy(kind: ExerciseType, level: Level) -> None:
    for number in range(60):
        instance = make_instance(kind, f"{number}/1/q", level)
        for answer, setting in zip(answers(instance), instance.parameters["settings"], strict=True):
            assert answer == by_scipy(instance.parameters, setting)


@pytest.mark.parametrize("operation", ["cross-correlation", "convolution"])
def test_channels_bias_and_convolution_agree_with_scipy(kind: ExerciseType, operation: str) -> None:
    for number in range(20):
        pins = {"more_input": [np.add.outer(range(4), [number % 3, 1, 0, 2]).tolist()]}
        instance = make_instance(kind, f"{number}/1/q", "medium", {**pins, "bias": -2, "operation": operation})
        for answer, setting in zip(answers(instance), instance.parameters["settings"], strict=True):
            assert answer == by_scipy(instance.parameters, setting)


def test_slips_of_a_hand_worked_layer(kind: ExerciseType) -> None:
    settings = [{"stride": 2, "padding": 1}]
    instance = pinned(kind, "easy", input=[[1, 2], [3, 5]], kernel=[[1, 0], [2, -1]], settings=settings)
    assert answers(instance) == [[[-1, 4], [0, 5]]]
    found = {slip.name: np.array(slip.value).tolist() for slip in instance.slips}
    assert found == {
        "kernel turned by 180 degrees": [[1, 0], [6, -5]],
        "zeros added on the top and the left only": [[-1]],
        "padding left out": [[2]],
        "stride used downwards only": [[-1, 0, 4], [0, 3, 5]],
    }


def test_slip_of_rounding_up_and_of_ignored_dilation(kind: ExerciseType) -> None:
    image = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3], [4, 5, 6, 7]]
    settings = [{"stride": 2, "padding": 0, "dilation": 2}]
    instance = pinned(kind, input=image, kernel=[[1, 1], [0, 1]], settings=settings, bias=1)
    assert answers(instance) == [[[1 + 3 + 2 + 1]]]
    found = {slip.name: np.array(slip.value).tolist() for slip in instance.slips}
    assert found["dilation ignored"] == [[1 + 2 + 6 + 1, 3 + 4 + 8 + 1], [9 + 1 + 5 + 1, 2 + 3 + 7 + 1]]
    assert found["size rounded up instead of down"] == [[7, 3 + 1], [9 + 2 + 1, 2 + 1]]


def test_a_true_convolution_is_told_from_a_kernel_left_unturned(kind: ExerciseType) -> None:
    pins: dict[str, Any] = {
        "input": WEEKLY_INPUT,
        "kernel": WEEKLY_KERNEL,
        "settings": [PLAIN],
        "operation": "convolution",
    }
    instance = pinned(kind, **pins)
    slip = next(slip for slip in instance.slips if slip.part == "a")
    assert slip.name == "kernel not turned"
    assert np.array(slip.value).tolist() == [[3, 3, 1], [2, 2, 3], [5, 3, -1]]


@pytest.mark.parametrize("level", LEVELS)
def test_no_drawn_kernel_is_its_own_turn(kind: ExerciseType, level: Level) -> None:
    for number in range(60):
        kernel = make_instance(kind, f"{number}/1/q", level).parameters["kernel"]
        assert [row[::-1] for row in kernel[::-1]] != kernel


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"input": []}, PinError),
        ({"input": [[1, 2], [3]]}, PinError),
        ({"input": [["x"]]}, PinError),
        ({"input": [[1] * 9]}, PinError),
        ({"kernel": [[1, 2, 3, 4, 5, 6]]}, PinError),
        ({"input": [[101, 2], [3, 4]]}, PinError),
        ({"input": [[99] * 6] * 6, "kernel": [[99, 99], [99, 98]], "settings": [PLAIN]}, ConditionError),
        ({"input": [[1] * 8], "settings": [{"stride": 1, "padding": 4}]}, ConditionError),
        ({"kernel": [[0, 0], [0, 0]]}, ConditionError),
        ({"input": [[1]], "kernel": [[1, 2], [3, 4]], "settings": [PLAIN]}, ConditionError),
        ({"settings": []}, PinError),
        ({"settings": [PLAIN, PLAIN]}, ConditionError),
        ({"settings": [{"stride": 0, "padding": 0}]}, PinError),
        ({"settings": [{"stride": 1}]}, PinError),
        ({"settings": [{**PLAIN, "groups": 2}]}, PinError),
        ({"more_input": [[[1, 2]]]}, ConditionError),
        ({"more_input": [[[1]]] * 3}, PinError),
        ({"operation": "deconvolution"}, PinError),
        ({"bias": "log(2)"}, PinError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        pinned(kind, **pins)


@pytest.mark.parametrize(
    "pins",
    [
        {},
        {"bias": 3},
        {"operation": "convolution"},
        {"more_input": [[[1, 2, 0, 1], [0, 1, 1, 2], [1, 0, 2, 1], [1, 1, 0, 3]]]},
    ],
)
def test_figures_stand_in_paragraphs_of_their_own(kind: ExerciseType, pins: dict[str, Any]) -> None:
    for part in word(pinned(kind, **pins)).parts:
        paragraphs = part.solution.split("\n\n")
        assert f"![](figure:patch-{part.id})" in paragraphs


def test_options_are_stated_in_the_question(kind: ExerciseType) -> None:
    assert "cross-correlation" in word(pinned(kind)).question
    assert "There is no bias" in word(pinned(kind)).question
    turned = word(pinned(kind, operation="convolution", bias=3)).question
    assert "turned by 180°" in turned
    assert "cross-correlation" not in turned
    assert "The bias $b = 3$ is added" in turned
    assert "dilation $d = 2$" in word(pinned(kind, "hard")).question
    more = [[[1, 2, 0, 1], [0, 1, 1, 2], [1, 0, 2, 1], [1, 1, 0, 3]]]
    assert "is the sum of what the channels give" in word(pinned(kind, more_input=more)).question
    assert "channels give" not in turned


def test_the_patch_worked_out_is_the_one_that_the_figure_marks(kind: ExerciseType) -> None:
    settings = [{"stride": 2, "padding": 1}]
    image = [[1, 2, 0, 3], [0, 1, 1, 2], [4, 0, 2, 1], [5, 1, 0, 3]]
    instance = pinned(kind, input=image, kernel=[[1, 2], [3, -1]], settings=settings)
    rows = instance.solution["a"].work["rows"]
    assert rows == (r"Y_{2,2} &= 1 \cdot 1 + 2 \cdot 1 + 3 \cdot 0 + (-1) \cdot 2 = 1",)
    figure = instance.exercise.figures(instance.solution)["patch-a"]
    assert "row 2, column 2" in figure.description


def test_a_long_entry_is_broken_between_whole_rows_of_the_kernel(kind: ExerciseType) -> None:
    part = pinned(kind, "hard", kernel=[[1, 2, 3], [3, -1, 1], [2, 1, -2]]).solution["a"]
    rows = part.work["rows"]
    assert [row.count(r"\cdot") for row in rows] == [6, 3]
    assert " ".join(row.removeprefix(r"&\quad").strip() for row in rows) == part.work["entry"].aligned


def test_with_a_bias_or_several_channels_no_figure_claims_an_equation(kind: ExerciseType) -> None:
    more = [[[1, 2, 0, 1], [0, 1, 1, 2], [1, 0, 2, 1], [1, 1, 0, 3]]]
    for pins in ({"bias": 3}, {"more_input": more}, {"more_input": more, "operation": "convolution"}):
        instance = pinned(kind, **pins)
        for figure in instance.exercise.figures(instance.solution).values():
            assert "⋆" not in figure.description
            assert figure.description.count("kernel") >= len(instance.parameters["more_input"]) + 1


@pytest.mark.parametrize("level", LEVELS)
def test_all_draws_of_a_level_take_nearly_the_same_work(kind: ExerciseType, level: Level) -> None:
    counts = [make_instance(kind, f"{n}/1/w", level).solution.operations().total() for n in range(25)]
    assert max(counts) <= 1.05 * min(counts)


def test_zeros_that_no_patch_reaches_make_no_slip(kind: ExerciseType) -> None:
    image, settings = [[1, 2, 0], [0, 3, 1], [4, 1, 2]], [{"stride": 2, "padding": 1}]
    instance = pinned(kind, input=image, kernel=[[1, 2], [3, -1]], settings=settings)
    assert "zeros added on the top and the left only" not in {slip.name for slip in instance.slips}


def test_the_size_formula_has_a_dilation_only_where_there_is_one(kind: ExerciseType) -> None:
    plain, _, dilated = word(pinned(kind, "hard")).parts
    assert r"m_1 &= \left\lfloor \frac{n_1 + 2 p - k_1}{s} \right\rfloor + 1 = " in plain.solution
    assert "dilation" not in plain.solution
    assert r"m_2 &= \left\lfloor \frac{n_2 + 2 p - d (k_2 - 1) - 1}{s} \right\rfloor + 1 = " in dilated.solution


def test_variants_with_other_settings_or_kernels_follow_another_pattern(kind: ExerciseType) -> None:
    drawn = [make_instance(kind, f"{number}/1/q", "hard") for number in range(25)]
    for pattern in {instance.exercise.pattern() for instance in drawn}:
        alike = [instance for instance in drawn if instance.exercise.pattern() == pattern]
        assert len({str(instance.parameters["settings"]) for instance in alike}) == 1
        assert len({sum(map(len, instance.parameters["kernel"])) for instance in alike}) == 1
    assert 2 <= len({instance.exercise.pattern() for instance in drawn}) <= 4


def test_slips_of_padding_by_hand(kind: ExerciseType) -> None:
    # Padding left out: 2 * 2 patches of the bare input; the zeros on one side only: 3 * 3 of them.
    image, kernel = [[1, 2, 3], [4, 5, 7], [2, 1, 6]], [[1, 2], [0, -1]]
    instance = pinned(kind, "easy", input=image, kernel=kernel, settings=[{"stride": 1, "padding": 1}], bias=0)
    found = {slip.name: np.array(slip.value).tolist() for slip in instance.slips}
    assert found["padding left out"] == [[1 + 4 - 5, 2 + 6 - 7], [4 + 10 - 1, 5 + 14 - 6]]
    assert found["zeros added on the top and the left only"] == [[-1, -2, -3], [2 - 4, 0, 1], [8 - 2, 13, 13]]


@pytest.mark.parametrize("more", [{}, {"bias": 2}])
@pytest.mark.parametrize("level", LEVELS)
def test_the_figure_says_which_patch_gives_which_entry(kind: ExerciseType, level: Level, more: dict[str, int]) -> None:
    for number in range(4):
        instance = make_instance(kind, f"{number}/1/figures", level, more)
        figures = instance.exercise.figures(instance.solution)
        for part, setting in zip(instance.solution.parts, instance.parameters["settings"], strict=True):
            told = figures[f"patch-{part.id}"].description
            row, column = map(int, re.findall(r"output entry in row (\d+), column (\d+)", told)[0])
            marked = re.findall(r"Marked[^:]*: ([^.]*)\.", told)
            assert marked[-1] == f"row {row}, column {column}"
            # The patch begins at a multiple of the stride, and its entries times the kernel's are the output's.
            corner = tuple(map(int, re.findall(r"row (\d+), column (\d+)", marked[0])[0]))
            stride = int(setting["stride"])
            assert corner == ((row - 1) * stride + 1, (column - 1) * stride + 1)
            padding, kernel = int(setting["padding"]), np.array(instance.parameters["kernel"], dtype=int)
            image = np.pad(np.array(instance.parameters["input"], dtype=int), padding)
            cells = [tuple(map(int, cell)) for cell in re.findall(r"row (\d+), column (\d+)", marked[0])]
            products = [image[i - 1, j - 1] * weight for (i, j), weight in zip(cells, kernel.ravel(), strict=True)]
            expected = sum(products) + int(instance.parameters["bias"])
            assert np.array(part.answer)[row - 1, column - 1] == expected


def test_a_larger_kernel_and_a_setting_of_its_own_are_worth_a_point_more(kind: ExerciseType) -> None:
    points = {level: [part.points for part in pinned(kind, level).solution.parts] for level in LEVELS}
    assert points == {"easy": [3, 4], "medium": [3, 4, 4], "hard": [4, 5, 5]}
