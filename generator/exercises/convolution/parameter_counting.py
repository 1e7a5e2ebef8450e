"""The learned parameters of a network, layer by layer, with the memory and the operations that they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Self

import numpy as np

from generator.draw import Draw, Level
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
)
from generator.notation import rounded
from generator.solver import parameter_counts as counts
from generator.solver.architectures import ARCHITECTURES, Architecture, LayerPlan, Name
from generator.solver.convolution import window_size
from generator.solver.formula import letters_tex
from generator.solver.parameter_counts import Cost, costs
from generator.working import Line, Term, effort, line, num, total

Precision = Literal["float16", "float32", "float64"]
WIDTHS: Mapping[Precision, int] = {"float16": 2, "float32": 4, "float64": 8}
"""Bytes of a number."""
DRAWN_PRECISIONS: tuple[Precision, ...] = ("float32", "float64")
MEBIBYTE = 2**20
LONGEST_LISTING = 24
"""Ruled lines for a program, most of a page; a deeper network is built in a loop."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; a pooling layer has no ``out``, batch normalisation has nothing but its kind."""

    kind: Literal["conv", "pool", "batchnorm", "linear"]
    out: Annotated[int, Between(0, 10_000)] = 0
    kernel: Annotated[int, Between(1, 31)] = 1
    stride: Annotated[int, Between(1, 16)] = 1
    padding: Annotated[int, Between(0, 15)] = 0
    bias: bool = True


def _draw_network(d: Draw, level: Level) -> Architecture:
    """A fully connected network, a small convolutional one, or one with batch normalisation, by level."""
    if level == "easy":
        outs = (d.integer(6, 20), d.integer(4, 12), d.integer(2, 10))
        return Architecture(d.integer(4, 16), 1, tuple(LayerPlan("linear", out) for out in outs))
    kernel, padding = d.pick(((3, 0), (3, 1), (5, 0), (5, 2)))
    halving = LayerPlan("pool", kernel=2, stride=2)
    if level == "medium":
        body = (
            LayerPlan("conv", d.integer(4, 8), kernel, 1, padding),
            halving,
            LayerPlan("conv", d.integer(8, 16), 3, 1, d.integer(0, 1)),
            halving,
            LayerPlan("linear", d.integer(8, 20)),
        )
        return Architecture(d.pick((1, 3)), d.pick((12, 16, 20, 24)), (*body, LayerPlan("linear", d.integer(2, 10))))
    deeper = (
        # A bias before batch normalisation would be taken away again by the subtracted mean.
        LayerPlan("conv", d.integer(8, 16), kernel, 1, padding, bias=False),
        LayerPlan("batchnorm"),
        halving,
        LayerPlan("conv", d.integer(12, 24), 3, 2, 1, bias=False),
        LayerPlan("batchnorm"),
        LayerPlan("conv", d.integer(16, 32), 3, 1, 1),
        halving,
        LayerPlan("linear", d.integer(32, 60)),
        LayerPlan("linear", d.integer(2, 10)),
    )
    return Architecture(3, d.pick((24, 28, 32)), deeper)


