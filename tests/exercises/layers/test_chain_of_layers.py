from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError, UnknownNameError
from generator.exact import log
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercise.rounding import entries
from generator.exercises.layers._messages import Net, backward, bar, forward, message_formula, products, weight
from generator.exercises.layers.chain_of_layers import ChainOfLayers
from generator.figure import Label
from generator.notation import decimal_form
from generator.solver.formula import expression
from generator.wording import word
from generator.working import lines_in

SLUG = "layers/chain-of-layers"
F = Fraction


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get(SLUG)


def pinned(kind: ExerciseType, *activations: str, **more: Any) -> Instance:
    given = {"x": [1, -1], "constant": None, "target": [1], "loss": "squared", "activations": list(activations)}
    return make_instance(kind, "1/1/q", "easy", {**given, **more})


def named(table: dict[str, Any]) -> dict[str, Any]:
    """A table of derivatives of the loss by the names of what it is differentiated by."""
    assert all(name.startswith("dl/d") for name in table)
    return {name.removeprefix("dl/d"): value for name, value in table.items()}


# Arguments 3 and -2, hidden values 3 and 0, output 6, residual 5.
RELU = {"weights": [[[2, 1], [-1, 3]], [[2], [-1]]]}


def test_a_relu_network_by_hand(kind: ExerciseType) -> None:
    solution = pinned(kind, "relu", **RELU).solution
    assert solution["a"].answer == {"u_1": 3, "u_2": -2, "h_1": 3, "h_2": 0, "o_1": 6, "l": F(25, 2)}
    assert named(solution["b"].answer) == {"u_1": 10, "u_2": 0, "h_1": 10, "h_2": -5, "o_1": 5}
    assert named(solution["c"].answer) == {"W_1": ((10, 0), (-10, 0)), "W_2": ((15,), (0,))}


def test_a_parametric_relu_by_hand(kind: ExerciseType) -> None:
    # The second unit now has the value -2/4 = -1/2, so the output is 13/2.
    solution = pinned(kind, "prelu", **RELU, constant="1/4", loss="absolute").solution
    assert solution["a"].answer["o_1"] == F(13, 2)
    assert solution["a"].answer["l"] == F(11, 2)
    assert named(solution["b"].answer) == {"u_1": 2, "u_2": F(-1, 4), "h_1": 2, "h_2": -1, "o_1": 1}
    assert named(solution["c"].answer) == {"W_1": ((2, F(-1, 4)), (-2, F(1, 4))), "W_2": ((3,), (F(-1, 2),)), "a": 2}


def test_a_sigmoid_network_by_hand(kind: ExerciseType) -> None:
    # Arguments ln 2 + ln 3/2 = ln 3 and 0 - ln 2, so values 3/4 and 1/3; output 4 * 3/4 - 3 * 1/3 = 2.
    weights = [[["log(2)", 0], ["log(2/3)", "log(2)"]], [[4], [-3]]]
    solution = pinned(kind, "sigmoid", weights=weights).solution
    answer = solution["a"].answer
    assert answer == {"u_1": log(F(3)), "u_2": log(F(1, 2)), "h_1": F(3, 4), "h_2": F(1, 3), "o_1": 2, "l": F(1, 2)}
    assert named(solution["b"].answer) == {"u_1": F(3, 4), "u_2": F(-2, 3), "h_1": 4, "h_2": -3, "o_1": 1}
    assert named(solution["c"].answer)["W_2"] == ((F(3, 4),), (F(1, 3),))


Vector = np.ndarray[Any, Any]


