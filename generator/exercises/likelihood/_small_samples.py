"""Small samples whose maximum-likelihood estimate is exact and simple, listed family by family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement

from generator.draw import Draw, Level
from generator.exact import normal_form
from generator.solver.likelihood import Family, Names, derive

Constant = int | Fraction | None
Values = tuple[int | Fraction, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn for a family: names for its parameter, known constants, sizes of one observation's share."""

    parameters: tuple[str, ...]
    shares: tuple[int, ...]
    known: tuple[int | None, ...] = (None,)


PLANS: Mapping[Family, Plan] = {
    "exponential": Plan(("lamda", "theta", "alpha"), tuple(range(1, 10))),
    "exponential-mean": Plan(("theta", "mu", "tau"), tuple(range(1, 10))),
    "poisson": Plan(("lamda", "mu", "theta"), tuple(range(8))),
    "bernoulli": Plan(("p", "theta", "q"), (0, 1)),
    "geometric": Plan(("p", "theta", "q"), tuple(range(1, 8))),
    "normal-mean": Plan(("mu", "theta", "a"), tuple(range(-3, 9)), (2, 3, 4, 5)),
    "normal-variance": Plan(("v", "theta", "tau"), tuple(range(6)), (-2, -1, 1, 2, 3, 4)),
    "laplace-scale": Plan(("b", "theta", "s"), tuple(range(7)), (-2, -1, 1, 2, 3, 4)),
    "rayleigh": Plan(("sigma", "theta", "s"), tuple(range(1, 9))),
    "pareto": Plan(("alpha", "theta", "a"), tuple(range(1, 5)), (2, 3)),
    "gamma-rate": Plan(("lamda", "theta", "b"), tuple(range(1, 10)), (2, 3, 4)),
    "weibull-scale": Plan(("lamda", "theta", "s"), tuple(range(1, 9)), (2,)),
    "log-normal-mean": Plan(("mu", "theta", "a"), tuple(range(-2, 5)), (2, 3, 4, 5)),
    "uniform": Plan(("theta", "b", "c"), tuple(range(2, 20))),
}
SIGNED: tuple[Family, ...] = ("normal-variance", "laplace-scale")
SQUARED: tuple[Family, ...] = ("normal-variance", "rayleigh", "weibull-scale")
SIZES: Mapping[Level, tuple[int, ...]] = {"easy": (3, 4), "medium": (4, 5), "hard": (5, 6)}
LARGEST_SUM = 60


def draw_known(d: Draw, family: Family) -> Constant:
    """A known constant for a family that has one."""
    return d.pick(PLANS[family].known)


def draw_sample(d: Draw, family: Family, known: Constant, level: Level) -> Values:
    """A sample of the level's size, in random order."""
    size = d.pick(SIZES[level]) + (2 if family == "bernoulli" else 0)
    if family == "uniform":
        return d.sample(PLANS[family].shares, size)
    usual = known if known in PLANS[family].known else PLANS[family].known[0]
    # Three observations are too few for some families: then it is four.
    totals = good_shares(family, usual, size) or good_shares(family, usual, size + 1)
    # One total first: each has the same chance, however many samples lead to it.
    shares = d.shuffled(d.pick(d.pick(totals)))
    if family in SIGNED:
        return tuple((known or 0) + d.pick((-1, 1)) * share for share in shares)
    if family == "pareto":
        # Powers of the minimum itself make all logarithms multiples of one.
        least, base = (1, known) if known in PLANS[family].known else (known, 2)
        return tuple(normal_form(Fraction(least or 1) * Fraction(base or 2) ** share) for share in shares)
    if family == "log-normal-mean":
        base = d.pick((2, 3)) if max(map(abs, shares)) <= 3 else 2
        return tuple(normal_form(Fraction(base) ** share) for share in shares)
    return shares


@lru_cache(maxsize=512)
def good_shares(family: Family, known: int | None, size: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """All samples with a simple estimate, grouped by the value of the sum that the estimate depends on."""
    groups: dict[int, list[tuple[int, ...]]] = {}
    # Powers of 3 grow fast: one exponent less keeps the data small.
    options = PLANS[family].shares[:-1] if family == "pareto" and known == 3 else PLANS[family].shares
    for shares in combinations_with_replacement(options, size):
        total = sum(share**2 if family in SQUARED else share for share in shares)
        if _varied(shares) and abs(total) <= LARGEST_SUM:
            groups.setdefault(total, []).append(shares)
    return tuple(tuple(found) for total, found in groups.items() if _simple(family, known, size, total))


def _varied(shares: tuple[int, ...]) -> bool:
    """Whether a sample looks like one: three different values, few zeros; zeros and ones need only both occur."""
    if set(shares) <= {0, 1}:
        return len(set(shares)) == 2
    return len(set(shares)) >= 3 and shares.count(0) <= 1


def _simple(family: Family, known: int | None, size: int, total: int) -> bool:
    from generator.solver.sample_sums import SIZE, evaluate

    maximum = derive(family, known, Names("theta", "x")).maximum
    assert maximum is not None
    try:
        # Logarithms are multiples of one and the same here, whose value does not matter.
        ratio = Fraction(evaluate(maximum.ratio.meaning, {SIZE: size, maximum.statistic: total}, ln=lambda _: 1))
    except ZeroDivisionError:
        return False
    estimate = exact_root(ratio, maximum.power)
    return estimate is not None and estimate not in (0, 1) and estimate.denominator <= 10 and abs(estimate) <= 12


def exact_root(value: Fraction, power: int) -> Fraction | None:
    """The rational root of a number that is not negative, or None where there is none."""
    if power == 1:
        return value
    if value < 0:
        return None
    from sympy import integer_nthroot

    (top, exact_top), (bottom, exact_bottom) = (
        integer_nthroot(part, power) for part in (value.numerator, value.denominator)
    )
    return Fraction(int(top), int(bottom)) if exact_top and exact_bottom else None
