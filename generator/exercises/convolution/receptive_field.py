"""The receptive field and the effective stride of every layer of a convolutional network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from math import ceil
from typing import Annotated, Literal, Self

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
    wanted,
)
from generator.figure import FieldLayer, Figure, field_figure
from generator.notation import Value
from generator.solver import receptive_field as field
from generator.solver.formula import formula_line, letters_tex
from generator.working import Line

LARGEST_FIELD = 1000
"""Inputs that the independent route is asked to count at most."""
LARGEST_DRAWING = 90
"""Inputs in the row of a drawing that can still be told apart."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of square kernels: size, step width, distance between the kernel's entries; convolution or pooling."""

    kernel: Annotated[int, Between(1, 100)]
    stride: Annotated[int, Between(1, 100)] = 1
    dilation: Annotated[int, Between(1, 100)] = 1
    kind: Literal["conv", "pool"] = "conv"


@dataclass(frozen=True, slots=True)
class Stack:
    """Equal layers on top of each other, to be made deep enough for a receptive field of ``target`` inputs.

    The dilation of the first layer is 1, and from layer to layer it is multiplied by ``dilation_factor``.
    """

    kernel: Annotated[int, Between(2, 100)]
    target: Annotated[int, Between(2, LARGEST_FIELD)]
    stride: Annotated[int, Between(1, 4)] = 1
    dilation_factor: Annotated[int, Between(1, 4)] = 1

    @property
    def growth(self) -> int:
        """By what factor the layers' step (dilation times effective stride below) grows from layer to layer."""
        return self.stride * self.dilation_factor

    @property
    def depth(self) -> int:
        """The least number of layers that reaches the target."""
        return field.depth_needed(self.kernel, self.growth, self.target)

    def layers(self, depth: int) -> tuple[Layer, ...]:
        """The lowest ``depth`` layers."""
        return tuple(Layer(self.kernel, self.stride, self.dilation_factor**below) for below in range(depth))


Role = Literal["plain", "strided", "dilated", "pooling"]