def loss_of(drawn: dict[str, Any]) -> Callable[[list[Vector], float], float]:
    """The loss as a function of all weights and of the constant, in matrix notation."""
    x, t = (np.array([float(F(value)) for value in drawn[name]]) for name in ("x", "target"))
    activations: dict[str, Callable[[Vector, float], Vector]] = {
        "relu": lambda z, _: np.maximum(z, 0),
        "leaky-relu": lambda z, c: np.where(z > 0, z, c * z),
        "prelu": lambda z, c: np.where(z > 0, z, c * z),
        "hard-tanh": lambda z, _: np.clip(z, -1, 1),
        "sigmoid": lambda z, _: 1 / (1 + np.exp(-z)),
        "tanh": lambda z, _: np.tanh(z),
    }

    def loss(weights: list[Vector], constant: float) -> float:
        values = x
        for matrix, name in zip(weights, [*drawn["activations"], None], strict=True):
            values = matrix.T @ values
            values = values if name is None else activations[name](values, constant)
        gaps = values - t
        return float((gaps**2).sum() / 2 if drawn["loss"] == "squared" else np.abs(gaps).sum())

    return loss


@pytest.mark.parametrize("level", LEVELS)
def test_gradients_of_draws_are_differences_of_the_loss(kind: ExerciseType, level: Level) -> None:
    step = 1e-6
    for number in range(40):
        instance = make_instance(kind, f"{number}/1/q", level)
        drawn, answer = instance.parameters, named(instance.solution["c"].answer)
        loss, constant = loss_of(drawn), float(F(drawn["constant"] or 0))
        weights = [np.array([[float(sympy.sympify(w)) for w in row] for row in rows]) for rows in drawn["weights"]]
        assert loss(weights, constant) == pytest.approx(float(instance.solution["a"].answer["l"]))
        for place, matrix in enumerate(weights):
            for i, j in np.ndindex(matrix.shape):
                up, down = ([w.copy() for w in weights] for _ in range(2))
                up[place][i, j] += step
                down[place][i, j] -= step
                slope = (loss(up, constant) - loss(down, constant)) / (2 * step)
                assert float(answer[f"W_{place + 1}"][i][j]) == pytest.approx(slope, abs=1e-5)
        assert ("a" in answer) == ("prelu" in drawn["activations"])
        if "a" in answer:
            slope = (loss(weights, constant + step) - loss(weights, constant - step)) / (2 * step)
            assert float(answer["a"]) == pytest.approx(slope, abs=1e-5)


def test_levels_differ_in_layers(kind: ExerciseType) -> None:
    found = {level: [make_instance(kind, f"{seed}/1/q", level).parameters for seed in range(30)] for level in LEVELS}
    counts = {level: {len(drawn["activations"]) for drawn in draws} for level, draws in found.items()}
    assert counts == {"easy": {1}, "medium": {1}, "hard": {2}}
    assert {drawn["activations"][0] for drawn in found["easy"]} == {"relu", "leaky-relu"}
    assert len({drawn["activations"][0] for drawn in found["medium"]}) >= 4


def test_slips_of_a_hand_worked_network(kind: ExerciseType) -> None:
    instance = pinned(kind, "relu", **RELU)
    found = {(slip.part, slip.name): named(slip.value) for slip in instance.slips}
    assert found["b", "target minus output"] == {"u_1": -10, "u_2": 0, "h_1": -10, "h_2": 5, "o_1": -5}
    assert found["b", "derivative of the activation left out"]["u_2"] == -5
    assert found["c", "derivative of the activation left out"]["W_1"] == ((10, -5), (-10, 5))
    assert found["c", "rows and columns exchanged"] == {"W_1": ((10, -10), (0, 0)), "W_2": ((15, 0),)}
    assert ("b", "weights of a row and of a column exchanged") not in found
    two = pinned(kind, "relu", weights=[[[2, 1], [-1, 3]], [[2, 4], [-1, 5]]], target=[1, 13])
    # Outputs 6 and 12, messages 5 and -1: 2 * 5 - 4 and -5 - 5 by rows, 2 * 5 + 1 and 4 * 5 - 5 by columns.
    assert [named(two.solution["b"].answer)[name] for name in ("h_1", "h_2")] == [6, -10]
    wrong = next(slip for slip in two.slips if "row and of a column" in slip.name and slip.part == "b")
    assert [named(wrong.value)[name] for name in ("h_1", "h_2", "u_1", "u_2")] == [11, 15, 11, 0]


