from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from generator.exact import Log
from generator.solver import graphs
from generator.solver.graphs import Graph, GraphSteps
from generator.solver.graphs.chain import factored_sum

TEXTBOOK = ("f_1 = exp(x)", "f_2 = f_1^2", "f_3 = f_1 + f_2", "f_4 = exp(f_3)", "f_5 = sin(f_3)", "y = f_4 + f_5")
MIXED = ("f_1 = 1/x", "f_2 = log(x)", "f_3 = f_1*f_2", "f_4 = f_3 - 2", "f_5 = -f_4", "f_6 = sqrt(f_5)", "y = f_6/f_1")


def near(expression: Any) -> float:
    """A difference in x at a point, to enough digits that it is 0 where it should be."""
    return abs(float(sympy.N(expression.subs("x", sympy.Rational(5, 4)), 30)))


def textbook() -> Graph:
    return graphs.parse_graph(TEXTBOOK, ("x",))


def from_text(texts: tuple[str, ...]) -> Any:
    """The output as a function of x, by SymPy's own reading of the steps."""
    known: dict[str, Any] = {}
    for text in texts:
        name, right = text.replace("^", "**").split(" = ")
        known[name] = sympy.sympify(right).subs(known)
    return known["y"]


@pytest.mark.parametrize("texts", [TEXTBOOK, MIXED])
def test_steps_are_written_back_as_they_were_read(texts: tuple[str, ...]) -> None:
    assert graphs.parse_graph(texts, ("x",)).texts == texts


def test_spelling_may_vary() -> None:
    free = ("f_1=ln( x )", "f_2 = f_1 ** 2", "f_3 = f_1*f_1", "y = f_2 *f_3")
    exact = ("f_1 = log(x)", "f_2 = f_1^2", "f_3 = f_1^2", "y = f_2*f_3")
    assert graphs.parse_graph(free, ("x",)).texts == exact


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (("y = f_1 + x",), "uses f_1"),
        (("f_1 = exp(x)", "f_1 = sin(x)"), "defines f_1 again"),
        (("x = exp(x)",), "defines x again"),
        (("f_1 = exp(x)", "y = sin(x)"), "f_1 is never used"),
        (("y = x - x",), "the same quantity twice"),
        (("y = exp(2)",), "uses no quantity"),
        (("y = 1/0 + x",), "divides by zero"),
        (("y = exp(sin(x))",), "not one operation"),
        (("y = x^3",), "not one operation"),
        (("y = __import__('os')",), "not one operation"),
        (("exp(x)",), "is not a step"),
        (("y = max(x, 1)",), "is not one of"),
        (("y = exp(e)",), "not one operation"),
    ],
)
def test_what_is_no_graph_is_refused_with_a_reason(texts: tuple[str, ...], problem: str) -> None:
    found = GraphSteps().problem(texts)
    assert found is not None
    assert problem in found


@given(st.lists(st.text(alphabet="xyf_123 =+-*/^()expsinlogab.,", max_size=40), min_size=1, max_size=5))
def test_no_text_breaks_the_reading(texts: list[str]) -> None:
    try:
        graph = graphs.parse_graph(tuple(texts), ("x",))
    except ValueError:
        return
    assert graphs.parse_graph(graph.texts, ("x",)) == graph


@pytest.mark.parametrize("texts", [TEXTBOOK, MIXED])
def test_composed_expression_is_the_function(texts: tuple[str, ...]) -> None:
    graph = graphs.parse_graph(texts, ("x",))
    difference = graphs.composed(graph)["y"] - from_text(texts)
    assert near(difference) < 1e-12


def outer(graph: Graph, name: str) -> Any:
    """The output as a function of the quantity and those before it."""
    expression = sympy.Symbol(graph.output)
    for step in reversed(graph.steps):
        if step.name == name:
            break
        right = str(step).replace("^", "**").split(" = ")[1]
        expression = expression.subs(sympy.Symbol(step.name), sympy.sympify(right))
    return expression


@pytest.mark.parametrize("texts", [TEXTBOOK, MIXED])
def test_every_reverse_derivative_and_every_step_of_it_is_right(texts: tuple[str, ...]) -> None:
    graph = graphs.parse_graph(texts, ("x",))
    own = {
        sympy.Symbol(step.name): sympy.sympify(str(step).replace("^", "**").split(" = ")[1])
        for step in reversed(graph.steps)
    }
    assert tuple(graphs.reverse_chains(graph)) == tuple(reversed(graph.names[:-1]))
    for name, chain in graphs.reverse_chains(graph).items():
        wanted = sympy.diff(outer(graph, name), sympy.Symbol(name))
        for expression in (chain.result, sum(link.known * link.local for link in chain.links)):
            difference = expression - wanted
            for symbol, value in own.items():
                difference = difference.subs(symbol, value)
            assert near(difference) < 1e-10


