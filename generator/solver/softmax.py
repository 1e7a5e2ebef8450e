"""The derivative of the softmax by the quotient rule, and of the cross-entropy behind it, form by form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from generator.notation import Value
from generator.solver.written import Derivation, add, minus, over, partial_tex, quotient_rule, times, written_tex


@dataclass(frozen=True, slots=True)
class SoftmaxDerivative:
    """All of one derivation in the letters of one exercise; i is the index of the output, j that of the logit.

    ``definition`` is p_i, ``sum`` the sum of the exponentials, ``share`` p_i with a name for that sum, ``slope`` the
    derivative of the sum. ``equal`` and ``different`` are the two cases, ``combined`` is both in one formula, and
    ``row`` adds that up over the logits.
    """

    definition: Value
    sum: Value
    share: Value
    slope: Value
    equal: Derivation
    different: Derivation
    combined: Value
    row: Derivation

    @property
    def cases_tex(self) -> str:
        """The two cases as one formula."""
        return (
            rf"\begin{{cases}} {written_tex(self.equal.forms[-1])} & \text{{if }} i = j \\ "
            rf"{written_tex(self.different.forms[-1])} & \text{{if }} i \ne j \end{{cases}}"
        )


@lru_cache(maxsize=16)
def softmax_derivative(
    logit: str, probability: str, total: str, output: str = "i", source: str = "j"
) -> SoftmaxDerivative:
    """The derivation for the letters of the logits, the probabilities and the sum of the exponentials.

    ``output`` and ``source`` are the indices: p_output is differentiated with respect to s_source.
    """
    import sympy

    s, p = sympy.IndexedBase(logit), sympy.IndexedBase(probability)
    i, j, k, K = sympy.symbols(f"{output} {source} k K")
    p_i, p_j, s_i, s_j = (sympy.Symbol(f"{letter}_{n}") for letter in (probability, logit) for n in (output, source))
    S = sympy.Symbol(total)
    top, other = sympy.exp(s_i), sympy.exp(s_j)
    powers = sympy.Sum(sympy.exp(s[k]), (k, 1, K))
    delta = sympy.KroneckerDelta(*sorted((i, j), key=str))
    return SoftmaxDerivative(
        definition=over(top, powers),
        sum=powers,
        share=over(top, S),
        slope=sympy.diff(other, s_j),
        equal=Derivation(
            partial_tex(p_i, s_i),
            (
                quotient_rule(top, S, sympy.diff(top, s_i), sympy.diff(top, s_i)),
                times(over(top, S), add(1, minus(over(top, S)))),
                times(p_i, add(1, minus(p_i))),
            ),
        ),
        different=Derivation(
            partial_tex(p_i, s_j),
            (
                quotient_rule(top, S, sympy.diff(top, s_j), sympy.diff(other, s_j)),
                times(-1, over(top, S), over(other, S)),
                times(-1, p_i, p_j),
            ),
        ),
        combined=times(p_i, add(delta, minus(p_j))),
        row=Derivation(
            rf"\sum_{{{source}=1}}^{{K}} {partial_tex(p_i, s_j)}",
            (
                sympy.Sum(times(p[i], add(delta, minus(p[j]))), (j, 1, K)),
                times(p[i], add(sympy.Sum(delta, (j, 1, K)), minus(sympy.Sum(p[j], (j, 1, K))))),
                times(p[i], add(1, -1)),
                sympy.Integer(0),
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class CrossEntropyDerivative:
    """A linear layer, a softmax and the cross-entropy: the logit and the loss, and the derivatives of the loss.

    They hold for targets that add up to 1.
    """

    logit: Value
    loss: Value
    by_output: Derivation
    by_logit: Derivation
    by_weight: Derivation


@lru_cache(maxsize=1)
def cross_entropy_derivative() -> CrossEntropyDerivative:
    """Bishop, Pattern Recognition and Machine Learning (2006), equations 4.106 to 4.109."""
    import sympy

    s, p, t, x, w = map(sympy.IndexedBase, "sptxw")
    i, j, k, K, N = sympy.symbols("i j k K N")
    ell = sympy.Symbol("ell")
    delta = sympy.KroneckerDelta(j, k)
    summed = rf"\sum_{{k=1}}^{{K}} {partial_tex(ell, p[k])} {partial_tex(p[k], s[j])}"
    gap = add(p[j], minus(t[j]))
    return CrossEntropyDerivative(
        logit=sympy.Sum(times(w[i, j], x[i]), (i, 1, N)),
        loss=minus(sympy.Sum(times(t[j], sympy.log(p[j])), (j, 1, K))),
        by_output=Derivation(partial_tex(ell, p[j]), (minus(t[j] * sympy.diff(sympy.log(p[j]), p[j])),)),
        by_logit=Derivation(
            f"{partial_tex(ell, s[j])} = {summed}",
            (
                sympy.Sum(times(minus(over(t[k], p[k])), times(p[k], add(delta, minus(p[j])))), (k, 1, K)),
                add(minus(t[j]), times(p[j], sympy.Sum(t[k], (k, 1, K)))),
                gap,
            ),
        ),
        by_weight=Derivation(
            rf"{partial_tex(ell, w[i, j])} = {partial_tex(ell, s[j])} {partial_tex(s[j], w[i, j])}",
            (times(gap, x[i]), times(x[i], gap)),
        ),
    )


def named(expression: Value) -> Value:
    """The same formula with a symbol for every member of a family: p_j for p[j]."""
    import sympy

    def symbol(base: Value, *indices: Value) -> Value:
        return sympy.Symbol(f"{base}_{''.join(map(str, indices))}")

    return expression.doit().replace(sympy.Indexed, symbol)
