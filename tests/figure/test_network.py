from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.figure import Circle, Figure, Label, Line, Weight, network_figure, words

LAYERS = [["x_1", "x_2"], ["r_1", "r_2"], ["s_1", "s_2"], ["y"]]
ENDS = {"c": "00 10", "d": "00 11", "e": "01 10", "f": "01 11", "a": "10 20", "b": "11 21"}


def unit(text: str) -> tuple[int, int]:
    return int(text[0]), int(text[1])


def two_layer_network() -> Figure:
    weights = [
        Weight(unit(ends[:2]), unit(ends[3:]), f"{name}={value}") for value, (name, ends) in enumerate(ENDS.items())
    ]
    weights += [Weight((2, 0), (3, 0)), Weight((2, 1), (3, 0))]
    return network_figure(
        LAYERS,
        weights,
        description="The network of the question.",
        captions=["", r"\text{ReLU}", r"\text{sigmoid}", ""],
        values={(0, 0): "1", (0, 1): "-1", (1, 1): "0", (2, 1): r"\frac{1}{2}"},
        inactive=[(1, 1)],
    )


def test_weights_values_and_captions_are_clear_of_everything(look: SimpleNamespace) -> None:
    figure = two_layer_network()
    look.assert_inside(figure)
    look.assert_clear(figure, lines=False)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=3), st.sampled_from(["3", "-12", r"\frac{1}{2}", "w_{12}"]))
def test_dense_networks_have_room_for_their_weights(look: SimpleNamespace, sizes: list[int], label: str) -> None:
    layers = [[f"h_{j}" for j in range(size)] for size in sizes]
    weights = [
        Weight((i, j), (i + 1, k), label)
        for i in range(len(sizes) - 1)
        for j in range(sizes[i])
        for k in range(sizes[i + 1])
    ]
    figure = network_figure(layers, weights, description="A dense network.")
    look.assert_inside(figure)
    look.assert_clear(figure, lines=False)


def test_a_weight_interrupts_its_own_line_only() -> None:
    figure = two_layer_network()
    lines = {(round(e.x1), round(e.y1), round(e.x2), round(e.y2)): e for e in figure.elements if isinstance(e, Line)}
    for label in figure.elements:
        if isinstance(label, Label) and label.background == 1.0:
            box = label.bounds()
            hit = [line for line in lines.values() if passes(line, box)]
            assert len(hit) == 1, label.tex


def passes(line: Line, box: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = box
    steps = [step / 200 for step in range(201)]
    points = [(line.x1 + (line.x2 - line.x1) * t, line.y1 + (line.y2 - line.y1) * t) for t in steps]
    return any(left < x < right and bottom < y < top for x, y in points)


def test_layers_run_from_left_to_right_and_units_from_top_to_bottom() -> None:
    figure = two_layer_network()
    at = {e.tex: e for e in figure.elements if isinstance(e, Label)}
    assert at["x_1"].x == at["x_2"].x < at["r_1"].x < at["s_1"].x < at["y"].x
    assert at["x_1"].y == at["r_1"].y > at["y"].y > at["x_2"].y


def test_an_inactive_unit_is_dashed_and_shaded() -> None:
    circles = [e for e in two_layer_network().elements if isinstance(e, Circle)]
    assert [bool(circle.dash) for circle in circles] == [False, False, False, True, False, False, False]


def test_dots_stand_without_a_circle() -> None:
    figure = network_figure([["x_1", r"\vdots", "x_N"], ["y"]], [], description="Some inputs.")
    assert sum(isinstance(e, Circle) for e in figure.elements) == 3


def test_everything_written_is_in_the_description() -> None:
    said = two_layer_network().description
    for part in ("layer 2 (ReLU): r_1 and r_2", "x_1 → r_1 with weight c = 0", "r_2 → s_2 with weight b = 5"):
        assert part in said
    assert "x_2: −1" in said
    assert "s_2: 1/2" in said
    assert said.endswith("Inactive: r_2.")


def test_unknown_units_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no unit \(1, 5\)"):
        network_figure(LAYERS, [Weight((0, 0), (1, 5))], description="x")
    with pytest.raises(ValueError, match="no unit"):
        network_figure(LAYERS, [], description="x", inactive=[(9, 0)])
    with pytest.raises(ValueError, match="needs a unit"):
        network_figure([["x"], []], [], description="x")


def test_wide_captions_keep_their_distance(look: SimpleNamespace) -> None:
    captions = [words("first layer: rectified linear"), words("second layer: rectified linear")]
    figure = network_figure([["a"], ["b"]], [Weight((0, 0), (1, 0), "w")], description="x", captions=captions)
    look.assert_clear(figure, lines=False)
    look.assert_inside(figure)


def test_drawing_is_repeatable() -> None:
    assert two_layer_network() == two_layer_network()
