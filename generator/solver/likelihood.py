"""The likelihood of a one-parameter family: density, log-likelihood, score, maximum, with every step of the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, get_args

Family = Literal[
    "exponential",
    "exponential-mean",
    "poisson",
    "bernoulli",
    "geometric",
    "normal-mean",
    "normal-variance",
    "laplace-scale",
    "rayleigh",
    "pareto",
    "gamma-rate",
    "weibull-scale",
    "log-normal-mean",
    "uniform",
]
FAMILIES: tuple[Family, ...] = get_args(Family)

Domain = Literal["positive", "probability", "real"]
Support = Literal["real", "positive", "nonnegative", "count", "trials", "bit", "from known"]
Role = Literal["variance", "mean", "location", "minimum", "shape"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a family is besides its formula: where parameter and data live, and which constant is known."""

    domain: Domain
    support: Support
    known: Role | None = None


SHAPES: Mapping[Family, Shape] = {
    "exponential": Shape("positive", "nonnegative"),
    "exponential-mean": Shape("positive", "nonnegative"),
    "poisson": Shape("positive", "count"),
    "bernoulli": Shape("probability", "bit"),
    "geometric": Shape("probability", "trials"),
    "normal-mean": Shape("real", "real", "variance"),
    "normal-variance": Shape("positive", "real", "mean"),
    "laplace-scale": Shape("positive", "real", "location"),
    "rayleigh": Shape("positive", "positive"),
    "pareto": Shape("positive", "from known", "minimum"),
    "gamma-rate": Shape("positive", "positive", "shape"),
    "weibull-scale": Shape("positive", "positive", "shape"),
    "log-normal-mean": Shape("real", "positive", "variance"),
    "uniform": Shape("positive", "nonnegative"),
}


def sensible_known(family: Family, known: int | Fraction | None) -> bool:
    """Whether a known constant is what the family needs (None where it needs none)."""
    role = SHAPES[family].known
    if role is None or known is None:
        return role is None and known is None
    if role == "shape":
        return known in (1, 2, 3, 4)
    return known > 0 if role in ("variance", "minimum") else True


def in_support(family: Family, known: int | Fraction | None, x: int | Fraction) -> bool:
    """Whether an observation is possible."""
    support = SHAPES[family].support
    whole = x == int(x)
    if support == "from known":
        return known is not None and x >= known
    ranges: Mapping[str, bool] = {
        "real": True,
        "positive": x > 0,
        "nonnegative": x >= 0,
        "count": whole and x >= 0,
        "trials": whole and x >= 1,
        "bit": x in (0, 1),
    }
    return ranges[support]


@dataclass(frozen=True, slots=True)
class Names:
    """What the parameter and the data are called, as SymPy writes them; the sample size is n."""

    parameter: str
    data: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A displayed sum: SymPy expressions in the order in which they are written."""

    terms: tuple[Any, ...]

    @property
    def meaning(self) -> Any:
        """The sum as one SymPy expression."""
        import sympy

        return sympy.Add(*self.terms)

    @property
    def tex(self) -> str:
        """The sum in TeX."""
        from generator.solver.formula_tex import sum_tex

        return sum_tex(self.terms)


@dataclass(frozen=True, slots=True)
class Factors:
    """A density (or probability) as a product of powers: pairs of base and exponent, as it is written."""

    pairs: tuple[tuple[Any, Any], ...]

    @property
    def meaning(self) -> Any:
        """The product as one SymPy expression."""
        import sympy

        return sympy.Mul(*(base**exponent for base, exponent in self.pairs))

    @property
    def tex(self) -> str:
        """The product in TeX."""
        from generator.solver.formula_tex import powers_tex

        return powers_tex(self.pairs)


@dataclass(frozen=True, slots=True)
class Root:
    """A displayed root: its radicand and its degree. The root of degree 1 is the radicand itself."""

    radicand: Terms
    degree: int

    @property
    def meaning(self) -> Any:
        """The root as a SymPy expression."""
        import sympy

        return sympy.root(self.radicand.meaning, self.degree)

    @property
    def tex(self) -> str:
        """The root in TeX, all of the radicand under one sign."""
        if self.degree == 1:
            return self.radicand.tex
        return rf"\sqrt{f'[{self.degree}]' if self.degree > 2 else ''}{{{self.radicand.tex}}}"


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the score vanishes: the score is ``(top - bottom * parameter**power) / multiplier``.

    ``cleared`` is the score times the positive multiplier, term by term; ``collected`` the same, multiplied out;
    ``moved`` its second term on the other side. ``ratio`` is top / bottom, the estimator to the ``power``.
    ``statistic`` is the one sum in which the data enter. ``concave``: every term of the second derivative is
    negative. ``inserted`` has these terms at the stationary point, where the statistic is ``implied``, and
    ``curvature`` is what they add up to.
    """

    multiplier: Terms
    cleared: Terms
    collected: Terms
    moved: Terms
    top: Terms
    bottom: Terms
    ratio: Terms
    power: int
    statistic: Any
    implied: Terms
    concave: bool
    inserted: Terms
    curvature: Terms

    @property
    def estimator(self) -> Root:
        """The estimator."""
        return Root(self.ratio, self.power)

    @property
    def statistic_tex(self) -> str:
        """The sum over the data in TeX."""
        return Terms((self.statistic,)).tex