@exercise(title="Counting the parameters of a network", source=("C3",))
@dataclass(frozen=True, slots=True)
class ParameterCounting(Exercise):
    """A network given layer by layer; ``precision`` asks for memory and operations as well.

    A pinned ``architecture`` sets the input and the layers; without one they are drawn, or pinned themselves.
    """

    architecture: Name | None
    channels: Annotated[int, Between(1, 10_000)]
    size: Annotated[int, Between(1, 512)]
    layers: Annotated[tuple[Layer, ...], Length(1, 60)]
    precision: Precision | None

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        architecture: Name | None = d.given("architecture", lambda: None)
        drawn = _draw_network(d, level)
        plan = drawn if architecture is None else ARCHITECTURES[architecture]
        return cls(
            architecture=architecture,
            channels=d.given("channels", lambda: plan.channels),
            size=d.given("size", lambda: plan.side),
            layers=d.given("layers", lambda: tuple(Layer(*astuple(layer)) for layer in plan.layers)),
            precision=d.given("precision", lambda: d.pick(DRAWN_PRECISIONS) if level == "hard" else None),
        )

    @property
    def flat(self) -> bool:
        """Whether the network is fully connected throughout."""
        return self.size == 1 and all(layer.kind == "linear" for layer in self.layers)

    @property
    def width(self) -> int:
        """Bytes of a stored parameter."""
        return WIDTHS[self.precision] if self.precision else 0

    @property
    def costs(self) -> tuple[Cost, ...]:
        """What every layer costs."""
        return tuple(costs(self.channels, self.size, self.layers))

    def conditions(self) -> Iterable[Condition]:
        for layer in self.layers:
            yield must("convolutions and fully connected layers have outputs", bool(layer.out) or not _counted(layer))
            sound = layer.kind != "pool" or 2 * layer.padding <= layer.kernel
            yield must("the padding of a pooling layer is at most half as wide as its window", sound)
        for before, layer in pairwise(self.layers):
            text = "after a fully connected layer come only fully connected layers"
            yield must(text, before.kind != "linear" or layer.kind == "linear")
        normed = [before.kind == "conv" for before, layer in pairwise(self.layers) if layer.kind == "batchnorm"]
        first = self.layers[0].kind != "batchnorm"
        yield must("batch normalisation comes right after a convolution", first and all(normed))
        yield must("every window fits into its feature map", all(cost.side for cost in self.costs))
        yield must("some layer has parameters", any(cost.parameters for cost in self.costs))
        if self.architecture is not None:
            plan = ARCHITECTURES[self.architecture]
            given = (self.channels, self.size, tuple(map(astuple, self.layers)))
            text = "a named architecture keeps its own input and layers"
            yield must(text, given == (plan.channels, plan.side, tuple(map(astuple, plan.layers))))

    def solve(self) -> Solution:
        found = self.costs
        counted = [(cost, layer) for cost, layer in zip(found, self.layers, strict=True) if cost.parameters]
        lines = tuple(_parameter_line(cost, layer) for cost, layer in counted)
        sides = tuple(_side_lines(found, self.layers))
        whole = sum(cost.parameters for cost in found)
        adding = line("P", total(cost.parameters for cost in found if cost.parameters))
        parts = [
            # Numbers of this size are worked out with a calculator, so the lines enter as TeX.
            Part(
                "a",
                "table",
                {cost.name: cost.parameters for cost, _ in counted},
                points=4,
                work={"lines": _tex(lines), "sides": _tex(sides)},
                extra_effort=effort((*lines, *sides)),
            ),
            Part("b", "integer", whole, points=1, work={"sum": adding.folded(8)}, extra_effort=adding.operations()),
            self._listing(),
        ]
        if self.precision:
            parts += self._expenses(whole, counted)
        names = tuple(cost.name for cost in found)
        return Solution(tuple(parts), {"names": names, "formulas": _formulas()})

    def _expenses(self, whole: int, counted: Sequence[tuple[Cost, Layer]]) -> tuple[Part, Part]:
        memory = line("M", num(whole) * self.width / (num(2) ** 20), places=3)
        lines = [_operation_line(cost, layer) for cost, layer in counted if cost.positions]
        count = sum(cost.operations for cost, _ in counted)
        adding = line("A", total(entry.result for entry in lines))
        rows = (*_tex(lines), *adding.folded(6))
        return (
            Part(
                "d",
                "number",
                Fraction(whole * self.width, MEBIBYTE),
                points=2,
                work={"bytes": line("B", num(whole) * self.width).aligned, "memory": memory.aligned},
                places=3,
                results=(memory,),
                extra_effort=memory.operations(),
            ),
            Part("e", "integer", count, points=3, work={"lines": rows}, extra_effort=effort((*lines, adding))),
        )

    def _listing(self) -> Part:
        program = tuple(_program(self.layers, self.costs, flat=self.flat))
        rows = min(sum(map(bool, program)), LONGEST_LISTING)
        code = "\n".join(program)
        return Part("c", "derivation", None, points=2, work={"code": code}, space=Space("lines", rows=rows))

    def check(self, solution: Solution) -> Iterable[Check]:
        route = "the sizes of arrays with the shapes of the weights"
        shapes = list(_shapes(self.channels, self.size, self.layers))
        sizes = [sum(_size(shape) for shape in weights) for weights, _ in shapes]
        found = {name: size for name, size in zip(solution.work["names"], sizes, strict=True) if size}
        yield agree("a", route, solution["a"].answer, found)
        yield agree("b", route, solution["b"].answer, sum(sizes))
        counted = [(cost, layer) for cost, layer in zip(self.costs, self.layers, strict=True) if cost.parameters]
        against = f"{route}, against the worked lines"
        worked = [_parameter_line(cost, layer).result for cost, layer in counted]
        yield agree("a", against, worked, [size for size in sizes if size])
        yield agree("a", "the sides in the counts, against the worked lines", *self._sides_worked())
        if self.precision:
            stored = sum(sizes) * np.dtype(self.precision).itemsize / 1024 / 1024
            yield agree("d", route, solution["d"].answer, stored)
            products = sum(_size((*weights[0], *positions)) for weights, positions in shapes if positions is not None)
            yield agree("e", route, solution["e"].answer, products)
            used = [_operation_line(cost, layer).result for cost, layer in counted if cost.positions]
            yield agree("e", against, sum(used), products)

    def _sides_worked(self) -> tuple[list[int], list[int]]:
        """What the worked lines say of the sizes of feature maps, and what the counts are made with."""
        lines = [entry.result for entry in _side_lines(self.costs, self.layers)]
        pairs = list(zip(self.costs, self.layers, strict=True))
        maps = [cost.side for cost, layer in pairs if layer.kind not in ("batchnorm", "linear")]
        inputs = [cost.fan_in for cost, layer in pairs if layer.kind == "linear"][:1]
        return lines, maps + inputs if lines else []

    def slips(self) -> Iterable[Slip]:
        found = self.costs
        if any(cost.biases for cost in found):
            yield from _in_all("biases forgotten", [replace(cost, biases=0) for cost in found])
        first = next((place for place, layer in enumerate(self.layers) if layer.kind == "linear"), None)
        if first is not None and not self.flat:
            for name, side in (("only the channels counted when flattening", 1), ("input size not reduced", self.size)):
                if side != found[first].side_in:
                    flattened = replace(found[first], fan_in=found[first].channels_in * side**2)
                    yield from _in_all(name, [*found[:first], flattened, *found[first + 1 :]])
        deep = [layer.kind == "conv" and cost.channels_in > 1 for layer, cost in zip(self.layers, found, strict=True)]
        if any(deep):
            shallow = [
                replace(cost, fan_in=cost.fan_in // cost.channels_in) if several else cost
                for cost, several in zip(found, deep, strict=True)
            ]
            yield from _in_all("input channels forgotten in the kernels", shallow)
        if any(cost.scales for cost in found):
            name = "running mean and variance counted as learned"
            yield from _in_all(name, [replace(cost, scales=2 * cost.scales) for cost in found])
        if self.precision:
            whole = sum(cost.parameters for cost in found)
            yield Slip("d", "megabytes of $10^6$ bytes", rounded(Fraction(whole * self.width, 10**6), 3))
            yield Slip("d", "one byte per parameter", rounded(Fraction(whole, MEBIBYTE), 3))
            if any(cost.positions > 1 for cost in found):
                yield Slip("e", "every weight used once only", sum(cost.weights for cost in found))


def _counted(layer: Layer) -> bool:
    return layer.kind in ("conv", "linear")


def _in_all(name: str, wrong: Sequence[Cost]) -> Iterable[Slip]:
    """A slip in the counts of the layers, and what becomes of the total."""
    yield Slip("a", name, {cost.name: cost.parameters for cost in wrong if cost.parameters}, apart=True)
    yield Slip("b", name, sum(cost.parameters for cost in wrong), apart=True)


def _tex(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(entry.aligned for entry in lines)


def _weights(cost: Cost, layer: Layer) -> Term:
    """The weights of one output, as a product to be worked out."""
    if layer.kind == "conv":
        return counts.convolution_weights(num(cost.channels_in), num(layer.kernel))
    return num(cost.fan_in)


def _parameter_line(cost: Cost, layer: Layer) -> Line:
    left = rf"P_{{\text{{{cost.name}}}}}"
    if layer.kind == "batchnorm":
        return line(left, counts.normalisation_parameters(num(cost.channels)))
    return line(left, counts.parameters(num(cost.channels), _weights(cost, layer), bias=layer.bias))


def _operation_line(cost: Cost, layer: Layer) -> Line:
    side = num(cost.side) if layer.kind == "conv" else None
    work = counts.operations(num(cost.channels), _weights(cost, layer), side)
    return line(rf"A_{{\text{{{cost.name}}}}}", work)


def _formulas() -> Mapping[str, str]:
    """What is counted, in letters."""
    convolution = counts.convolution_weights(num(r"C_{\text{in}}"), num("k"))
    for_convolution, for_inputs = (num(r"C_{\text{out}}"), convolution), (num(r"n_{\text{out}}"), num(r"n_{\text{in}}"))
    terms = {
        "side": window_size(*map(num, "nksp")),
        "conv": counts.parameters(*for_convolution, bias=True),
        "conv_without_bias": counts.parameters(*for_convolution, bias=False),
        "linear": counts.parameters(*for_inputs, bias=True),
        "linear_without_bias": counts.parameters(*for_inputs, bias=False),
        "conv_operations": counts.operations(*for_convolution, num("n")),
        "linear_operations": counts.operations(*for_inputs),
    }
    return {name: letters_tex(term) for name, term in terms.items()}


def _side_lines(found: Sequence[Cost], layers: Sequence[Layer]) -> Iterable[Line]:
    """The sizes of the feature maps up to the first fully connected layer, and of its input."""
    first = next((place for place, layer in enumerate(layers) if layer.kind == "linear"), 0)
    windows = [(cost, layer) for cost, layer in zip(found[:first], layers, strict=False) if layer.kind != "batchnorm"]
    for cost, layer in windows:
        numbers = (cost.side_in, layer.kernel, layer.stride, layer.padding)
        yield line(rf"n_{{\text{{{cost.name}}}}}", window_size(*map(num, numbers)))
    if windows:
        cost = found[first]
        yield line(r"n_{\text{in}}", counts.flattened(num(cost.channels_in), num(cost.side_in)))


def _program(layers: Sequence[Layer], found: Sequence[Cost], *, flat: bool) -> Iterable[str]:
    """The lines of a PyTorch program that builds the network and counts its parameters."""
    yield from ("from torch import nn", "", "model = nn.Sequential(")
    flattened = flat
    for place, (layer, cost) in enumerate(zip(layers, found, strict=True)):
        if layer.kind == "linear" and not flattened:
            flattened = True
            yield "    nn.Flatten(),"
        yield f"    {_call(layer, cost)},"
        following = layers[place + 1].kind if place + 1 < len(layers) else None
        if layer.kind != "pool" and following not in (None, "batchnorm"):
            yield "    nn.ReLU(),"
    yield ")"
    yield "for layer in model:"
    yield "    count = sum(p.numel() for p in layer.parameters())"
    yield "    print(type(layer).__name__, count)"
    yield 'print("total", sum(p.numel() for p in model.parameters()))'


def _call(layer: Layer, cost: Cost) -> str:
    stride = f", stride={layer.stride}" if layer.stride > 1 else ""
    padding = f", padding={layer.padding}" if layer.padding else ""
    bias = "" if layer.bias else ", bias=False"
    match layer.kind:
        case "conv":
            return f"nn.Conv2d({cost.channels_in}, {layer.out}, {layer.kernel}{stride}{padding}{bias})"
        case "pool":
            return f"nn.MaxPool2d({layer.kernel}, stride={layer.stride}{padding})"
        case "batchnorm":
            return f"nn.BatchNorm2d({cost.channels})"
        case "linear":
            return f"nn.Linear({cost.fan_in}, {layer.out}{bias})"


Shape = tuple[int, ...]


def _shapes(channels: int, size: int, layers: Sequence[Layer]) -> Iterable[tuple[list[Shape], Shape | None]]:
    """The shapes of a layer's arrays of parameters, and of the positions at which its weights are used."""
    shape: Shape = (channels, size, size)
    for layer in layers:
        weights: list[Shape] = []
        positions: Shape | None = None
        if layer.kind in ("conv", "pool"):
            axis = np.empty(shape[1] + 2 * layer.padding, dtype=bool)
            side = len(np.lib.stride_tricks.sliding_window_view(axis, layer.kernel)[:: layer.stride])
            shape = (layer.out if layer.kind == "conv" else shape[0], side, side)
        if layer.kind == "conv":
            weights, positions = [(layer.out, channels, layer.kernel, layer.kernel)], (side, side)
        elif layer.kind == "linear":
            weights, positions = [(layer.out, _size(shape))], ()
            shape = (layer.out,)
        elif layer.kind == "batchnorm":
            weights = [(shape[0],), (shape[0],)]
        if layer.bias and positions is not None:
            weights.append((layer.out,))
        channels = shape[0]
        yield weights, positions


def _size(shape: Shape) -> int:
    """The number of entries of an array, made without the memory that it would take."""
    return int(np.broadcast_to(np.int8(0), shape).size)
