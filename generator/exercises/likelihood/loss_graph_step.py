"""One step of gradient descent on the loss of a single sample, by hand through its computational graph."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Self

from generator.draw import Draw, Level
from generator.exact import Log, log
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    OneOrMore,
    Part,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.figure import Figure, GraphEdge, GraphNode, graph_figure
from generator.notation import Value, is_symbolic, rounded, row_tex, tex
from generator.solver import sample_loss as numeric
from generator.solver.likelihood import Terms
from generator.solver.loss_graph import LossGraph, huber_rule, loss_graph
from generator.solver.sample_loss import HUBER, LossName
from generator.solver.single_logarithm import joined, single
from generator.working import Line, Term, line, num, product, total

LOSSES: Mapping[Level, tuple[LossName, ...]] = {
    "easy": ("absolute", "squared"),
    "medium": ("absolute", "squared", "huber"),
    "hard": ("huber", "logistic"),
}
INPUTS: Mapping[Level, int] = {"easy": 1, "medium": 2, "hard": 2}
RATES = tuple(Fraction(1, number) for number in (2, 4, 5, 8, 10, 16, 20))
Weight = int | Fraction | Log
Rational = int | Fraction
GRADIENT, UPDATED = r"\frac{\partial L}{\partial w}", r"w^{\text{new}}"


@exercise(title="One step of gradient descent", source=("A1", "A2"))
@dataclass(frozen=True, slots=True)
class LossGraphStep(Exercise):
    """A loss, weights (the last one belongs to the constant 1), one sample, and a learning rate.

    ``x`` is the sample's input without the constant 1. With the logistic loss, y is 1 or -1.
    """

    loss: LossName
    w: Annotated[tuple[Annotated[Weight, Between(-50, 50)], ...], Length(2, 5)]
    x: Annotated[tuple[Annotated[Rational, Between(-50, 50)], ...], Length(1, 4), OneOrMore()]
    y: Annotated[Rational, Between(-200, 200)]
    learning_rate: Annotated[Rational, Between(0, 10)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        fixed: tuple[Weight, ...] | None = d.given("w", lambda: None)
        loss = d.given("loss", lambda: d.pick(LOSSES[level]))
        inputs = len(fixed) - 1 if fixed else INPUTS[level]
        reach = 2 if loss == "logistic" else 3
        x: tuple[Rational, ...] = d.given("x", lambda: tuple(d.nonzero(-reach, reach) for _ in range(inputs)))
        w = fixed or _draw_weights(d, loss, len(x) + 1)
        if loss == "logistic":
            y: Rational = d.given("y", lambda: d.pick((1, -1)))
        else:
            total_in = sum(Fraction(a) * b for a, b in zip(w, (*x, 1), strict=False) if not isinstance(a, Log))
            y = d.given("y", lambda: int(total_in) + d.nonzero(-5, 5))
        return cls(loss, w, x, y, d.given("learning_rate", lambda: d.pick(RATES)))

    @property
    def inputs(self) -> tuple[Rational, ...]:
        """The input with the constant 1 at its end."""
        return (*self.x, 1)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names of the weights in TeX; the one of the constant has the index 0."""
        return (*(f"w_{place}" for place in range(1, len(self.w))), "w_0")

    def conditions(self) -> Iterable[Condition]:
        yield must("there is a weight for every input and one for the constant 1", len(self.w) == len(self.x) + 1)
        logs = [(weight, entry) for weight, entry in zip(self.w, self.inputs, strict=True) if isinstance(weight, Log)]
        yield must("only the logistic loss has logarithms as weights", not logs or self.loss == "logistic")
        whole = all(isinstance(entry, int) for _, entry in logs)
        short = sum(_bits(weight) * abs(float(entry)) for weight, entry in logs) <= 40
        yield must(
            "weights that are logarithms meet whole inputs, and their sum is no longer than twelve digits",
            whole and short,
        )
        yield must("y is 1 or -1 with the logistic loss", self.loss != "logistic" or self.y in (1, -1))
        yield must("the learning rate is not 0", self.learning_rate > 0)
        numbers = [numeric.real(weight) for weight in self.w]
        here = sum(weight * numeric.real(entry) for weight, entry in zip(numbers, self.inputs, strict=True))
        yield must("the margin y z is not beyond 30 in size", self.loss != "logistic" or abs(here) <= 30)
        if self.loss != "logistic":
            residual = self.forward()["r"].result
            yield must("the residual is not 0, where the gradient vanishes or does not exist", residual != 0)
            yield must(
                f"the residual is not {HUBER} or -{HUBER}, where Huber's loss changes its rule",
                self.loss != "huber" or abs(residual) != HUBER,
            )
            yield wanted("the residual is small", abs(residual) <= 6)
        yield wanted("no input and no weight is 0", all(self.x) and all(map(float, self.w)))
        yield wanted("y is not 0", self.y != 0)
        yield wanted("the prediction is not 0", float(self.prediction) != 0)
        yield wanted("no two inputs are equal, and none is 1", len(set(self.inputs)) == len(self.inputs))
        if logs:
            odds = self.prediction.argument if isinstance(self.prediction, Log) else Fraction(1)
            yield wanted("the odds are small numbers", max(odds.numerator, odds.denominator) <= 12)
            yield wanted("the weights differ", len(set(self.w)) == len(self.w))
        before, after = float(self.forward()["L"].result), float(self.updated_loss)
        yield wanted("the step lowers the loss, but not to 0", 1e-9 < after < before)
        if self.loss != "logistic":
            yield wanted(
                "the updated weights are simple fractions", all(Fraction(w).denominator <= 20 for w in self.updated)
            )

    @property
    def prediction(self) -> Any:
        """The product of the weights with the input: one logarithm where all weights are logarithms."""
        return _scalar_product(self.w, self.inputs)

    def forward(self) -> Mapping[str, Line]:
        """The worked values of the graph, in order."""
        return _forward_lines(self)

    @property
    def slope(self) -> tuple[Line, ...]:
        """The worked derivatives of the loss along the graph, back to the one with respect to z."""
        return _slope_lines(self)

    @property
    def gradient(self) -> tuple[Value, ...]:
        """The gradient of the loss with respect to the weights."""
        return tuple(_exact(product([self.slope[-1].result, entry])) for entry in self.inputs)

    def stepped(self, gradient: Sequence[Value], rate: Value) -> tuple[Value, ...]:
        """The weights after a step against a gradient."""
        pairs = zip(self.w, gradient, strict=True)
        return tuple(_exact(num(weight) - product([rate, slope])) for weight, slope in pairs)

    @property
    def updated(self) -> tuple[Value, ...]:
        """The weights after the step."""
        return self.stepped(self.gradient, self.learning_rate)

    def loss_at(self, weights: Sequence[Value]) -> Value:
        """The exact loss for other weights."""
        return _loss_value(self.loss, _scalar_product(weights, self.inputs), self.y)

    @property
    def updated_loss(self) -> Value:
        """The exact loss after the step."""
        return self.loss_at(self.updated)

    @property
    def graph(self) -> LossGraph:
        """The loss as a graph, with the rule that holds at the sample."""
        return _graph(self.loss, self.prediction, self.y)

    def solve(self) -> Solution:
        forward, gradient, updated, graph = self.forward(), self.gradient, self.updated, self.graph
        steps = tuple(
            line(
                f"{name}^{{\\text{{new}}}}",
                num(weight) - product([self.learning_rate, slope]),
                rf"{name} - \alpha \frac{{\partial L}}{{\partial {name}}}",
            )
            for name, weight, slope in zip(self.symbols, self.w, gradient, strict=True)
        )
        return Solution(
            (
                Part("a", "figure", None, 3, space=Space("blank", 8)),
                Part(
                    "b",
                    "table",
                    {name: entry.result for name, entry in forward.items()},
                    3,
                    work={"lines": tuple(forward.values())},
                    space=Space("boxes", names=tuple(forward)),
                ),
                _vector_part("c", GRADIENT, graph.gradient[-1], gradient, 4, {"lines": self.slope}),
                _vector_part("d", UPDATED, graph.updated, updated, 3, {"lines": steps}),
                Part("e", "number", self.updated_loss, 2, work=self._update_work()),
            ),
            work={"graph": graph, "rules": (huber_rule(False), huber_rule(True)), "threshold": HUBER},
        )

    def _update_work(self) -> Mapping[str, Value]:
        z = _prediction_line(self.updated, self.inputs, r"(w^{\text{new}})^\top \bar{x}")
        value = self.updated_loss
        decimal: Decimal | None = rounded(value, 4) if is_symbolic(value) else None
        lowered = float(value) < float(self.forward()["L"].result)
        lines = (z, *_loss_lines(self.loss, z.result, self.y).values())
        return {"lines": lines, "decimal": decimal, "lowered": lowered}

    def check(self, solution: Solution) -> Iterable[Check]:
        w, x = [numeric.real(weight) for weight in self.w], [numeric.real(entry) for entry in self.x]
        y, rate = numeric.real(self.y), numeric.real(self.learning_rate)
        found = numeric.gradient(self.loss, w, x, y)
        new = [weight - rate * slope for weight, slope in zip(w, found, strict=True)]
        z = sum(weight * entry for weight, entry in zip(w, (*x, 1), strict=True))
        here = {"z": z, **self._between(float(z)), "L": numeric.sample_loss(self.loss, w, x, y)}
        yield agree("b", "every value in floating point, the loss to fifty digits", solution["b"].answer, here)
        # The answers are asked in these two; a form on the way to them has the names between, too.
        allowed = {"y": y, "z": here["z"]}
        steps = {**here, "y": y}
        for part, expected in (("c", found), ("d", new)):
            answer = solution[part].answer
            own = zip((*x, 1), w, strict=True)
            components = [
                _at_numbers(answer["expression"], {**allowed, "xbar": entry, "w": weight, "alpha": rate})
                for entry, weight in own
            ]
            both = {"expression": expected, "value": expected}
            yield agree(part, "central differences", {"expression": components, "value": answer["value"]}, both)
        # The formulas hold for any weight, input and learning rate; the slope for the constant 1 is that by z.
        slope = found[-1] * 2.3
        for part, there in (("c", slope), ("d", 0.6 - 0.3 * slope)):
            elsewhere = {**allowed, "xbar": 2.3, "w": 0.6, "alpha": 0.3}
            shown = _at_numbers(solution[part].answer["expression"], elsewhere)
            yield agree(part, "central differences, at a made-up input", shown, there)
        printed = solution.work["graph"].gradient
        forms = tuple(_at_numbers(form.meaning, {**steps, "xbar": 2.3}) for form in printed)
        yield agree("c", "central differences, for every form of the gradient", forms, (slope,) * len(forms))
        yield agree(
            "e",
            "the loss recomputed from the new weights",
            solution["e"].answer,
            numeric.sample_loss(self.loss, new, x, y),
        )

    def _between(self, z: float) -> Mapping[str, float]:
        """What the graph has between the prediction and the loss, in floating point."""
        y = float(self.y)
        if self.loss != "logistic":
            return {"r": y - z}
        return {"m": y * z, "p": math.exp(-y * z), "s": 1 + math.exp(-y * z)}

    def pattern(self) -> str:
        if self.loss != "huber":
            return f"loss={self.loss}"
        after = _scalar_product(self.updated, self.inputs)
        sizes = ("large" if _is_large(z, self.y) else "small" for z in (self.prediction, after))
        return f"loss=huber, residual={' then '.join(sizes)}"

    def slips(self) -> Iterable[Slip]:
        formula, gradient, rate = self.graph.gradient[-1].meaning, self.gradient, self.learning_rate
        w, alpha = _symbol("w"), _symbol("alpha")
        opposite = tuple(_exact(-num(slope)) for slope in gradient)
        short = (*gradient[:-1], 0)
        without_one = formula.subs(_symbol("xbar"), _symbol("x"))
        forgotten = _prediction_line(self.w[:-1], self.x, "").result
        lines = _loss_lines(self.loss, forgotten, self.y)
        yield Slip("b", "the constant 1 forgotten", {"z": forgotten} | {n: entry.result for n, entry in lines.items()})
        turned = f"sign of the {'margin' if self.loss == 'logistic' else 'residual'} turned"
        yield _vector_slip("c", turned, GRADIENT, (-formula,), opposite)
        yield _vector_slip("c", "the constant 1 forgotten in the gradient", GRADIENT, (without_one,), short)
        for name, direction, factor, change in (
            ("step uphill", opposite, rate, alpha * formula),
            ("learning rate forgotten", gradient, 1, -formula),
            ("the constant 1 forgotten in the gradient", short, rate, -alpha * without_one),
        ):
            if name == "learning rate forgotten" and rate == 1:
                continue
            weights = self.stepped(direction, factor)
            yield _vector_slip("d", name, UPDATED, (w, change), weights)
            yield Slip("e", name, self.loss_at(weights))

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        return {"graph": _drawing(self, solution)}


