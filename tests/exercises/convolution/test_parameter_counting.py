from __future__ import annotations

import contextlib
import io
import sys
import types
from math import prod
from typing import Any

import pytest

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word

NETWORK = [
    {"kind": "conv", "out": 4, "kernel": 3, "bias": False},
    {"kind": "batchnorm"},
    {"kind": "pool", "kernel": 2, "stride": 2},
    {"kind": "linear", "out": 5},
]


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("convolution/parameter-counting")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


def small(kind: ExerciseType, **more: Any) -> Instance:
    return pinned(kind, layers=NETWORK, channels=2, size=9, **more)


def test_vgg11_of_the_weekly_sheet(kind: ExerciseType) -> None:
    instance = pinned(kind, architecture="vgg11", precision="float32")
    assert instance.solution["b"].answer == 132_863_336
    table = instance.solution["a"].answer
    assert (table["conv1"], table["conv8"], table["fc1"]) == (1792, 2_359_808, 102_764_544)
    assert float(instance.solution["d"].answer) == pytest.approx(506.833, abs=0.001)
    assert not instance.waived
    assert "torchvision.models.vgg11(weights=None)" in word(instance).parts[2].solution


def test_a_small_network_by_hand(kind: ExerciseType) -> None:
    # 9 - 3 + 1 = 7, halved and rounded down 3: 4 * 3 * 3 = 36 inputs.
    instance = small(kind, precision="float16")
    assert instance.solution["a"].answer == {"conv1": 72, "bn1": 8, "fc1": 185}
    assert instance.solution["b"].answer == 265
    assert instance.solution["d"].answer * 2**20 == 530
    assert instance.solution["e"].answer == 72 * 49 + 180
    wrong = {(slip.part, slip.name): slip.value for slip in instance.slips}
    assert wrong["a", "biases forgotten"]["fc1"] == 180
    assert wrong["b", "biases forgotten"] == 260
    assert wrong["a", "only the channels counted when flattening"]["fc1"] == 25
    assert wrong["a", "input size not reduced"]["fc1"] == 5 * (4 * 81 + 1)
    assert wrong["a", "input channels forgotten in the kernels"]["conv1"] == 36
    assert wrong["a", "running mean and variance counted as learned"]["bn1"] == 16
    assert str(wrong["d", "megabytes of $10^6$ bytes"]) == "0.001"
    assert wrong["e", "every weight used once only"] == 252


def test_slips_appear_only_where_they_can_be_made(kind: ExerciseType) -> None:
    layers = [{"kind": "linear", "out": 3, "bias": False}, {"kind": "linear", "out": 2}]
    instance = pinned(kind, "easy", layers=layers, channels=4, size=1)
    assert instance.solution["a"].answer == {"fc1": 12, "fc2": 8}
    assert {slip.name for slip in instance.slips} == {"biases forgotten"}
    assert "vector of 4 numbers" in word(instance).question


class Module:
    """As much of PyTorch's modules as counting needs: arrays of parameters that know their shapes."""

    def __init__(self, *shapes: tuple[int, ...], inputs: int | None = None) -> None:
        self.shapes, self.inputs = shapes, inputs

    def parameters(self) -> list[Any]:
        return [types.SimpleNamespace(numel=lambda shape=shape: prod(shape)) for shape in self.shapes]


class Sequential(Module):
    def __init__(self, *layers: Module) -> None:
        super().__init__(*(shape for layer in layers for shape in layer.shapes))
        self.layers = layers

    def __iter__(self) -> Any:
        return iter(self.layers)


def fake_torch() -> types.ModuleType:
    def convolution(i: int, o: int, kernel_size: int, stride: int = 1, padding: int = 0, bias: bool = True) -> Module:
        assert stride >= 1
        assert padding >= 0
        return Module((o, i, kernel_size, kernel_size), *([(o,)] if bias else []))

    torch, nn = types.ModuleType("torch"), types.ModuleType("torch.nn")
    nn.__dict__.update(
        Conv2d=convolution,
        Linear=lambda i, o, bias=True: Module((o, i), *([(o,)] if bias else [])),
        BatchNorm2d=lambda c: Module((c,), (c,)),
        MaxPool2d=lambda kernel, stride, padding=0: Module(),
        ReLU=Module,
        Flatten=Module,
        Sequential=Sequential,
    )
    torch.__dict__["nn"] = nn
    return torch


