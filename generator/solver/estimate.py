"""A maximum-likelihood estimate worked out on a sample, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from generator import notation
from generator.exact import log
from generator.notation import Value
from generator.solver.likelihood import Family, Maximum, Names, Root, Terms, derive
from generator.working import Line, Sum, Term, apply, line, num, product, total

Sample = tuple[int | Fraction, ...]
LONG = 6
"""So many terms of a sum fit on a line."""


@lru_cache(maxsize=1024)
def estimate_lines(family: Family, known: int | Fraction | None, names: Names, sample: Sample) -> tuple[Line, ...]:
    """The sum over the sample that the estimator needs, then the estimator with that sum put in."""
    import sympy

    from generator.solver.formula_tex import tex
    from generator.solver.sample_sums import SIZE
    from generator.solver.substitution import exact_number

    maximum = derive(family, known, names).maximum
    hat = rf"\hat{{{tex(sympy.Symbol(names.parameter))}}}"
    if maximum is None:
        return (line(hat, num(max(sample)), rf"\max\{{{', '.join(map(notation.tex, sample))}\}}"),)
    needed = _sum_line(maximum, names, sample)
    value = ratio_term(maximum, {SIZE: len(sample), maximum.statistic: needed.result})
    if maximum.power == 1:
        return needed, line(hat, value, maximum.estimator.tex)
    if maximum.power == 2:
        return needed, line(hat, apply("sqrt", value), maximum.estimator.tex)
    # A higher root is taken of the finished number.
    power = line(rf"{hat}^{{{maximum.power}}}", value, maximum.ratio.tex)
    root = Root(Terms((sympy.Rational(power.result),)), maximum.power)
    return needed, power, line(hat, num(exact_number(root.meaning)), root.tex)


def ratio_term(maximum: Maximum, values: Mapping[Value, Value]) -> Term:
    """The estimator (before a root is taken) as a fraction of printed numbers."""
    from generator.solver.substitution import term

    return term(maximum.top.meaning, values) / term(maximum.bottom.meaning, values)


def broken(lines: tuple[Line, ...]) -> tuple[Line | str, ...]:
    """The lines as rows for print: a long sum of long terms goes over several."""
    rows: list[Line | str] = []
    for entry in lines:
        long = isinstance(entry.work, Sum) and len(entry.work.terms) > LONG and len(entry.work.tex()) > 60
        rows += entry.folded(LONG) if long else [entry]
    return tuple(rows)


def _sum_line(maximum: Maximum, names: Names, sample: Sample) -> Line:
    import sympy

    from generator.solver.formula_tex import tex
    from generator.solver.sample_sums import INDEX
    from generator.solver.substitution import term

    inner = maximum.statistic.function
    left = tex(sympy.Sum(inner, (INDEX, 1, len(sample))))
    if inner.has(sympy.log):
        return _log_sum_line(left, sample)
    observation = sympy.Function(names.data)(INDEX)
    return line(left, total(term(inner, {observation: x}) for x in sample))


def _log_sum_line(left: str, sample: Sample) -> Line:
    """A sum of logarithms, as a multiple of one logarithm where all data are powers of one number."""
    shown = " + ".join(rf"\ln {notation.tex(x)}" for x in sample)
    for base in (2, 3, 5, 7):
        exponents = [_exponent(Fraction(x), base) for x in sample]
        if None not in exponents:
            return line(left, product([total(exponents), log(base)]), shown)
    return line(left, total(num(log(Fraction(x))) for x in sample))


def _exponent(value: Fraction, base: int) -> int | None:
    return next((power for power in range(-12, 13) if Fraction(base) ** power == value), None)
