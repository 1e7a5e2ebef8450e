"""Answers of random instances against PyTorch, which knows nothing of this package; skipped where it is missing."""

import contextlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS
from generator.exercise import Instance, Registry, make_instance
from generator.notation import decimal_form
from generator.wording import word

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")

DRAWS = 12


def instances(registry: Registry, slug: str, **pins: Any) -> Iterator[Instance]:
    kind = registry.get(slug)
    for level in LEVELS:
        for number in range(DRAWS):
            yield make_instance(kind, f"torch/{number}", level, pins)


def tensor(value: Any, gradient: bool = False) -> Any:
    """Parameters as records hold them (strings in lists) as a tensor of doubles."""
    numbers = json.loads(json.dumps(value), parse_int=str)

    def number(entry: Any) -> Any:
        return [number(inner) for inner in entry] if isinstance(entry, list) else float(sympy.sympify(entry))

    return torch.tensor(number(numbers), dtype=torch.float64, requires_grad=gradient)


def same(found: Any, answer: Any) -> None:
    expected = torch.tensor(decimal_form(answer), dtype=torch.float64)
    torch.testing.assert_close(found.detach().to(torch.float64), expected, rtol=1e-9, atol=1e-9)


def test_convolutions(registry: Registry) -> None:
    channels = {"more_kernels": [[[1, -2], [0, 3]]], "more_input": [[[1, 0, 2], [3, -1, 1], [0, 2, 1]]],
                "kernel": [[2, 1], [-1, 1]], "input": [[0, 1, 2], [1, -1, 0], [3, 1, 1]]}  # fmt: skip
    several = make_instance(registry.get("convolution/conv2d"), "torch", "easy", channels)
    for instance in (*instances(registry, "convolution/conv2d"), several):
        given = instance.parameters
        image = tensor([given["input"], *given["more_input"]])[None]
        kernel = tensor([given["kernel"], *given["more_kernels"]])[None]
        for part, setting in zip(instance.solution.parts, given["settings"], strict=True):
            options = {name: int(value) for name, value in setting.items()}
            found = torch.nn.functional.conv2d(image, kernel, tensor([given["bias"]]), **options)
            same(found[0, 0], part.answer)


@pytest.mark.parametrize("mode", ["max", "average"])
def test_pooling_forward_and_backward(registry: Registry, mode: str) -> None:
    function = torch.nn.functional.max_pool2d if mode == "max" else torch.nn.functional.avg_pool2d
    for instance in instances(registry, "convolution/pool2d", mode=mode):
        given = instance.parameters
        image = tensor(given["input"], gradient=True)
        sizes = (int(given["window"]), int(given["stride"]), int(given["padding"]))
        output = function(image[None, None], *sizes)[0, 0]
        first, *rest = instance.solution.parts
        same(output, first.answer)
        if rest:
            output.backward(tensor(given["gradient"]))
            same(image.grad, rest[0].answer)


def test_the_printed_program_counts_the_parameters(registry: Registry) -> None:
    named = [make_instance(registry.get("convolution/parameter-counting"), "torch", "easy", {"architecture": name})
             for name in ("lenet5", "vgg11_bn", "vgg11")]  # fmt: skip
    for instance in (*list(instances(registry, "convolution/parameter-counting"))[::6], *named):
        solutions = "\n".join(part.solution for part in word(instance).parts)
        (listing,) = re.findall(r"```python\n(.*?)```", solutions, re.DOTALL)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(listing, "listing", "exec"), {})
        table, total = instance.solution["a"].answer, instance.solution["b"].answer
        *lines, last = [line.rsplit(" ", 1) for line in printed.getvalue().splitlines()]
        assert [int(count) for _, count in lines if int(count)] == list(table.values())
        assert int(last[1]) == total


FUNCTIONS = {name: getattr(torch, name) for name in ("exp", "log", "sin", "cos", "sqrt")}


def run(steps: list[str], at: str) -> tuple[Any, dict[str, Any]]:
    """Input and all quantities of a graph, each step run as it is written."""
    known: dict[str, Any] = {"x": tensor(at, gradient=True)}
    for step in steps:
        name, formula = step.split(" = ")
        known[name] = eval(formula.replace("^", "**"), {"__builtins__": {}}, FUNCTIONS | known) + 0 * known["x"]
        known[name].retain_grad()
    return known["x"], known