def _symbol(name: str) -> Any:
    import sympy

    return sympy.Symbol(name)


def _at_numbers(expression: Value, values: Mapping[str, Any]) -> float:
    """An expression at some numbers, which keep their digits; no number where it has other names in it."""
    import sympy

    numbers = {_symbol(name): sympy.Float(str(value), 50) for name, value in values.items()}
    value = expression.xreplace(numbers)
    return math.nan if value.free_symbols else float(value)


def _exact(work: Term) -> Value:
    return line("", work).result


def _vector_part(
    part: str, left: str, shown: Terms, value: tuple[Value, ...], points: int, work: Mapping[str, Value]
) -> Part:
    """A part that asks for a vector, once as an expression and once in numbers."""
    return Part(
        part,
        "table",
        {"expression": shown.meaning, "value": value},
        points,
        work=work,
        tex=f"{left} = {shown.tex} = {row_tex(value)}",
        names={"expression": rf"{left} \text{{ (expression)}}", "value": rf"{left} \text{{ (value)}}"},
    )


def _vector_slip(part: str, name: str, left: str, terms: tuple[Value, ...], value: tuple[Value, ...]) -> Slip:
    answer = {"expression": Terms(terms).meaning, "value": value}
    return Slip(part, name, answer, apart=True, tex=f"{left} = {_vector_tex(terms)} = {row_tex(value)}")


