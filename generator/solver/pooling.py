"""Pooling layers on small feature maps: what a window covers, what it gives, and where gradients go back to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Literal

from generator.exact import normal_form
from generator.notation import Value
from generator.solver.convolution import Matrix, output_length
from generator.working import Operations, Term, apply, num, total

Mode = Literal["max", "average", "l2"]
Cell = tuple[int, int]
"""A place by row and column, counted from 0."""
Windows = Sequence[Sequence[Sequence[Cell]]]
"""The cells under every window, by the row and column of the output."""
Values = tuple[tuple[Value, ...], ...]


def windows(shape: tuple[int, int], window: int, stride: int, padding: int) -> tuple[tuple[tuple[Cell, ...], ...], ...]:
    """The cells of the unpadded input under every window, in reading order; empty where no window fits."""
    height, width = (output_length(length, window, stride, padding, 1) for length in shape)

    def inside(i: int, j: int) -> tuple[Cell, ...]:
        rows = range(max(i * stride - padding, 0), min(i * stride - padding + window, shape[0]))
        columns = range(max(j * stride - padding, 0), min(j * stride - padding + window, shape[1]))
        return tuple((row, column) for row in rows for column in columns)

    return tuple(tuple(inside(i, j) for j in range(width)) for i in range(height))


@dataclass(frozen=True, slots=True)
class Largest(Term):
    """The largest one of some terms."""

    entries: tuple[Term, ...]

    def tex(self) -> str:
        """TeX with the entries in braces."""
        return rf"\max\{{{', '.join(entry.tex() for entry in self.entries)}\}}"

    def value(self) -> Value:
        """The exact value."""
        return max(entry.value() for entry in self.entries)

    def children(self) -> tuple[Term, ...]:
        """The operands."""
        return self.entries

    def own_operations(self) -> Operations:
        """One comparison for every entry but the first."""
        return Counter(comparisons=len(self.entries) - 1)


def window_value(mode: Mode, entries: Sequence[Term], size: int) -> Term:
    """What a window of ``size`` places gives for its entries, numbers or letters, to be printed and worked out."""
    if mode == "max":
        return Largest(tuple(entries))
    if mode == "average":
        return total(entries) / size
    return apply("sqrt", total(entry**2 for entry in entries))


def window_slopes(mode: Mode, entries: Sequence[Term], size: int, output: Term, place: int) -> tuple[Term, ...]:
    """Equal forms of the derivative of `window_value` by the entry at ``place``, for a maximum its largest one.

    The last form may use the ``output``, the value itself.
    """
    if mode == "max":
        return (num(1),)
    if mode == "average":
        return (num(1) / size,)
    entry = entries[place]
    return (num(2) * entry) / (num(2) * window_value(mode, entries, size)), entry / output


def shares(mode: Mode, size: int, entry: Term, upstream: Sequence[Term], outputs: Sequence[Term]) -> Term:
    """What an input entry gets from its windows: their gradients times the last form of `window_slopes`, added up."""
    if mode == "max":
        return total(upstream)
    if mode == "average":
        return total(upstream) / size
    return total(given * entry / output for given, output in zip(upstream, outputs, strict=True))


def pooled(image: Matrix, covered: Windows, size: int | None, mode: Mode) -> Values:
    """What every window gives; ``size`` is the divisor of a mean, by default the number of entries inside the input.

    The maximum knows nothing of the padding; mean and Euclidean norm see zeros there.
    """

    def give(cells: Sequence[Cell]) -> Value:
        entries = [image[row][column] for row, column in cells]
        if mode == "max":
            return max(entries)
        if mode == "average":
            return normal_form(Fraction(sum(entries), size or len(entries)))
        return square_root(sum(entry**2 for entry in entries))

    return tuple(tuple(give(cells) for cells in row) for row in covered)


def square_root(square: int) -> Value:
    """The root of a whole number: a whole number where there is one, else a surd of SymPy."""
    root = isqrt(square)
    if root**2 == square:
        return root
    import sympy

    return sympy.sqrt(square)


def receivers(image: Matrix, covered: Windows, mode: Mode) -> Mapping[Cell, tuple[Cell, ...]]:
    """The output entries that hand their gradient to an input entry: all whose window covers it or has it as maximum.

    Of several equal maxima the first in reading order is picked.
    """
    reached: dict[Cell, list[Cell]] = defaultdict(list)
    for i, row in enumerate(covered):
        for j, cells in enumerate(row):
            # `max` returns the first of several equal ones, and the cells are in reading order.
            chosen = [max(cells, key=lambda cell: image[cell[0]][cell[1]])] if mode == "max" else cells
            for cell in chosen:
                reached[cell].append((i, j))
    return {cell: tuple(outputs) for cell, outputs in reached.items()}


def backward(
    image: Matrix, reached: Mapping[Cell, Sequence[Cell]], output: Values, size: int, mode: Mode, gradient: Matrix
) -> Values:
    """The gradient with respect to the input, from that with respect to the output and from the `receivers`.

    A maximum hands on all of it, a mean the part 1/``size``, a Euclidean norm Y the part X/Y.
    Raises ZeroDivisionError where a norm is 0 and has no gradient.
    """

    def share(row: int, column: int, at: Cell) -> Value:
        upstream = gradient[at[0]][at[1]]
        if mode == "max":
            return upstream
        if mode == "average":
            return Fraction(upstream, size)
        norm = output[at[0]][at[1]]
        product = upstream * image[row][column]
        return Fraction(product, norm) if isinstance(norm, int) else product / norm

    def entry(row: int, column: int) -> Value:
        total: Value = sum(share(row, column, at) for at in reached.get((row, column), ()))
        return normal_form(total) if isinstance(total, Fraction) else total

    return tuple(tuple(entry(row, column) for column in range(len(image[0]))) for row in range(len(image)))