@pytest.mark.parametrize("slug", ["differentiation/reverse-mode", "differentiation/forward-mode"])
def test_derivatives_along_graphs(registry: Registry, slug: str) -> None:
    for instance in list(instances(registry, slug))[::2]:
        given = instance.parameters
        x, known = run(given["steps"], given["at"])
        known[given["steps"][-1].split(" = ")[0]].backward()
        same(x.grad, instance.solution["c"].answer)
        if slug.endswith("reverse-mode"):
            values = {sympy.Symbol(name): value.item() for name, value in known.items()}
            for name, answer in instance.solution["a"].answer.items():
                inner = name.split("/d")[1].replace("{", "").replace("}", "")
                exact = float(sympy.sympify(str(answer)).subs(values))
                assert exact == pytest.approx(known[inner].grad.item(), rel=1e-8, abs=1e-8)


def test_network_backpropagation(registry: Registry) -> None:
    for instance in instances(registry, "differentiation/network-backprop"):
        given = instance.parameters
        if given["sigmoid"] == "rounded":
            continue
        x = tensor(given["x"])
        hidden, output = tensor(given["hidden_weights"], True), tensor(given["output_weights"], True)
        y = torch.sigmoid(torch.relu(hidden @ x) * output).sum()
        y.backward()
        forward, partials = (instance.solution[part].answer for part in "ab")
        same(y, forward["y"])
        for name, answer in partials.items():
            _, letter, index = (
                name.replace("{", "").replace("}", "").replace("dy/d", " ").partition(" ")[2].partition("_")
            )
            del letter
            places = [int(digit) - 1 for digit in index]
            same(hidden.grad[tuple(places)] if len(places) == 2 else output.grad[places[0]], answer)


def test_softmax_cross_entropy(registry: Registry) -> None:
    for instance in instances(registry, "layers/softmax-cross-entropy-chain"):
        given = instance.parameters
        weights = tensor(given["W"], gradient=True)
        target = torch.tensor(int(given["target"]) - 1)
        torch.nn.functional.cross_entropy(tensor(given["x"]) @ weights, target).backward()
        same(weights.grad, instance.solution["f"].answer)


def test_softmax_jacobian(registry: Registry) -> None:
    for instance in instances(registry, "differentiation/softmax-derivative"):
        logits = tensor(instance.parameters["logits"])
        same(torch.autograd.functional.jacobian(lambda s: torch.softmax(s, 0), logits), instance.solution["b"].answer)


LAYERS: Mapping[str, Any] = {
    "sigmoid": lambda x, a: torch.sigmoid(x),
    "tanh": lambda x, a: torch.tanh(x),
    "softplus": lambda x, a: torch.nn.functional.softplus(x),
    "silu": lambda x, a: torch.nn.functional.silu(x),
    "relu": lambda x, a: torch.relu(x),
    "leaky-relu": lambda x, a: torch.nn.functional.leaky_relu(x, a),
    "prelu": lambda x, a: torch.nn.functional.prelu(x, torch.tensor([a], dtype=torch.float64)),
    "elu": lambda x, a: torch.nn.functional.elu(x, a),
    "hard-tanh": lambda x, a: torch.nn.functional.hardtanh(x),
}


def test_backward_messages_of_layers(registry: Registry) -> None:
    seen = set()
    for instance in instances(registry, "layers/backward-message"):
        given = instance.parameters
        x = tensor(given["x"], gradient=True)
        slope = float(sympy.sympify(given["parameter"])) if given["parameter"] is not None else 0.0
        y = LAYERS[given["layer"]](x, slope)
        y.backward(tensor(given["gradient"]))
        answer = instance.solution.parts[-1].answer
        for number, (value, message) in enumerate(zip(y, x.grad, strict=True), 1):
            same(value, answer[f"y_{number}"])
            same(message, answer[f"m_{number}"])
        seen.add(given["layer"])
    assert len(seen) >= 6


def test_logistic_regression_step(registry: Registry) -> None:
    for instance in instances(registry, "regression/logistic-regression-sgd"):
        given = instance.parameters
        w = tensor(given["w"], gradient=True)
        h = torch.sigmoid(w @ tensor(given["x"]))
        torch.nn.functional.binary_cross_entropy(h, tensor(given["y"])).backward()
        same(h, instance.solution["c1"].answer)
        same(w.grad, instance.solution["c2"].answer)
        same(w - float(sympy.sympify(given["learning_rate"])) * w.grad, instance.solution["c3"].answer)
