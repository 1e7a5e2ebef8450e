"""Densities in plain floating point, and the parameter at which a sample is most likely, found by search alone."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence

from generator.solver.likelihood import SHAPES, Domain, Family

Complex = complex | float


def _normal(x: float, mean: Complex, variance: Complex) -> Complex:
    return -cmath.log(2 * math.pi * variance) / 2 - (x - mean) ** 2 / (2 * variance)


LOG_DENSITIES: dict[Family, Callable[[float, Complex, float], Complex]] = {
    # Each takes an observation, the parameter (complex for a derivative), and the known constant.
    "exponential": lambda x, t, _: cmath.log(t) - t * x,
    "exponential-mean": lambda x, t, _: -cmath.log(t) - x / t,
    "poisson": lambda x, t, _: x * cmath.log(t) - t - math.lgamma(x + 1),
    "bernoulli": lambda x, t, _: cmath.log(t if x == 1 else 1 - t),
    "geometric": lambda x, t, _: cmath.log(t) + (x - 1) * cmath.log(1 - t),
    "normal-mean": _normal,
    "normal-variance": lambda x, t, mean: _normal(x, mean, t),
    "laplace-scale": lambda x, t, location: -cmath.log(2 * t) - abs(x - location) / t,
    "rayleigh": lambda x, t, _: math.log(x) - 2 * cmath.log(t) - x**2 / (2 * t**2),
    "pareto": lambda x, t, least: cmath.log(t / x) + t * math.log(least / x),
    "gamma-rate": lambda x, t, k: k * cmath.log(t) + (k - 1) * math.log(x) - t * x - math.lgamma(k),
    "weibull-scale": lambda x, t, k: cmath.log(k / t) + (k - 1) * cmath.log(x / t) - (x / t) ** k,
    "log-normal-mean": lambda x, t, variance: _normal(math.log(x), t, variance) - math.log(x),
    "uniform": lambda x, t, _: -cmath.log(t) if x <= t.real else -math.inf,
}
"""The logarithm of each density, written down apart from the symbolic ones."""


def log_likelihood(family: Family, known: float, sample: Sequence[float], parameter: float) -> float:
    """The logarithm of the likelihood, observation by observation."""
    density = LOG_DENSITIES[family]
    return math.fsum(density(x, parameter, known).real for x in sample)


def slope(family: Family, known: float, sample: Sequence[float], parameter: float) -> float:
    """Its derivative by a complex step: the imaginary part at ``parameter + ih`` over h, without cancellation."""
    density, step = LOG_DENSITIES[family], 1e-30
    return math.fsum(density(x, complex(parameter, step), known).imag for x in sample) / step


def most_likely(family: Family, known: float, sample: Sequence[float]) -> float:
    """The parameter at which the likelihood is largest, by golden-section search and bisection of the slope."""
    to_parameter, low, high = _search_range(SHAPES[family].domain, sample)
    found = _golden_section(lambda u: log_likelihood(family, known, sample, to_parameter(u)), low, high)
    left, right = to_parameter(found - 1e-4), to_parameter(found + 1e-4)
    # At the end of a support the slope does not change its sign, and the search itself is as good as it gets.
    if not slope(family, known, sample, left) > 0 > slope(family, known, sample, right):
        return to_parameter(found)
    for _ in range(40):
        middle = (left + right) / 2
        if slope(family, known, sample, middle) > 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2


def _search_range(domain: Domain, sample: Sequence[float]) -> tuple[Callable[[float], float], float, float]:
    """How the real line covers the parameters, and where on it to look."""
    if domain == "positive":
        return math.exp, -20.0, 20.0
    if domain == "probability":
        return (lambda u: 1 / (1 + math.exp(-u))), -14.0, 14.0
    # A mean lies among the data, or among their logarithms.
    ends = [*sample, *(math.log(x) for x in sample if x > 0)]
    return (lambda u: u), min(ends) - 1, max(ends) + 1


def _golden_section(height: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with a single peak is largest; where it is minus infinity, the peak lies to the right."""
    ratio = (math.sqrt(5) - 1) / 2
    inner_low, inner_high = high - ratio * (high - low), low + ratio * (high - low)
    at_low, at_high = height(inner_low), height(inner_high)
    while high - low > 1e-10:
        if at_low > at_high:
            high, inner_high, at_high = inner_high, inner_low, at_low
            inner_low = high - ratio * (high - low)
            at_low = height(inner_low)
        else:
            low, inner_low, at_low = inner_low, inner_high, at_high
            inner_high = low + ratio * (high - low)
            at_high = height(inner_high)
    return (low + high) / 2