@dataclass(frozen=True, slots=True)
class Derivation:
    """All steps from a density to its estimator; ``maximum`` is None where the score has no zero.

    ``single`` is the density of one observation x(i), ``likelihood`` that of all of them.
    """

    density: Factors
    single: Factors
    likelihood: Factors
    split: Terms
    log_likelihood: Terms
    score: Terms
    score_in_sums: Terms
    second: Terms
    maximum: Maximum | None


@lru_cache(maxsize=4096)
def derive(family: Family, known: int | Fraction | None, names: Names) -> Derivation:
    """The derivation for a family with its known constant, in the wanted symbols."""
    import sympy

    from generator.solver import sample_sums as sums

    data = sympy.Function(names.data)(sums.INDEX)
    symbols = {_theta(): sympy.Symbol(names.parameter), sums.OBSERVATION: data}
    # A plain name in the density itself, where no observation is meant yet.
    symbols[_plain()] = sympy.Symbol(names.data)
    found = _renamed(_general(family, known), symbols)
    assert isinstance(found, Derivation)
    return found


def _theta() -> Any:
    import sympy

    return sympy.Symbol("theta")


def _plain() -> Any:
    import sympy

    return sympy.Symbol("x")


def _renamed(thing: Any, symbols: Mapping[Any, Any]) -> Any:
    if isinstance(thing, tuple):
        return tuple(_renamed(entry, symbols) for entry in thing)
    if isinstance(thing, Terms | Factors | Maximum | Derivation):
        return type(thing)(*(_renamed(getattr(thing, field.name), symbols) for field in fields(thing)))
    return thing.xreplace(symbols) if hasattr(thing, "xreplace") else thing


Pairs = Iterable[tuple[Any, Any]]


def _factors(family: Family, t: Any, x: Any, c: Any) -> Pairs:
    """The density of one observation x with parameter t and known constant c."""
    import sympy

    e, half = sympy.E, sympy.Rational(1, 2)
    table: Mapping[Family, Callable[[], Pairs]] = {
        "exponential": lambda: [(t, 1), (e, -t * x)],
        "exponential-mean": lambda: [(t, -1), (e, -x / t)],
        "poisson": lambda: [(t, x), (sympy.factorial(x), -1), (e, -t)],
        "bernoulli": lambda: [(t, x), (1 - t, 1 - x)],
        "geometric": lambda: [(t, 1), (1 - t, x - 1)],
        "normal-mean": lambda: [(2 * sympy.pi * c, -half), (e, -((x - t) ** 2) / (2 * c))],
        "normal-variance": lambda: [(2 * sympy.pi * t, -half), (e, -((x - c) ** 2) / (2 * t))],
        "laplace-scale": lambda: [(2 * t, -1), (e, -sympy.Abs(x - c) / t)],
        "rayleigh": lambda: [(x, 1), (t, -2), (e, -(x**2) / (2 * t**2))],
        "pareto": lambda: [(t, 1), (c, t), (x, -t - 1)],
        "gamma-rate": lambda: [(t, c), (x, c - 1), (sympy.factorial(c - 1), -1), (e, -t * x)],
        "weibull-scale": lambda: [(c, 1), (x, c - 1), (t, -c), (e, -((x / t) ** c))],
        "log-normal-mean": lambda: [
            (x, -1),
            (2 * sympy.pi * c, -half),
            (e, -((sympy.log(x) - t) ** 2) / (2 * c)),
        ],
        "uniform": lambda: [(t, -1)],
    }
    return [pair for pair in table[family]() if pair[0] != 1 and pair[1] != 0]