@pytest.mark.parametrize("level", LEVELS)
def test_the_listing_runs_and_prints_the_answers(
    kind: ExerciseType, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "torch" not in sys.modules:
        monkeypatch.setitem(sys.modules, "torch", fake_torch())
    for number in range(10):
        instance = make_instance(kind, f"{number}/1/q", level)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(instance.solution["c"].work["code"], {})
        counts = [int(row.split()[-1]) for row in printed.getvalue().splitlines()]
        assert [count for count in counts[:-1] if count] == list(instance.solution["a"].answer.values())
        assert counts[-1] == instance.solution["b"].answer


def resolved(parameters: dict[str, Any]) -> tuple[list[int], int]:
    """Parameters per layer and products in all, by walking every kernel over every position."""
    channels, side = int(parameters["channels"]), int(parameters["size"])
    counts, products = [], 0
    for layer in parameters["layers"]:
        out, kernel, stride, padding = (int(layer[name]) for name in ("out", "kernel", "stride", "padding"))
        bias = out if layer["bias"] == "True" else 0
        if layer["kind"] in ("conv", "pool"):
            side = len(range(0, side + 2 * padding - kernel + 1, stride))
        if layer["kind"] == "conv":
            counts.append(channels * kernel * kernel * out + bias)
            products += channels * kernel * kernel * out * side * side
            channels = out
        elif layer["kind"] == "batchnorm":
            counts.append(channels + channels)
        elif layer["kind"] == "linear":
            counts.append(channels * side * side * out + bias)
            products += channels * side * side * out
            channels, side = out, 1
    return counts, products


@pytest.mark.parametrize("level", LEVELS)
def test_draws_counted_again(kind: ExerciseType, level: Level) -> None:
    for number in range(60):
        instance = make_instance(kind, f"{number}/1/q", level)
        counts, products = resolved(instance.parameters)
        assert list(instance.solution["a"].answer.values()) == counts
        assert instance.solution["b"].answer == sum(counts)
        assert [(part.id, part.points) for part in instance.solution.parts] == [
            ("a", 4), ("b", 1), ("c", 2), ("d", 2), ("e", 3),
        ][: 5 if level == "hard" else 3]  # fmt: skip
        if level == "hard":
            width = {"float32": 4, "float64": 8}[instance.parameters["precision"]]
            assert float(instance.solution["d"].answer) == sum(counts) * width / 2**20
            assert instance.solution["e"].answer == products


@pytest.mark.parametrize(
    "name", ["lenet5", "alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"]
)
def test_named_architectures_are_asked_without_warnings(kind: ExerciseType, name: str) -> None:
    instance = pinned(kind, "hard", architecture=name)
    assert not instance.waived
    counts, products = resolved(instance.parameters)
    assert instance.solution["b"].answer == sum(counts)
    assert instance.solution["e"].answer == products
    again = make_instance(kind, "2/1/q", "easy", instance.parameters)
    assert again.exercise == instance.exercise
    assert word(instance).question == word(again).question


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"architecture": "resnet50"}, PinError),
        ({"layers": []}, PinError),
        ({"layers": [{"kind": "attention"}]}, PinError),
        ({"layers": [{"kind": "conv", "kernel": 3}]}, ConditionError),
        ({"layers": [{"kind": "linear"}]}, ConditionError),
        ({"layers": [{"kind": "batchnorm"}]}, ConditionError),
        ({"layers": [{"kind": "pool", "kernel": 2}]}, ConditionError),
        ({"layers": [{"kind": "linear", "out": 3}, {"kind": "conv", "out": 3}]}, ConditionError),
        ({"layers": [{"kind": "conv", "out": 3, "kernel": 5}], "size": 4}, ConditionError),
        ({"layers": [{"kind": "pool", "kernel": 2, "padding": 2}, {"kind": "linear", "out": 3}]}, ConditionError),
        ({"architecture": "lenet5", "size": 28}, ConditionError),
        ({"precision": "int4"}, PinError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        pinned(kind, **pins)


def test_a_megabyte_of_a_million_bytes(kind: ExerciseType) -> None:
    # 132 863 336 parameters of 4 bytes are 531 453 344 bytes; a byte each, in 2^20 bytes, they are 126.708.
    instance = pinned(kind, architecture="vgg11", precision="float32")
    wrong = {slip.name: str(slip.value) for slip in instance.slips if slip.part == "d"}
    assert wrong == {"megabytes of $10^6$ bytes": "531.453", "one byte per parameter": "126.708"}


@pytest.mark.parametrize(("pins", "rows"), [({"layers": NETWORK, "channels": 2, "size": 9}, 13), ({}, 24)])
def test_the_program_has_a_ruled_line_for_each_of_its_lines(
    kind: ExerciseType, pins: dict[str, Any], rows: int
) -> None:
    # An import, two lines for the model's brackets, four that print, four layers, a ReLU and the flattening are 13;
    # VGG-11 would need more than a page has.
    space = pinned(kind, **(pins or {"architecture": "vgg11"})).solution["c"].space
    assert space is not None
    assert space.rows == rows


def test_memory_is_worked_out_in_bytes_before_mebibytes(kind: ExerciseType) -> None:
    solution = word(small(kind, precision="float16")).parts[3].solution
    assert r"B &= 265 \cdot 2 = 530" in solution
    assert solution.index("= 530") < solution.index(r"2^{20}")
