from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.figure import Circle, Figure, GraphEdge, GraphNode, Label, graph_figure

OPERATIONS = (r"\exp", "+", r"\times", r"\sin", r"(\cdot)^2", r"\ln", r"\max")
VALUES = ("3", "-2", r"\frac{1}{2}", "12", r"\ln 3", r"-\frac{13}{4}")


def exp_and_sin(label: str = "", below: str = "") -> Figure:
    """y = exp(f_3) + sin(f_3) with f_3 = f_1 + f_1^2 and f_1 = exp(x)."""
    nodes = [
        GraphNode("x", "x", "input"),
        GraphNode("f1", r"\exp", value="f_1"),
        GraphNode("f2", r"(\cdot)^2", value="f_2"),
        GraphNode("f3", "+", value="f_3"),
        GraphNode("f4", r"\exp", value="f_4"),
        GraphNode("f5", r"\sin", value="f_5"),
        GraphNode("y", "y", "output"),
    ]
    ends = ["x f1", "f1 f2", "f1 f3", "f2 f3", "f3 f4", "f3 f5", "f4 y", "f5 y"]
    edges = [GraphEdge(source, target, label, below) for source, target in map(str.split, ends)]
    return graph_figure(nodes, edges, description="The function of the question.")


@st.composite
def random_graphs(draw: st.DrawFn) -> Figure:
    size = draw(st.integers(3, 10))
    inputs = draw(st.integers(1, 2))
    arrows: list[tuple[int, int]] = []
    for node in range(inputs, size):
        near = range(max(0, node - 4), node)
        arrows += [(s, node) for s in draw(st.lists(st.sampled_from(near), min_size=1, max_size=2))]
    used = {s for s, _ in arrows}
    arrows += [(node, size - 1) for node in range(size - 1) if node not in used]
    keyed = draw(st.booleans())
    nodes = [
        GraphNode(
            str(n), "x" if n < inputs else draw(st.sampled_from(OPERATIONS)), "input" if n < inputs else "operation"
        )
        for n in range(size)
    ]
    edges = [
        GraphEdge(str(s), str(t), draw(st.sampled_from(VALUES)), draw(st.sampled_from(VALUES)) if keyed else "")
        for s, t in arrows
    ]
    return graph_figure(nodes, edges, description="A random graph.")


@settings(max_examples=60)
@given(random_graphs())
def test_no_label_of_a_random_graph_meets_anything(look: SimpleNamespace, figure: Figure) -> None:
    look.assert_inside(figure)
    look.assert_clear(figure)


@settings(max_examples=40)
@given(random_graphs())
def test_no_arrow_of_a_random_graph_runs_through_a_node(look: SimpleNamespace, figure: Figure) -> None:
    for stroke in look.strokes(figure):
        for box in look.shapes(figure):
            # An arrow may only touch the borders of its two ends; the corners of a circle's box are free.
            near = [p for p in stroke[3:-3] if look.within(p, box)]
            middle = ((box.left + box.right) / 2, (box.bottom + box.top) / 2)
            radius = (box.right - box.left) / 2
            assert all((p.x - middle[0]) ** 2 + (p.y - middle[1]) ** 2 > (0.95 * radius) ** 2 for p in near)


@pytest.mark.parametrize(
    ("label", "below"), [("", ""), ("2", ""), (r"\frac{1}{2}", r"\frac{\partial y}{\partial f_1}=-12")]
)
def test_a_planar_graph_has_no_crossings(look: SimpleNamespace, label: str, below: str) -> None:
    figure = exp_and_sin(label, below)
    assert look.crossings(figure) == 0
    look.assert_clear(figure)
    look.assert_inside(figure)


def test_time_runs_from_left_to_right() -> None:
    figure = exp_and_sin()
    at = {element.tex: element.x for element in figure.elements if isinstance(element, Label)}
    assert at["x"] < at["f_1"] < at["f_2"] < at["f_3"] < at["f_4"] == pytest.approx(at["f_5"])


def test_value_stands_above_and_gradient_below_its_level_edge() -> None:
    nodes = [GraphNode("x", "x", "input"), GraphNode("y", r"\exp")]
    figure = graph_figure(nodes, [GraphEdge("x", "y", "3", "7")], description="One step.")
    at = {element.tex: element for element in figure.elements if isinstance(element, Label)}
    assert at["7"].y < at["x"].y < at["3"].y
    assert at["7"].background is not None
    assert at["3"].background is None


def test_two_edges_with_the_same_ends_are_two_arrows(look: SimpleNamespace) -> None:
    nodes = [GraphNode("x", "x", "input"), GraphNode("p", r"\times")]
    figure = graph_figure(nodes, [GraphEdge("x", "p", "3"), GraphEdge("x", "p", "4")], description="A square.")
    upper, lower = look.strokes(figure)
    assert abs(upper[30].y - lower[30].y) > 10
    assert look.crossings(figure) == 0


def test_everything_written_is_in_the_description() -> None:
    figure = exp_and_sin(r"\frac{1}{2}", r"\ln 3")
    for said in ("The function of the question.", "exp no. 1", "exp no. 2", "sin", "marked f_3", "y (output)"):
        assert said in figure.description
    assert figure.description.count("labelled 1/2, gradient ln 3") == 8
    assert "exp no. 1 → (·)^2, labelled" in figure.description


def test_wide_graphs_are_drawn_smaller() -> None:
    nodes = [GraphNode(str(n), r"\exp") for n in range(15)]
    edges = [GraphEdge(str(n), str(n + 1), r"-\frac{13}{4}") for n in range(14)]
    figure = graph_figure(nodes, edges, description="A chain.", max_width=300)
    assert figure.width == pytest.approx(300)
    assert len({element.y for element in figure.elements if isinstance(element, Circle)}) == 1


def test_long_labels_give_way_to_letters_and_a_list(look: SimpleNamespace) -> None:
    nodes = [GraphNode("x", "x", "input"), *(GraphNode(str(n), r"\sin") for n in range(8))]
    names = [node.id for node in nodes]
    long = [rf"-\frac{{1}}{{2}}+\sin(\frac{{1}}{{4}})-{n}" for n in range(8)]
    edges = [GraphEdge(a, b, "1", tex) for a, b, tex in zip(names, names[1:], [*long[:-1], long[0]], strict=False)]
    figure = graph_figure(nodes, edges, description="A chain.")
    written = [e for e in figure.elements if isinstance(e, Label)]
    assert max(e.size for e in written) > 8
    assert sum(e.tex == r"\mathrm{A}" for e in written) == 2  # one letter for equal labels
    listed = " ".join(e.tex for e in written)
    assert all(tex in listed for tex in long[:-1])
    assert "gradient −1/2 + sin(1/4) − 6" in figure.description
    assert figure.width == pytest.approx(440) or figure.width < 440
    look.assert_inside(figure)
    look.assert_clear(figure)


def test_drawing_is_repeatable() -> None:
    assert exp_and_sin("2", "3") == exp_and_sin("2", "3")


def test_faulty_graphs_are_refused() -> None:
    nodes = [GraphNode("a", "a"), GraphNode("b", "b")]
    with pytest.raises(ValueError, match="'c'"):
        graph_figure(nodes, [GraphEdge("a", "c")], description="x")
    with pytest.raises(ValueError, match="cycle"):
        graph_figure(nodes, [GraphEdge("a", "b"), GraphEdge("b", "a")], description="x")
    with pytest.raises(ValueError, match="same id"):
        graph_figure([nodes[0], nodes[0]], [], description="x")
    with pytest.raises(ValueError, match="needs a node"):
        graph_figure([], [], description="x")