def _vector_tex(terms: tuple[Value, ...]) -> str:
    """The terms with their vector last, also where that is the input without its 1."""
    x, with_one = _symbol("x"), _symbol("xbar")
    if not any(term.has(x) for term in terms):
        return Terms(terms).tex
    return Terms(tuple(term.xreplace({x: with_one}) for term in terms)).tex.replace(tex(with_one), "x")


def _bits(weight: Log) -> int:
    return max(weight.argument.numerator, weight.argument.denominator).bit_length()


def _scalar_product(weights: Sequence[Value], inputs: Sequence[Rational]) -> Any:
    """The sum of products; one logarithm where all weights are logarithms."""
    if all(isinstance(weight, Log) for weight in weights):
        result = Fraction(1)
        for weight, entry in zip(weights, inputs, strict=True):
            result *= weight.argument ** int(entry)
        return log(result)
    value = _exact(total([product([weight, entry]) for weight, entry in zip(weights, inputs, strict=True)]))
    return joined(value)


def _prediction_line(weights: Sequence[Value], inputs: Sequence[Rational], formula: str) -> Line:
    """The product of weights and inputs, worked out."""
    products = [product([weight, entry]) for weight, entry in zip(weights, inputs, strict=True)]
    return line("z", single(total(products)), formula)