@lru_cache(maxsize=512)
def _general(family: Family, known: int | Fraction | None) -> Derivation:
    import sympy

    from generator.solver import sample_sums as sums

    t, x = _theta(), sums.OBSERVATION
    constant = None if known is None else sympy.Rational(*Fraction(known).as_integer_ratio())
    single = tuple(_factors(family, t, x, constant))
    split = tuple(sympy.sympify(exponent) * sympy.log(base) for base, exponent in single)
    collected = tuple(sums.over_sample(term, keep=t) for term in split)
    score = tuple(slope for term in collected for slope in _slopes(term, t))
    in_sums = tuple(part for slope in score for part in sympy.Add.make_args(_apart(slope, t)))
    second = tuple(curve for slope in in_sums if (curve := sympy.diff(slope, t)) != 0)
    return Derivation(
        density=Factors(tuple(_factors(family, t, _plain(), constant))),
        single=Factors(single),
        likelihood=Factors(tuple(_multiplied(base, exponent, t) for base, exponent in single)),
        split=Terms(split),
        log_likelihood=Terms(collected),
        score=Terms(score),
        score_in_sums=Terms(in_sums),
        second=Terms(second),
        maximum=_maximum(in_sums, second, t),
    )


def _multiplied(base: Any, exponent: Any, t: Any) -> tuple[Any, Any]:
    """The product of one power over the sample: of equal bases the exponents are added up."""
    import sympy

    from generator.solver import sample_sums as sums
    from generator.solver.formula_tex import negative

    if not base.has(sums.INDEX):
        return base, sums.over_sample(sympy.sympify(exponent), keep=t)
    sign = -1 if negative(sympy.sympify(exponent)) else 1
    return sympy.Product(base ** (sign * exponent), (sums.INDEX, 1, sums.SIZE)), sign


def _slopes(term: Any, t: Any) -> Iterable[Any]:
    """The derivative of one term, term by term; a sum stays one sum."""
    import sympy

    from generator.solver import sample_sums as sums

    outside, inside = term.as_independent(sympy.Sum, as_Add=False)
    if isinstance(inside, sympy.Sum) and inside.has(t):
        # Only squared deviations (u - t)^2 keep the parameter inside: their derivative is -2 (u - t).
        base, power = inside.function.as_base_exp()
        yield outside * power * -1 * sums.over_sample(base ** (power - 1), keep=t)
    elif (slope := sympy.diff(term, t)) != 0:
        yield slope


def _apart(term: Any, t: Any) -> Any:
    """A term with its sum of deviations split into the sum of the data and the parameter's share."""
    import sympy

    from generator.solver import sample_sums as sums

    outside, inside = term.as_independent(sympy.Sum, as_Add=False)
    if isinstance(inside, sympy.Sum) and inside.has(t):
        return sympy.expand(outside * sums.over_sample(inside.function))
    return term


def _maximum(score: tuple[Any, ...], second: tuple[Any, ...], t: Any) -> Maximum | None:
    import sympy

    hidden = {found: sympy.Dummy() for found in sympy.Add(*score).atoms(sympy.Sum)}
    if not hidden:
        return None
    # Algebra on sums would multiply them out inside; a plain symbol stands for each meanwhile.
    shown = {symbol: found for found, symbol in hidden.items()}
    terms = [term.xreplace(hidden) for term in score]
    multiplier = _common_denominator(terms, t)
    content, polynomial = _primitive(sympy.Add(*(multiplier * term for term in terms)), t)
    multiplier = multiplier / content
    power = polynomial.degree()
    top, bottom = polynomial.coeff_monomial(1), -polynomial.coeff_monomial(t**power)
    moved = sympy.Mul(bottom, t**power)
    (statistic,) = shown
    implied = sympy.solve(top - moved, statistic)[0]
    found = {
        "multiplier": (multiplier,),
        "cleared": tuple(multiplier * term for term in terms),
        "collected": (top, sympy.Mul(-1, bottom, t**power)),
        "moved": (moved,),
        "top": (top,),
        "bottom": (bottom,),
        "ratio": (top / bottom,),
        "implied": (implied,),
        "inserted": tuple(sympy.cancel(term.xreplace(hidden).subs(statistic, implied)) for term in second),
        "curvature": (-power * moved / t / multiplier,),
    }
    return Maximum(
        **{name: Terms(_renamed(terms, shown)) for name, terms in found.items()},
        power=power,
        statistic=shown[statistic],
        concave=all(term.as_coeff_Mul()[0].is_negative for term in second),
    )


def _common_denominator(terms: Iterable[Any], t: Any) -> Any:
    """The product of the highest powers of everything that stands below a fraction line and has the parameter."""
    import sympy

    powers: dict[Any, Any] = {}
    for term in terms:
        for base, exponent in (factor.as_base_exp() for factor in sympy.Mul.make_args(term)):
            if base.has(t) and exponent.is_negative:
                powers[base] = max(powers.get(base, 0), -exponent)
    return sympy.Mul(*(base**power for base, power in powers.items()))


def _primitive(expression: Any, t: Any) -> tuple[Any, Any]:
    """The rational content of a polynomial in the parameter, and the polynomial without it."""
    import sympy

    content, rest = sympy.expand(expression).as_content_primitive()
    return content, sympy.Poly(rest, t)
