"""Sums of matrix products that print themselves, and the few rules by which their gradients are taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from generator.exact import normal_form
from generator.notation import tex


@dataclass(frozen=True, slots=True)
class Factor:
    """A matrix or column vector by its TeX name and size, possibly transposed."""

    name: str
    rows: int
    columns: int
    transposed: bool = False

    @property
    def T(self) -> Factor:
        """The transpose; twice gives the factor back."""
        return replace(self, transposed=not self.transposed)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as the factor stands in a product."""
        return (self.columns, self.rows) if self.transposed else (self.rows, self.columns)

    @property
    def tex(self) -> str:
        """The name, with the sign for transposition."""
        return rf"{self.name}^{{\top}}" if self.transposed else self.name


@dataclass(frozen=True, slots=True)
class Summand:
    """A number times scalar symbols times a product of matrices; an empty product is the identity matrix."""

    coefficient: int | Fraction
    scalars: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()

    @property
    def is_scalar(self) -> bool:
        """Whether the product is a single number (1 × 1)."""
        return bool(self.factors) and self.factors[0].shape[0] == 1 == self.factors[-1].shape[1]

    @property
    def T(self) -> Summand:
        """The transpose: the factors transposed, in reverse order."""
        return replace(self, factors=tuple(factor.T for factor in reversed(self.factors)))

    @property
    def magnitude_tex(self) -> str:
        """TeX without the sign."""
        number = [] if abs(self.coefficient) == 1 else [tex(abs(self.coefficient))]
        body = [factor.tex for factor in self.factors] or [r"\mathbf{I}"]
        return r" ".join([*number, *self.scalars, *body])


Sum: TypeAlias = tuple[Summand, ...]
"""Summands of one shape; the empty sum is zero."""


def single(*factors: Factor, coefficient: int | Fraction = 1, scalars: tuple[str, ...] = ()) -> Sum:
    """A sum of one product."""
    return (Summand(coefficient, scalars, factors),)


def sum_tex(terms: Sum) -> str:
    """TeX of a sum, with signs between the summands."""
    text = ""
    for term in terms:
        sign = "-" if term.coefficient < 0 else "+"
        text += f" {sign} {term.magnitude_tex}"
    return text.removeprefix(" + ").strip() or "0"


def minus(left: Sum, right: Sum) -> Sum:
    """The difference of two sums."""
    return (*left, *(replace(term, coefficient=-term.coefficient) for term in right))


def transposed(terms: Sum) -> Sum:
    """The transpose, summand by summand."""
    return tuple(term.T for term in terms)


def times(left: Sum, right: Sum) -> Sum:
    """The product, multiplied out in the order of reading."""
    return tuple(
        Summand(_exact(a.coefficient * b.coefficient), (*a.scalars, *b.scalars), (*a.factors, *b.factors))
        for a in left
        for b in right
    )


def collected(terms: Sum, variable: Factor) -> Sum:
    """Equal summands added up, where a scalar counts as equal to its transpose.

    Of the two forms of a scalar, the one that begins with the transposed variable is kept.
    """
    found: dict[tuple[tuple[str, ...], tuple[Factor, ...]], int | Fraction] = {}
    for term in terms:
        kept = term.T if term.is_scalar and term.T.factors[0] == variable.T else term
        key = (kept.scalars, kept.factors)
        found[key] = _exact(found.get(key, 0) + kept.coefficient)
    return tuple(Summand(number, *key) for key, number in found.items() if number)


def gradient(terms: Sum, variable: Factor) -> Sum:
    """The gradient (a column) of a scalar sum with respect to a column vector.

    The rules are those of Petersen and Pedersen, The Matrix Cookbook (2012), equations 69 and 81:
    that of v^T b is b, that of v^T A v is (A + A^T) v. Raises ValueError for summands of another form.
    """
    return collected(tuple(part for term in terms for part in _gradient(term, variable)), variable)


def _gradient(term: Summand, v: Factor) -> Iterable[Summand]:
    count = sum(factor in (v, v.T) for factor in term.factors)
    if count == 0:
        return ()
    if term.factors[0] != v.T:
        raise ValueError(f"{term.magnitude_tex} does not begin with {v.T.tex}")
    inner = replace(term, factors=term.factors[1:])
    if count == 1:
        return (inner,)
    if count == 2 and term.factors[-1] == v:
        other = replace(term, factors=(*(factor.T for factor in reversed(term.factors[1:-1])), v))
        return (inner, other)
    raise ValueError(f"{term.magnitude_tex} is not quadratic in {v.tex}")


def jacobian(terms: Sum, variable: Factor) -> Sum:
    """The matrix of derivatives of a column that is affine in the vector: that of A v + b is A."""
    return tuple(
        replace(term, factors=term.factors[:-1]) for term in terms if term.factors and term.factors[-1] == variable
    )


def _exact(value: int | Fraction) -> int | Fraction:
    return normal_form(Fraction(value))
