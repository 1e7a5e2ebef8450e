"""The chain rule along a graph: every derivative from those of its neighbours, backwards from y or forwards from x."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from generator.notation import flat_parentheses
from generator.solver.graphs.rules import SYMBOLS, local_derivative, name_tex
from generator.solver.graphs.steps import Graph
from generator.solver.graphs.symbolic import expression_tex, symbol


def derivative_tex(top: str, bottom: str) -> str:
    """The name of a derivative in TeX."""
    return rf"\frac{{\partial {name_tex(top)}}}{{\partial {name_tex(bottom)}}}"


@dataclass(frozen=True, slots=True)
class Link:
    """One summand of the chain rule: a derivative found before (SymPy) times a local one (SymPy).

    ``name`` is the TeX name of the former, empty where that is the derivative of a quantity by itself.
    """

    via: str
    name: str
    known: Any
    local: Any


@dataclass(frozen=True, slots=True)
class Chain:
    """The derivative of ``top`` with respect to ``bottom`` in terms of the graph's quantities, with its summands."""

    top: str
    bottom: str
    links: tuple[Link, ...]
    result: Any

    @property
    def left(self) -> str:
        """The derivative's name in TeX."""
        return derivative_tex(self.top, self.bottom)

    @property
    def formula(self) -> str:
        """The chain rule with its local derivatives written out."""
        return _joined((link.name, link.local) for link in self.links)

    @property
    def substituted(self) -> str:
        """The chain rule with everything written out."""
        return _joined((_factor(link.known) if link.name else "", link.local) for link in self.links)

    @property
    def final(self) -> str:
        """The result in TeX."""
        return expression_tex(self.result)

    @property
    def aligned(self) -> str:
        """The rows of the worked derivative, for an ``aligned`` environment."""
        # Of rows that show the same but for a dot, the last one stays.
        rows = {_bare(row): row for row in (self.formula, self.substituted, self.final)}
        first, *rest = rows.values()
        return r" \\ ".join((f"{self.left} &= {first}", *(f"&= {row}" for row in rest)))


def _bare(row: str) -> str:
    return row.replace(r"\cdot", "").replace(" ", "")


def _factor(expression: Any) -> str:
    text = expression_tex(expression)
    return flat_parentheses(rf"\left({text}\right)") if expression.is_Add or text.startswith("-") else text


def _joined(pairs: Iterable[tuple[str, Any]]) -> str:
    """A sum of products; a factor that is a sum or negative stands in parentheses, a lone local derivative does not."""
    text = ""
    for known, local in pairs:
        term = rf"{known} \cdot {_factor(local)}" if known else expression_tex(local)
        if not text:
            text = term
        else:
            text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def _chain(top: str, bottom: str, links: tuple[Link, ...]) -> Chain:
    shares: dict[Any, Any] = {}
    for link in links:
        shares[link.known] = shares.get(link.known, 0) + link.local
    return Chain(top, bottom, links, factored_sum([known * local for known, local in shares.items()]))


def factored_sum(terms: Sequence[Any]) -> Any:
    """The sum of some SymPy products with their common factors in front, as one writes it by hand."""
    from sympy import Add, Mul

    if len(terms) < 2:
        return Add(*terms)
    first, *others = (list(Mul.make_args(term)) for term in terms)
    common = []
    for factor in list(first):
        if all(factor in other for other in others):
            common.append(factor)
            for factors in (first, *others):
                factors.remove(factor)
    rest = Add(*(Mul(*factors) for factors in (first, *others)))
    # -2 (2 f_1 + f_2) x, not (-4 f_1 - 2 f_2) x; SymPy itself multiplies a number and a sum out if they are alone.
    content, rest = rest.primitive()
    sign = -1 if all(term.as_coeff_Mul()[0].is_negative for term in Add.make_args(rest)) else 1
    return Mul(sign * content, *common, sign * rest)


@lru_cache(maxsize=1024)
def reverse_chains(graph: Graph) -> Mapping[str, Chain]:
    """The derivatives of the output with respect to every quantity before it, last one first (reverse mode)."""
    import sympy

    output, symbols = graph.output, {name: symbol(name) for name in graph.names}
    known = {output: sympy.Integer(1)}
    chains = {}
    for name in graph.backwards():
        links = tuple(
            Link(
                step.name,
                "" if step.name == output else derivative_tex(output, step.name),
                known[step.name],
                local_derivative(SYMBOLS, step, name, symbols),
            )
            for step in graph.users(name)
        )
        chains[name] = _chain(output, name, links)
        known[name] = chains[name].result
    return chains


@lru_cache(maxsize=1024)
def forward_chains(graph: Graph, start: str) -> Mapping[str, Chain]:
    """The derivatives of every step with respect to one input, first one first (forward mode)."""
    import sympy

    symbols = {name: symbol(name) for name in graph.names}
    known = {name: sympy.Integer(int(name == start)) for name in graph.inputs}
    chains = {}
    for step in graph.steps:
        links = tuple(
            Link(
                source,
                "" if source == start else derivative_tex(source, start),
                known[source],
                local_derivative(SYMBOLS, step, source, symbols),
            )
            for source in step.sources
            if known[source] != 0
        )
        chains[step.name] = _chain(step.name, start, links)
        known[step.name] = chains[step.name].result
    return chains
