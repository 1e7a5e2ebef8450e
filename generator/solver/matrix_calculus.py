"""Sums of matrix products that print themselves, and the few rules by which their gradients are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import attrgetter
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
        return self.scaled_tex(" ".join(factor.tex for factor in self.factors) or r"\mathbf{I}")

    def scaled_tex(self, body: str) -> str:
        """TeX of the number and the scalars, without the sign, before some product."""
        number = [] if abs(self.coefficient) == 1 else [tex(abs(self.coefficient))]
        return " ".join([*number, *self.scalars, body])


Sum: TypeAlias = tuple[Summand, ...]
"""Summands of one shape; the empty sum is zero."""


def single(*factors: Factor, coefficient: int | Fraction = 1, scalars: tuple[str, ...] = ()) -> Sum:
    """A sum of one product."""
    return (Summand(coefficient, scalars, factors),)


def sum_tex(terms: Sum, magnitude: Callable[[Summand], str] = attrgetter("magnitude_tex")) -> str:
    """TeX of a sum, with signs between the summands; ``magnitude`` gives the TeX of each without its sign."""
    signs = [" - " if term.coefficient < 0 else " + " for term in terms]
    text = "".join(sign + magnitude(term) for sign, term in zip(signs, terms, strict=True))
    return (f"-{text[3:]}" if text.startswith(" - ") else text[3:]) or "0"


def bracketed(terms: Sum) -> str:
    """TeX of a sum as it stands in a product: in parentheses unless it is a single summand."""
    text = sum_tex(terms)
    return rf"\left({text}\right)" if len(terms) > 1 else text


def square_tex(terms: Sum) -> str:
    """TeX of the squared length of a column, as the product of its transpose with itself."""
    return rf"({sum_tex(terms)})^{{\top}}({sum_tex(terms)})"


def norms_tex(terms: Sum) -> str:
    r"""TeX of a sum of squared lengths: v^T X^T X v is \lVert Xv \rVert^2.

    Raises ValueError for a summand that is not the product of a transposed product with that product itself.
    """
    return sum_tex(terms, _norm_tex)


def _norm_tex(term: Summand) -> str:
    half = term.factors[len(term.factors) // 2 :]
    if term != term.T or not half or len(term.factors) % 2:
        raise ValueError(f"{term.magnitude_tex} is not a squared length")
    inside = " ".join(factor.tex for factor in half)
    return term.scaled_tex(rf"\lVert {inside} \rVert^2")


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


def normal_equations(gradient: Sum, variable: Factor) -> tuple[Sum, Sum]:
    """A and b of the equations A v = b that say that a gradient is zero, without the number that all summands share."""
    shared = min((abs(Fraction(term.coefficient)) for term in gradient), default=Fraction(1))
    matrix = jacobian(gradient, variable)
    rest = (term for term in gradient if not term.factors or term.factors[-1] != variable)
    return divided(matrix, shared), divided(minus((), tuple(rest)), shared)


def divided(terms: Sum, number: int | Fraction) -> Sum:
    """A sum divided by a number."""
    return tuple(replace(term, coefficient=_exact(Fraction(term.coefficient) / number)) for term in terms)


def divided_by_scalar(terms: Sum, scalar: str) -> Sum:
    """A sum divided by a scalar symbol, which goes from the summands that have it and divides the others."""

    def without(scalars: tuple[str, ...]) -> tuple[str, ...]:
        place = scalars.index(scalar)
        return scalars[:place] + scalars[place + 1 :]

    return tuple(
        replace(
            term,
            scalars=without(term.scalars) if scalar in term.scalars else (rf"\frac{{1}}{{{scalar}}}", *term.scalars),
        )
        for term in terms
    )


def mixed(terms: Sum) -> tuple[Summand, Summand]:
    """The first two summands that are a scalar and its transpose, written differently.

    Raises StopIteration where there are none.
    """
    products = [term for term in terms if term.is_scalar and term != term.T]
    return next((term, term.T) for term in products if term.T in products)


def _exact(value: int | Fraction) -> int | Fraction:
    return normal_form(Fraction(value))