def _graph(loss: LossName, z: Any, y: Rational) -> LossGraph:
    return loss_graph(loss, loss == "huber" and _is_large(z, y))


def _is_large(z: Any, y: Rational) -> bool:
    """Whether the residual lies beyond Huber's threshold."""
    return abs(Fraction(y) - Fraction(z)) > HUBER


@lru_cache(maxsize=256)
def _loss_lines(loss: LossName, z: Any, y: Rational) -> Mapping[str, Line]:
    """The worked values after z."""
    from generator.solver.substitution import worked

    values, lines = {_symbol("y"): y, _symbol("z"): z}, {}
    for step in _graph(loss, z, y).steps:
        lines[step.name] = line(step.name, single(worked(step.formula.terms, values)), step.formula.tex)
        values[_symbol(step.name)] = lines[step.name].result
    return lines


@lru_cache(maxsize=256)
def _forward_lines(q: LossGraphStep) -> Mapping[str, Line]:
    z = _prediction_line(q.w, q.inputs, r"w^\top \bar{x}")
    return {"z": z, **_loss_lines(q.loss, q.prediction, q.y)}


def _loss_value(loss: LossName, z: Any, y: Rational) -> Value:
    return _loss_lines(loss, z, y)["L"].result


@lru_cache(maxsize=256)
def _slope_lines(q: LossGraphStep) -> tuple[Line, ...]:
    """The derivative of the loss by every value before it, each from the one after it."""
    from generator.solver.substitution import worked

    values = {_symbol(name): entry.result for name, entry in q.forward().items()} | {_symbol("y"): q.y}
    lines: list[Line] = []
    for step in reversed(q.graph.steps):
        work, formula = worked(step.derivative.terms, values), step.derivative.tex
        if lines:
            after = lines[-1]
            formula = rf"{after.left} \cdot {f'({formula})' if formula.startswith('-') else formula}"
            work = product([after.result, work])
        lines.append(line(rf"\frac{{\partial L}}{{\partial {step.before}}}", work, formula))
    return tuple(lines)