@pytest.mark.parametrize("texts", [TEXTBOOK, MIXED])
def test_every_forward_derivative_and_every_step_of_it_is_right(texts: tuple[str, ...]) -> None:
    graph = graphs.parse_graph(texts, ("x",))
    composed = graphs.composed(graph)
    back = {sympy.Symbol(name): expression for name, expression in composed.items()}
    for name, chain in graphs.forward_chains(graph, "x").items():
        wanted = sympy.diff(composed[name], sympy.Symbol("x"))
        for expression in (chain.result, sum(link.known * link.local for link in chain.links)):
            assert near(expression.xreplace(back) - wanted) < 1e-10


def test_textbook_derivative() -> None:
    x = sympy.Symbol("x")
    u = sympy.exp(x) + sympy.exp(x) ** 2
    expected = (sympy.exp(u) + sympy.cos(u)) * (1 + 2 * sympy.exp(x)) * sympy.exp(x)
    found = graphs.in_input(textbook(), graphs.reverse_chains(textbook())["x"].result)
    assert sympy.expand(found - expected) == 0


def test_printed_chain_names_what_it_uses() -> None:
    chain = graphs.reverse_chains(textbook())["f_3"]
    assert chain.formula == (
        r"\frac{\partial y}{\partial f_4} \cdot \exp(f_{3})"
        r" + \frac{\partial y}{\partial f_5} \cdot \cos(f_{3})"
    )
    assert chain.substituted.startswith(r"1 \cdot \exp")


def test_worked_values_at_a_point() -> None:
    values = graphs.forward_lines(textbook(), 0)[1]
    assert [values[name] for name in ("f_1", "f_2", "f_3")] == [1, 1, 2]
    assert values["y"] == sympy.exp(2) + sympy.sin(2)
    gradients = graphs.reverse_lines(textbook(), 0)[1]
    assert sympy.expand(gradients["x"] - 3 * (sympy.exp(2) + sympy.cos(2))) == 0
    assert gradients["x"] == graphs.tangent_lines(textbook(), 0)[1]["y"]


def test_a_logarithm_as_point_keeps_values_rational() -> None:
    values = graphs.forward_lines(graphs.parse_graph(("f_1 = exp(x)", "y = f_1^2"), ("x",)), Log(Fraction(3, 2)))[1]
    assert values["y"] == Fraction(9, 4)


def test_shares_of_a_fan_out_add_to_the_derivative() -> None:
    shares = graphs.share_values(textbook(), 0)
    gradients = graphs.reverse_lines(textbook(), 0)[1]
    for name in ("f_1", "f_3"):
        total = sum(value for (source, _), value in shares.items() if source == name)
        assert sympy.expand(total - gradients[name]) == 0


def test_differences_know_no_rules() -> None:
    graph = graphs.parse_graph(("f_1 = sin(x)", "y = f_1^2"), ("x",))
    point = {"x": graphs.real(1)}
    assert float(graphs.difference(graph, point, "y", "x")) == pytest.approx(math.sin(2), abs=1e-15)
    assert float(graphs.difference(graph, point, "y", "f_1")) == pytest.approx(2 * math.sin(1), abs=1e-15)


@pytest.mark.parametrize(
    "texts", [("y = log(x)",), ("y = 1/x",), ("y = sqrt(x)",), ("f_1 = x + 20", "f_2 = exp(f_1)", "y = exp(f_2)")]
)
def test_values_that_are_not_real_or_too_large_are_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"root|divides|beyond"):
        graphs.numeric_values(graphs.parse_graph(texts, ("x",)), {"x": graphs.real(0)})


def test_long_fractions_are_refused() -> None:
    texts = ("f_1 = 123457/654321*x", *(f"f_{n} = f_{n - 1}^2" for n in range(2, 10)), "y = sin(f_9)")
    with pytest.raises(ValueError, match="twelve digits"):
        graphs.forward_lines(graphs.parse_graph(texts, ("x",)), 1)