def test_the_sheet_tells_what_the_layers_do(kind: ExerciseType) -> None:
    text = word(pinned(kind, "leaky-relu", **RELU, constant="1/4")).question
    assert r"c = \frac{1}{4}" in text
    assert "![The network](figure:network)" in text
    assert "learned" not in text


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"x": []}, PinError),
        ({"x": [1, 2, 3, 4]}, PinError),
        ({"activations": []}, PinError),
        ({"activations": ["softmax"]}, PinError),
        ({"weights": [[[1, 2], [3]], [[1], [2]]]}, PinError),
        ({"weights": [[[1, 2]]]}, PinError),
        ({"loss": "hinge"}, PinError),
        ({"x": [1, 2], "weights": [[[1, 2]], [[1], [2]]]}, ConditionError),
        ({"weights": [[[1, 2], [3, 4]], [[1, 2, 3]]]}, ConditionError),
        ({"activations": ["relu", "sigmoid"]}, ConditionError),
        ({"activations": ["prelu", "leaky-relu"]}, ConditionError),
        ({"activations": ["relu"], "constant": "1/2"}, ConditionError),
        ({"activations": ["prelu"], "constant": 2}, ConditionError),
        ({"activations": ["sigmoid"], "weights": [[[1, 2], [3, 4]], [[1], [2]]]}, ConditionError),
        ({"activations": ["relu"], "weights": [[["log(2)"]], [[1]]]}, ConditionError),
        ({"activations": ["relu"], "weights": [[[1]], [["log(2)"]]]}, ConditionError),
        ({"activations": ["tanh"], "x": [20], "weights": [[["log(3)"]], [[1]]]}, ConditionError),
        ({"activations": ["relu"], "x": [1, 1], "weights": [[[1], [-1]], [[1]]]}, ConditionError),
        (
            {"activations": ["relu"], "x": [1], "weights": [[[1]], [[1]]], "target": [1], "loss": "absolute"},
            ConditionError,
        ),
        ({"input": [1, 2]}, UnknownNameError),
        ({"style": "rounded"}, PinError),
        ({"style": "decimal", "activations": ["relu"]}, ConditionError),
        ({"style": "decimal", "activations": ["tanh"], "weights": [[["log(2)"], [1]], [[1]]]}, ConditionError),
        ({"style": "decimal", "activations": ["tanh"], "weights": [[["1/3"], [1]], [[1]]]}, ConditionError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make_instance(kind, "1/1/q", "medium", pins)


@pytest.mark.parametrize(
    "pins",
    [
        {"x": [3]},
        {"x": [2, 2, 2]},
        {"target": [1, 2, 3]},
        {"activations": ["tanh"]},
        {"activations": ["hard-tanh", "prelu"]},
        {"weights": [[["log(2)"], ["log(3)"]], [[1]]]},
        {"weights": [[[1]], [[1]], [[1]]]},
        {"loss": "absolute", "x": [-7, 5]},
    ],
)
def test_the_rest_is_built_around_unusual_pins(kind: ExerciseType, pins: dict[str, Any]) -> None:
    for level in LEVELS:
        instance = make_instance(kind, "1/1/q", level, pins)
        assert all(check.agreed for check in instance.checks)
        word(instance)


@pytest.mark.parametrize("level", LEVELS)
def test_drawn_matrices_have_no_equal_rows_or_columns(kind: ExerciseType, level: Level) -> None:
    for number in range(40):
        drawn = make_instance(kind, f"{number}/2/q", level).parameters
        for rows in drawn["weights"]:
            assert len({tuple(row) for row in rows}) == len(rows)
            assert len(set(zip(*rows, strict=True))) == len(rows[0])


def hidden_layer(name: str, argument: Any, constant: Any) -> Any:
    """The definition of an activation as the question has it."""
    definitions = {
        "sigmoid": 1 / (1 + sympy.exp(-argument)),
        "tanh": (sympy.exp(argument) - sympy.exp(-argument)) / (sympy.exp(argument) + sympy.exp(-argument)),
        "relu": sympy.Max(argument, 0),
        "leaky-relu": sympy.Max(argument, 0) + constant * sympy.Min(argument, 0),
        "prelu": sympy.Max(argument, 0) + constant * sympy.Min(argument, 0),
        "hard-tanh": sympy.Max(-1, sympy.Min(argument, 1)),
    }
    return definitions[name]


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky-relu", "prelu", "hard-tanh"])
@pytest.mark.parametrize("argument", [F(-7, 3), F(-2, 5), F(3, 4), F(9, 5)])
def test_the_formula_of_a_message_is_the_derivative_of_the_layer(name: Any, argument: Fraction) -> None:
    net = Net((1,), (((1,),), ((1,),)), (name,), F(1, 7), (0,), "squared")
    u, g, c = sympy.symbols("u g c")
    layer = hidden_layer(name, u, c)
    at = {u: sympy.Rational(argument.numerator, argument.denominator), c: sympy.Rational(1, 7)}
    formula, more = message_formula(net, name, "h_1", 0, argument)
    letters = {"h_1": layer, "a": c, "c": c}
    found = expression(formula, r"g", *more).subs({sympy.Symbol(key): letters[key] for key in more})
    step = sympy.Rational(1, 10**6)
    difference = (layer.subs(u, at[u] + step) - layer.subs(u, at[u] - step)).subs(c, at[c]) / (2 * step)
    assert float(found.subs(at).subs(g, 1)) == pytest.approx(float(difference), abs=1e-8)


@pytest.mark.parametrize("level", LEVELS)
def test_printed_formulas_give_the_printed_numbers(kind: ExerciseType, level: Level) -> None:
    """Formulas of sums and products with the values of their letters put in; functions are tested by themselves."""
    for number in range(15):
        q = make_instance(kind, f"{number}/3/q", level).exercise
        assert isinstance(q, ChainOfLayers)
        values = dict(forward(q.net)[1])
        for n, matrix in enumerate(q.net.weights):
            values |= {weight(n, i, j): w for i, row in enumerate(matrix, 1) for j, w in enumerate(row, 1)}
        values |= {f"t_{k}": goal for k, goal in enumerate(q.net.target, 1)}
        messages = backward(q.net)
        values |= {bar(name): entry.result for name, entry in messages.items()}
        lines = [*lines_in(forward(q.net)[0]), *messages.values(), *lines_in(products(q.net, messages))]
        judged = [entry for entry in lines if re.fullmatch(r"(\S+ \\, \S+)( \+ \S+ \\, \S+)*", entry.formula)]
        for entry in judged:
            pairs = [term.split(r" \, ") for term in entry.formula.split(" + ")]
            known = {**values, q.net.letter: q.constant}
            assert sum(float(known[a]) * float(known[b]) for a, b in pairs) == pytest.approx(float(entry.result))
        assert len(judged) >= len(q.net.names[-1]) + len(q.net.names[2])


def decimal_instances(kind: ExerciseType) -> list[tuple[Instance, ChainOfLayers]]:
    made = [
        make_instance(kind, f"{seed}/1/q", level, {"style": "decimal"})
        for level in LEVELS
        for seed in range(2 if level == "hard" else 4)
    ]
    return [(instance, instance.exercise) for instance in made if isinstance(instance.exercise, ChainOfLayers)]


def cut(value: float, places: int) -> float:
    """Rounded half away from zero."""
    return float(np.sign(value) * np.floor(abs(value) * 10**places + 0.5 + 1e-9) / 10**places)


def worked_by_hand(q: ChainOfLayers, places: int) -> dict[str, dict[str, float]]:
    """All answers of a student who keeps some places at every operation."""

    def r(value: float) -> float:
        return cut(value, places)

    def weighted(row: Any, values: Any) -> float:
        return r(sum(r(float(w) * value) for w, value in zip(row, values, strict=True)))

    constant = float(q.constant or 0)
    layers: list[list[float]] = [[float(value) for value in q.x]]
    for number, matrix in enumerate(q.weights):
        layers.append([weighted(column, layers[-1]) for column in zip(*matrix, strict=True)])
        if number < len(q.activations):
            name = q.activations[number]
            layers.append(
                [
                    r(1 / r(1 + r(np.exp(-u)))) if name == "sigmoid"
                    else r(np.tanh(u)) if name == "tanh"
                    else max(u, 0) if name == "relu"
                    else u if u > 0 else r(constant * u)
                    for u in layers[-1]
                ]
            )  # fmt: skip
    gaps = [r(o - float(t)) for o, t in zip(layers[-1], q.target, strict=True)]
    squared = q.loss == "squared"
    loss = r(sum(r(gap**2) for gap in gaps)) / 2 if squared else sum(map(abs, gaps))
    back = [gaps if squared else [float(np.sign(gap)) for gap in gaps]]
    for number in range(len(q.activations) - 1, -1, -1):
        name, h, u = q.activations[number], layers[2 * number + 2], layers[2 * number + 1]
        back.insert(0, [weighted(row, back[0]) for row in q.weights[number + 1]])
        slopes = [
            (r(r(g * value) * r(1 - value)) if name == "sigmoid" else r(g * r(1 - r(value**2))) if name == "tanh"
             else g if argument > 0 else 0.0 if name == "relu" else r(g * constant))
            for g, value, argument in zip(back[0], h, u, strict=True)
        ]  # fmt: skip
        back.insert(0, slopes)
    names = q.net.names
    flat = dict(zip((n for layer in names[1:] for n in layer), (v for layer in layers[1:] for v in layer), strict=True))
    messages = (v for layer in back for v in layer)
    found = {"a": {**flat, "l": r(loss)}, "b": {f"dl/d{name}": v for name, v in zip(flat, messages, strict=True)}}
    found["c"] = {
        f"dl/dW_{n + 1}_{i}{j}": r(entering * message)
        for n in range(len(q.weights))
        for i, entering in enumerate(layers[2 * n], 1)
        for j, message in enumerate(back[2 * n], 1)
    }
    if "prelu" in q.activations:
        n = q.activations.index("prelu")
        pairs = zip(back[2 * n + 1], layers[2 * n + 1], strict=True)
        found["c"]["dl/da"] = r(sum(r(g * u) for g, u in pairs if u < 0))
    return found


def test_every_usual_rounding_is_accepted_in_decimal_style(kind: ExerciseType) -> None:
    for instance, q in decimal_instances(kind):
        precise = worked_by_hand(q, 13)
        for part in "abc":
            found = instance.solution[part]
            assert found.places == 2
            exact = decimal_form(entries(found.answer))
            assert exact == pytest.approx(list(precise[part].values()), abs=1e-9)
            for places in (2, 3, 4):
                worked = worked_by_hand(q, places)[part].values()
                off = [abs(cut(value, 2) - right) for value, right in zip(worked, exact, strict=True)]
                assert max(off) <= float(found.tolerance) + 1e-9


def test_decimal_answers_are_the_exact_ones_rounded(kind: ExerciseType) -> None:
    for instance, _ in decimal_instances(kind):
        for part in "abc":
            found = instance.solution[part]
            assert found.tex is not None
            printed = re.findall(r"(?:=|approx|&|\\\\|begin{pmatrix}) (-?\d+(?:\.\d+)?)(?= |,|$)", found.tex)
            exact = decimal_form(entries(found.answer))
            assert [float(text) for text in printed] == [cut(value, 2) for value in exact]


def test_the_question_states_how_to_round(kind: ExerciseType) -> None:
    for instance, _ in decimal_instances(kind)[:2]:
        question = word(instance).question
        assert "Round every intermediate result to four decimal places and go on with it" in question
        assert "give all answers to two decimal places" in question
        assert "exact" not in question
        assert r"\ln" not in question
    assert "Round" not in word(pinned(kind, "relu", **RELU)).question


def test_variants_share_their_layers(kind: ExerciseType) -> None:
    assert pinned(kind, "relu", **RELU).exercise.pattern() == "layers=2, first=relu, loss=squared"
    learned = pinned(kind, "prelu", **RELU, constant="1/4").exercise.pattern()
    assert learned == "layers=2, first=prelu, learned parameter, loss=squared"
    patterns = {make_instance(kind, f"{seed}/1/q", "easy").exercise.pattern() for seed in range(12)}
    assert patterns == {"layers=2, first=relu, loss=squared", "layers=2, first=leaky-relu, loss=squared"}


@pytest.mark.parametrize("level", LEVELS)
def test_what_has_one_pattern_is_worked_in_the_same_steps(kind: ExerciseType, level: Level) -> None:
    shapes: dict[str, set[tuple[int, bool]]] = {}
    for seed in range(40):
        instance = make_instance(kind, f"{seed}/1/q", level)
        answers = [part.answer for part in instance.solution.parts]
        shapes.setdefault(instance.exercise.pattern(), set()).add((len(answers[2]), "dl/da" in answers[2]))
    assert all(len(found) == 1 for found in shapes.values())


@pytest.mark.parametrize("style", ["exact", "decimal"])
def test_no_name_of_the_record_is_printed(kind: ExerciseType, style: str) -> None:
    instance = make_instance(kind, "2/1/q", "medium", {"style": style, "activations": ["tanh"]})
    for part in instance.solution.parts:
        assert set(part.names) == set(part.answer)
        texts = [part.tex, *part.names.values(), *(slip.tex for slip in instance.slips if slip.tex)]
        assert not any(text is None or "dl/d" in text or r"\text" in text for text in texts)


@pytest.mark.parametrize(
    ("activations", "columns"), [(["relu"], ["x", "h", "o"]), (["relu", "prelu"], ["x", "h", "g", "o"])]
)
def test_the_figure_names_the_values_that_units_pass_on(
    kind: ExerciseType, activations: list[str], columns: list[str]
) -> None:
    """The units of a hidden layer show h and g, not their arguments u and v."""
    instance = make_instance(kind, "1/1/q", "medium", {"activations": activations})
    drawn = instance.parameters
    sizes = [len(drawn["x"]), *(len(matrix[0]) for matrix in drawn["weights"])]
    figure = instance.exercise.figures(instance.solution)["network"]
    shown = [element.tex for element in figure.elements if isinstance(element, Label)]
    units = [text for text in shown if re.fullmatch(r"[a-z]_\d", text)]
    assert units == [f"{name}_{k}" for name, size in zip(columns, sizes, strict=True) for k in range(1, size + 1)]


def refused(instance: Instance, part: str, **changed: Any) -> bool:
    """Whether the second route sees a solution with a changed part as wrong."""
    exercise, solution = instance.exercise, instance.solution
    assert all(check.agreed for check in exercise.check(solution))
    parts = tuple(replace(one, **changed) if one.id == part else one for one in solution.parts)
    return not all(check.agreed for check in exercise.check(replace(solution, parts=parts)))


@pytest.mark.parametrize("style", ["exact", "decimal"])
@pytest.mark.parametrize("level", LEVELS)
def test_a_wrong_entry_is_noticed(kind: ExerciseType, level: Level, style: str) -> None:
    instance = make_instance(kind, "1/1/q", level, {"style": style})
    for part in instance.solution.parts:
        for name, value in part.answer.items():
            wrong = (
                value + F(1, 100) if not isinstance(value, tuple) else ((value[0][0] + 1, *value[0][1:]), *value[1:])
            )
            assert refused(instance, part.id, answer={**part.answer, name: wrong})


def test_a_gradient_with_rows_for_columns_is_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind, "relu", **RELU)
    answer = instance.solution["c"].answer
    turned = tuple(zip(*answer["dl/dW_1"], strict=True))
    assert refused(instance, "c", answer={**answer, "dl/dW_1": turned})


def test_exchanged_names_are_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind, "relu", **RELU)
    for part, one, other in (("a", "u_1", "u_2"), ("b", "dl/dh_1", "dl/dh_2"), ("b", "dl/du_2", "dl/dh_2")):
        answer = instance.solution[part].answer
        assert refused(instance, part, answer={**answer, one: answer[other], other: answer[one]})
