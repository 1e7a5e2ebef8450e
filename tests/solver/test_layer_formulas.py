"""The formulas that keys print for layers, against the functions that count and against SymPy."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import sympy

from generator.solver import convolution, parameter_counts, pooling
from generator.solver import receptive_field as field
from generator.solver.formula import expression, letters_tex
from generator.solver.pooling import Mode
from generator.working import num

MODES: tuple[Mode, ...] = ("max", "average", "l2")


def numbers(count: int) -> Iterator[tuple[int, ...]]:
    chance = random.Random(3)
    for _ in range(40):
        yield tuple(chance.randint(1, 9) for _ in range(count))


def test_the_printed_size_is_the_size_that_is_computed() -> None:
    letters = sympy.symbols("n k s p d")
    general, plain = expression(convolution.output_size, *"nkspd"), expression(convolution.window_size, *"nksp")
    for n, k, s, p, d in numbers(5):
        if n + 2 * p < d * (k - 1) + 1:
            continue
        values = dict(zip(letters, (n, k, s, p, d), strict=True))
        assert general.subs(values) == convolution.output_length(n, k, s, p, d)
        assert plain.subs(values) == convolution.output_length(n, k, s, p, 1) == general.subs({**values, letters[4]: 1})


def test_the_printed_recursions_are_those_of_the_receptive_field() -> None:
    for kernel, stride, dilation, jump, size in numbers(5):
        symbols = sympy.symbols("r k d j s")
        values = dict(zip(symbols, (size, kernel, dilation, jump, stride), strict=True))
        step = size + (kernel - 1) * dilation * jump
        assert expression(field.size_formula, "r", "k", "d", "j").subs(values) == step
        assert expression(field.stride_formula, "j", "s").subs(values) == jump * stride


@pytest.mark.parametrize("growth", [1, 2, 3, 4, 6])
def test_every_form_of_the_size_of_a_stack_is_equal_to_the_next(growth: int) -> None:
    kernel, depth, layer = sympy.symbols("k L l")
    first, *others = forms = [form.value() for form in field.stack_size_forms(growth)]
    assert len(forms) == 2
    added = sympy.sympify(field.layer_growth(growth).value())
    for k in (2, 3, 5):
        for count in (1, 2, 5):
            expected = 1 + sum((k - 1) * growth**below for below in range(count))
            assert field.stack_size(k, growth, count) == expected
            assert 1 + sum(added.subs({kernel: k, layer: place}) for place in range(1, count + 1)) == expected
            for form in (first.subs(depth, count).doit(), *(other.subs(depth, count) for other in others)):
                assert form.subs(kernel, k) == expected


def test_the_bound_on_the_depth_is_where_the_size_reaches_the_target() -> None:
    bound = expression(field.depth_bound, "R", "k")
    size = field.stack_size_forms(1)[-1].value()
    assert sympy.simplify(size.subs(sympy.Symbol("L"), bound) - sympy.Symbol("R")) == 0


def test_the_steps_of_a_stack_lead_from_each_size_to_the_next() -> None:
    for kernel, growth, depth in ((2, 2, 4), (3, 2, 3), (5, 3, 4), (3, 4, 2)):
        below, reached = (field.stack_size(kernel, growth, count) for count in (depth - 1, depth))
        assert field.grown_size(num(below), num(kernel), growth=growth, layer=depth).value() == reached
        flat = [field.stack_size(kernel, 1, count) for count in (depth - 1, depth)]
        assert field.flat_size_below(num(depth), num(kernel)).value() == flat[0]
        assert field.flat_size(num(depth), num(kernel)).value() == flat[1]


@pytest.mark.parametrize("mode", MODES)
def test_the_printed_window_gives_what_pooling_gives(mode: Mode) -> None:
    for a, b, c, d in numbers(4):
        image = ((a, -b), (c, d))
        covered = pooling.windows((2, 2), 2, 2, 0)
        entries = [num(entry) for row in image for entry in row]
        assert pooling.window_value(mode, entries, 4).value() == pooling.pooled(image, covered, 4, mode)[0][0]


@pytest.mark.parametrize("mode", ["average", "l2"])
@pytest.mark.parametrize("place", [0, 2])
def test_every_form_of_a_slope_is_the_derivative(mode: Mode, place: int) -> None:
    letters = sympy.symbols("a b c", positive=True)
    value = pooling.window_value(mode, [num(letter) for letter in letters], 4)
    output = sympy.Symbol("Y")
    forms = pooling.window_slopes(mode, [num(letter) for letter in letters], 4, num(output), place)
    exact = sympy.diff(value.value(), letters[place])
    assert len(forms) == (2 if mode == "l2" else 1)
    for form in forms:
        assert sympy.simplify(sympy.sympify(form.value()).subs(output, value.value()) - exact) == 0


@pytest.mark.parametrize("mode", MODES)
def test_shares_are_gradients_times_slopes(mode: Mode) -> None:
    entry, upstream, outputs = sympy.Symbol("X"), sympy.symbols("G_1 G_2"), sympy.symbols("Y_1 Y_2")
    found = pooling.shares(mode, 4, num(entry), [num(g) for g in upstream], [num(y) for y in outputs]).value()
    slopes = [pooling.window_slopes(mode, [num(entry)], 4, num(output), 0)[-1].value() for output in outputs]
    assert sympy.expand(found - sum(g * slope for g, slope in zip(upstream, slopes, strict=True))) == 0


def test_the_largest_entry_prints_all_and_counts_its_comparisons() -> None:
    term = pooling.Largest(tuple(map(num, (3, -7, 5))))
    assert (term.tex(), term.value()) == (r"\max\{3, -7, 5\}", 5)
    assert term.operations() == {"comparisons": 2}


def test_the_printed_counts_are_those_of_the_layers() -> None:
    out, channels, kernel, side = sympy.symbols("o c k n")
    weights = parameter_counts.convolution_weights(num(channels), num(kernel))
    for bias in (False, True):
        printed = parameter_counts.parameters(num(out), weights, bias=bias)
        assert sympy.expand(printed.value() - out * (channels * kernel**2 + int(bias))) == 0
    used = parameter_counts.operations(num(out), weights, num(side))
    assert sympy.expand(used.value() - out * channels * kernel**2 * side**2) == 0
    in_letters = parameter_counts.convolution_weights(num("c"), num("k"))
    assert letters_tex(parameter_counts.operations(num("o"), in_letters, num("n"))) == r"o \, c \, k^{2} \, n^{2}"
    assert parameter_counts.operations(num(out), num(channels)).value() == out * channels
    assert parameter_counts.flattened(num(channels), num(side)).value() == channels * side**2
    assert parameter_counts.normalisation_parameters(num(channels)).value() == 2 * channels