def test_mistakes_on_the_textbook_graph() -> None:
    found = {
        mistake.name: graphs.at_point(textbook(), 0, mistake.derivatives()["x"])
        for mistake in graphs.mistakes(textbook())
    }
    e2, c2 = sympy.exp(2), sympy.cos(2)
    assert [sympy.expand(value) for value in found.values()] == [2 * e2 + 2 * c2, 3 * e2, 3 * e2 + 3]
    for mistake in graphs.mistakes(textbook()):
        # Both directions along the same wrong local derivatives end at the same wrong value.
        forwards = graphs.at_point(textbook(), 0, mistake.slopes()["y"])
        assert sympy.expand(sympy.sympify(forwards) - sympy.sympify(found[mistake.name])) == 0


def test_rows_that_show_the_same_are_shown_once() -> None:
    graph = graphs.parse_graph(("f_1 = sin(x)", "f_2 = exp(x)", "y = f_1*f_2"), ("x",))
    assert graphs.reverse_chains(graph)["f_1"].aligned == r"\frac{\partial y}{\partial f_1} &= f_{2}"
    graph = graphs.parse_graph(("f_1 = sin(x)", "f_2 = f_1*x", "y = f_1*f_2"), ("x",))
    rows = graphs.reverse_chains(graph)["f_1"].aligned.split(r"\\")
    assert rows[0].endswith(r"\frac{\partial y}{\partial f_2} \cdot x + f_{2} ")
    assert [row.strip() for row in rows[1:]] == ["&= f_{1} x + f_{2}"]


def test_sums_are_factored_as_by_hand() -> None:
    x, a, b = sympy.symbols("x a b")
    assert graphs.expression_tex(factored_sum([-2 * a * x, -b * x])) == "- x (2 a + b)"
    assert graphs.expression_tex(factored_sum([a / (2 * sympy.sqrt(x)), 3 / (2 * sympy.sqrt(x))])) == (
        r"\frac{a + 3}{2 \sqrt{x}}"
    )
    assert factored_sum([a * x, -b]) == a * x - b


def test_a_sine_keeps_its_argument_in_print() -> None:
    graph = graphs.parse_graph(
        ("f_1 = x^2", "f_2 = x - f_1", "f_3 = sin(f_2)", "f_4 = cos(f_2)", "y = f_3*f_4"), ("x",)
    )
    x = sympy.Symbol("x")
    assert graphs.whole_tex(graph, 3 * sympy.sin(x - x**2)) == r"3 \sin(x - x^{2})"
    assert graphs.whole_tex(graph, x * sympy.cos(x - x**2)) == r"x \cos(x - x^{2})"
    assert graphs.whole_tex(graph, sympy.sin(x**2)) == r"\sin(x^{2})"


def test_only_one_over_a_quantity_is_its_reciprocal() -> None:
    graph = graphs.parse_graph(("f_1 = 1/x", "f_2 = 2/f_1", "y = x/f_2"), ("x",))
    assert [(step.operation, step.operands) for step in graph.steps] == [
        ("reciprocal", ("x",)),
        ("divide", (2, "f_1")),
        ("divide", ("x", "f_2")),
    ]


def test_two_over_a_quantity_is_twice_its_reciprocal() -> None:
    graph = graphs.parse_graph(("f_1 = 2/x", "f_2 = -1/f_1", "y = f_1/f_2"), ("x",))
    # At 3: 2/3, then -3/2, and 2/3 over -3/2.
    values = graphs.forward_lines(graph, 3)[1]
    assert (values["f_1"], values["f_2"], values["y"]) == (Fraction(2, 3), Fraction(-3, 2), Fraction(-4, 9))
    assert graphs.reverse_lines(graph, 3)[1]["x"] == Fraction(8, 27)  # -4/x^2, so 8/x^3


def equal_signs(function: str, at: int) -> tuple[int, str]:
    worked = graphs.forward_lines(graphs.parse_graph((f"y = {function}(x)",), ("x",)), at)[0]["y"]
    return worked.tex.count("="), worked.tex


@pytest.mark.parametrize("function", ["sin", "cos", "log"])
def test_a_value_that_cannot_be_simplified_is_shown_once(function: str) -> None:
    # The formula sin(x), then sin 2: no third form.
    count, text = equal_signs(function, 2)
    assert count == 2, text


def test_a_value_that_can_be_simplified_is_shown_before_and_after() -> None:
    # The cosine is even and the sine odd, so both lose the sign of their argument.
    for function in ("cos", "sin"):
        count, text = equal_signs(function, -2)
        assert count == 3, text
        assert "-2" in text.split("=")[2]
        assert "-2" not in text.split("=")[3]