def _draw_weights(d: Draw, loss: LossName, count: int) -> tuple[Weight, ...]:
    if loss == "logistic":
        return tuple(Log(d.pick((Fraction(2), Fraction(3), Fraction(1, 2), Fraction(1, 3)))) for _ in range(count))
    return tuple(d.nonzero(-3, 3) for _ in range(count))


def _drawing(q: LossGraphStep, solution: Solution) -> Figure:
    """The graph with every edge's value, and what the backward pass finds for it."""
    values = solution["b"].answer
    names = list(values)
    marks = {
        "absolute": (r"|\cdot|",),
        "squared": (r"(\cdot)^2",),
        "huber": (r"\text{Huber}",),
        "logistic": (r"\exp(-\,\cdot)", r"1+\cdot", r"\ln"),
    }[q.loss]
    join = r"\times" if q.loss == "logistic" else "y-z"
    operations = [r"w^\top \bar{x}", join, *marks]
    nodes = [GraphNode("w", "w", "input"), GraphNode("x", r"\bar{x}", "input"), GraphNode("y", "y", "input")]
    nodes += [GraphNode(name, mark) for name, mark in zip(names, operations, strict=True)]
    nodes.append(GraphNode("end", "L", "output"))
    # The slopes end with the one of z; the first edges are those from z on.
    slopes = [entry.result for entry in reversed(q.slope)]
    edges = [
        GraphEdge("w", "z", row_tex(q.w), row_tex(q.gradient)),
        GraphEdge("x", "z", row_tex(q.inputs)),
        GraphEdge("y", names[1], tex(q.y)),
    ]
    for place, name in enumerate(names[:-1]):
        edges.append(GraphEdge(name, names[place + 1], _edge(name, values[name]), tex(slopes[place])))
    edges.append(GraphEdge("L", "end", _edge("L", values["L"]), "1"))
    return graph_figure(
        nodes, edges, description="The computational graph of the loss with its values and derivatives."
    )


def _edge(name: str, value: Value) -> str:
    return f"{name}={tex(value)}"