def _orders(*roles: Role) -> tuple[tuple[Role, ...], ...]:
    """The orders in which a stride comes early enough to matter, and dilation late enough to leave no gaps."""
    early = range((len(roles) + 1) // 2)
    return tuple(
        order
        for order in sorted(set(permutations(roles)))
        if order[0] != "dilated" and any(order[layer] in ("strided", "pooling") for layer in early)
    )


ORDERS: Mapping[Level, tuple[tuple[Role, ...], ...]] = {
    "easy": _orders("plain", "plain", "strided"),
    "medium": _orders("plain", "strided", "dilated", "pooling"),
    "hard": _orders("plain", "plain", "strided", "dilated", "pooling"),
}


def _draw_layer(d: Draw, role: Role, dimensions: int) -> Layer:
    # Kernels of images have a middle, those of sequences need none.
    kernels = (3, 5, 7) if dimensions == 2 else (2, 3, 4, 5, 6, 7)
    match role:
        case "plain":
            return Layer(d.pick(kernels))
        case "strided":
            kernel = d.pick([kernel for kernel in kernels if kernel > 2])
            return Layer(kernel, d.pick((2, 2, 3)))
        case "dilated":
            return Layer(d.pick([kernel for kernel in kernels if kernel < 6]), 1, d.pick((2, 2, 3)))
        case "pooling":
            kernel = d.pick((2, 2, 3))
            return Layer(kernel, 2 if kernel == 2 else d.pick((2, 3)), 1, "pool")


def _draw_stack(d: Draw) -> Stack:
    """The depth first, then a target that exactly this depth reaches."""
    kernel, stride, factor, shallowest, deepest = d.pick(
        (
            (3, 1, 1, 8, 24),
            (5, 1, 1, 6, 20),
            (7, 1, 1, 5, 15),
            (2, 1, 2, 4, 6),
            (3, 1, 2, 3, 5),
            (3, 2, 1, 3, 5),
            (5, 2, 1, 3, 4),
        )
    )
    depth = d.integer(shallowest, deepest)
    below, reached = (field.stack_size(kernel, stride * factor, count) for count in (depth - 1, depth))
    return Stack(kernel, d.integer(below + 1, reached), stride, factor)


@exercise(title="Receptive field of a convolutional network", source=("B4", "B5", "B6"))
@dataclass(frozen=True, slots=True)
class ReceptiveField(Exercise):
    """A stack of layers in one or two dimensions; ``stack`` asks for the depth that a wanted receptive field needs."""

    layers: Annotated[tuple[Layer, ...], Length(1, 8)]
    dimensions: Annotated[int, Between(1, 2)]
    stack: Stack | None

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        dimensions = d.given("dimensions", lambda: 1 if level == "easy" else d.integer(1, 2))
        return cls(
            layers=d.given("layers", lambda: tuple(_draw_layer(d, role, dimensions) for role in d.pick(ORDERS[level]))),
            dimensions=dimensions,
            stack=d.given("stack", lambda: _draw_stack(d) if level == "hard" else None),
        )

    def conditions(self) -> Iterable[Condition]:
        reach = field.sizes(self.layers)[-1] + field.effective_strides(self.layers)[-1]
        yield must(
            f"receptive field and effective stride of the last layer add up to at most {LARGEST_FIELD}",
            reach <= LARGEST_FIELD,
        )
        yield wanted("no unit skips an input inside its receptive field", not field.has_gaps(self.layers))
        yield wanted(
            "every layer looks at more than one unit of the layer below", all(layer.kernel > 1 for layer in self.layers)
        )

    def solve(self) -> Solution:
        return Solution((self._strides(), self._sizes(), *([self._depth()] if self.stack else [])))

    def _strides(self) -> Part:
        strides = field.effective_strides(self.layers)
        return Part(
            "a",
            "table",
            _named("j", strides),
            points=2,
            work={"lines": tuple(_stride_lines(self.layers))},
            space=Space("boxes", rows=2, names=tuple(_named("j", strides))),
        )

    def _sizes(self) -> Part:
        sizes = field.sizes(self.layers)
        # A drawing has a neighbour on either side of the unit whose receptive field it shows.
        drawn = sizes[-1] + 2 * field.effective_strides(self.layers)[-1]
        return Part(
            "b",
            "table",
            _named("r", sizes),
            points=4,
            work={"lines": tuple(_size_lines(self.layers)), "drawn": drawn <= LARGEST_DRAWING},
            space=Space("boxes", rows=len(sizes) + 1, names=tuple(_named("r", sizes))),
        )

    def _depth(self) -> Part:
        stack = self.stack
        assert stack is not None  # the part exists only where there is a stack
        depth = stack.depth
        work: dict[str, object] = {
            "forms": " = ".join(map(letters_tex, field.stack_size_forms(stack.growth))),
            "dilation": field.growing(stack.dilation_factor).tex(),
            "stride": field.growing(stack.stride).tex(),
            "added": letters_tex(field.layer_growth(stack.growth)),
        }
        if stack.growth == 1:
            work["bound"] = formula_line("", field.depth_bound, {"R": stack.target, "k": stack.kernel})
            numbers = {"L": depth, "k": stack.kernel}
            less = formula_line("r'_{L-1}", field.flat_size_below, numbers)
            enough = formula_line("r'_L", field.flat_size, numbers)
            work["lines"] = (less, enough) if depth > 1 else (enough,)
        else:
            work["lines"] = tuple(_growing_lines(stack))
        return Part("c", "integer", depth, points=3, work=work)

    def check(self, solution: Solution) -> Iterable[Check]:
        route = "counting the inputs at the ends of all connections"
        cones = [
            (field.inputs_touched(self.layers[:depth], 0), field.inputs_touched(self.layers[:depth], 1))
            for depth in range(1, len(self.layers) + 1)
        ]
        jumps = [min(right) - min(left) for left, right in cones]
        yield agree("a", route, solution["a"].answer, {f"j_{k}": jump for k, jump in enumerate(jumps, 1)})
        extents = [max(left) - min(left) + 1 for left, _ in cones]
        yield agree("b", route, solution["b"].answer, {f"r_{k}": extent for k, extent in enumerate(extents, 1)})
        against = f"{route}, against the worked lines"
        yield agree("a", against, [entry.result for entry in solution["a"].work["lines"]], jumps)
        yield agree("b", against, [entry.result for entry in solution["b"].work["lines"]], extents)
        if not field.has_gaps(self.layers):
            yield agree("b", route, solution["b"].answer, _named("r", [len(left) for left, _ in cones]))
        if self.stack:
            yield agree("c", route, solution["c"].answer, _depth_by_counting(self.stack, solution["c"].answer))
            yield agree("c", against, *_depth_worked(self.stack, solution["c"]))

    def slips(self) -> Iterable[Slip]:
        strided = any(layer.stride > 1 for layer in self.layers)
        own_strides = [layer.stride for layer in self.layers]
        if strided:
            yield Slip("a", "the layer's own stride only", _named("j", own_strides), apart=True)
            unstrided = [Layer(layer.kernel, 1, layer.dilation) for layer in self.layers]
            yield Slip("b", "stride ignored", _named("r", field.sizes(unstrided)), apart=True)
            yield Slip("b", "the layer's own stride counted in", _named("r", _sizes_too_late(self.layers)), apart=True)
        if any(layer.dilation > 1 for layer in self.layers):
            undilated = [Layer(layer.kernel, layer.stride) for layer in self.layers]
            yield Slip("b", "dilation ignored", _named("r", field.sizes(undilated)), apart=True)
        if len(self.layers) > 1:
            kernels = [layer.kernel for layer in self.layers]
            sums = [sum(kernels[:depth]) for depth in range(1, len(kernels) + 1)]
            yield Slip("b", "kernel sizes added", _named("r", sums), apart=True)
        if self.stack:
            yield from _stack_slips(self.stack)

    def pattern(self) -> str:
        if self.stack is None:
            return f"{self.dimensions}D"
        grown = {(False, False): "equal", (True, False): "strided", (False, True): "dilated", (True, True): "both"}
        return f"{self.dimensions}D, stack {grown[self.stack.stride > 1, self.stack.dilation_factor > 1]}"

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        if not solution["b"].work["drawn"]:
            return {}
        rows = [FieldLayer(layer.kernel, layer.stride, layer.dilation) for layer in self.layers]
        description = f"One unit of layer {len(rows)} and every unit below that it depends on"
        return {"field": field_figure(rows, description=f"{description}.")}


def _named(letter: str, values: Iterable[int]) -> Mapping[str, int]:
    return {f"{letter}_{layer}": value for layer, value in enumerate(values, 1)}


def _stride_lines(layers: tuple[Layer, ...]) -> Iterable[Line]:
    below = (1, *field.effective_strides(layers))
    for number, (layer, jump) in enumerate(zip(layers, below, strict=False), 1):
        numbers = {f"j_{number - 1}": jump, f"s_{number}": layer.stride}
        yield formula_line(f"j_{number}", field.stride_formula, numbers)


def _size_lines(layers: tuple[Layer, ...]) -> Iterable[Line]:
    strides, sizes = (1, *field.effective_strides(layers)), (1, *field.sizes(layers))
    for number, (layer, jump, size) in enumerate(zip(layers, strides, sizes, strict=False), 1):
        numbers = {
            f"r_{number - 1}": size,
            f"k_{number}": layer.kernel,
            f"d_{number}": layer.dilation,
            f"j_{number - 1}": jump,
        }
        yield formula_line(f"r_{number}", field.size_formula, numbers)


def _growing_lines(stack: Stack) -> Iterable[Line]:
    """The sizes of the stack's receptive fields, layer by layer; primes tell them from those of the first network."""
    size: Value = 1
    for number in range(1, stack.depth + 1):
        formula = partial(field.grown_size, growth=stack.growth, layer=number)
        found = formula_line(f"r'_{number}", formula, {f"r'_{number - 1}": size, "k": stack.kernel})
        size = found.result
        yield found


def _sizes_too_late(layers: tuple[Layer, ...]) -> Iterable[int]:
    size, jump = 1, 1
    for layer in layers:
        jump *= layer.stride
        size += (layer.kernel - 1) * layer.dilation * jump
        yield size


def _depth_by_counting(stack: Stack, near: int) -> int:
    """The first depth that reaches the target, looked for from one layer below a likely one."""
    depth = max(near - 1, 1)
    while _counted(stack, depth) < stack.target:
        depth += 1
    return depth


def _depth_worked(stack: Stack, part: Part) -> tuple[list[int], list[int]]:
    """What the worked lines of part (c) give, and the same by counting."""
    lines = [entry.result for entry in part.work["lines"]]
    found = [_counted(stack, depth) for depth in range(part.answer - len(lines) + 1, part.answer + 1)]
    if "bound" in part.work:
        lines.append(ceil(part.work["bound"].result))
        found.append(part.answer)
    return lines, found


def _counted(stack: Stack, depth: int) -> int:
    return max(field.inputs_touched(stack.layers(depth), 0)) + 1


def _stack_slips(stack: Stack) -> Iterable[Slip]:
    rest, step = stack.target - 1, stack.kernel - 1
    if stack.growth == 1:
        yield Slip("c", "kernel sizes added", -(-stack.target // stack.kernel))
        if rest % step:
            yield Slip("c", "number of layers rounded down", rest // step)
    else:
        yield Slip("c", "growth from layer to layer ignored", -(-rest // step))
