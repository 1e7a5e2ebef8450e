"""Formulas of convolutional networks that their keys use without an equation around them."""

import re
from collections.abc import Iterator

import pytest

from generator.replay import read
from tests.replay.printed import Printed, printed

DRAWS = 4
_SIZES = re.compile(r"m_1 &=.*?= (\d+) \\\\ m_2 &=.*?= (\d+) \\end", re.DOTALL)
_OUTPUT = re.compile(r"> \$Y = \\begin\{array\}\{[|c]*\} (.*?)\\end", re.DOTALL)
_LAYER = re.compile(r"^\| (\w+) \| (.*?) \|$", re.MULTILINE)


@pytest.mark.parametrize("slug", ["convolution/conv2d", "convolution/pool2d"])
def test_the_size_formula_counts_the_rows_and_columns(slug: str) -> None:
    seen = 0
    for text in printed(slug, DRAWS):
        for solution in text.solutions:
            sizes, output = _SIZES.search(solution), _OUTPUT.search(solution)
            if sizes is None:
                continue
            assert output is not None
            rows = output[1].strip().removeprefix(r"\hline ").removesuffix(r"\\ \hline").split(r"\\ \hline")
            assert (len(rows), rows[0].count("&") + 1) == (int(sizes[1]), int(sizes[2]))
            seen += 1
    assert seen >= DRAWS


@pytest.mark.parametrize("wrong", [False, True])
def test_parameters_are_counted_by_the_printed_formulas(wrong: bool) -> None:
    seen = 0
    for text in printed("convolution/parameter-counting", DRAWS):
        for values, formula, count in _counts(text):
            given = ", ".join(f"${name} = {value}$" for name, value in values.items())
            changed = formula.replace("+ 1", "+ 2").replace("k^{2}", "k^{3}") if wrong else formula
            reading = read(given, [f"${changed} = {count}$"])
            assert (reading.compared, len(reading.misses)) == ((0, 1) if wrong and changed != formula else (1, 0))
            seen += 1
    assert seen >= 3 * DRAWS


def _counts(text: Printed) -> Iterator[tuple[dict[str, int], str, str]]:
    """The numbers of every convolution and fully connected layer, the formula that its key prints, and its count."""
    solution = "".join(text.solutions)
    formulas = re.findall(r"\$(\S+_\{\\text\{out\}\} [^$]*)\$", solution)
    counts = dict(re.findall(r"P_\{\\text\{(\w+)\}\} &= .*? = (\d+) ", solution))
    flat = re.search(r"n_\{\\text\{in\}\} &= .*? = (\d+) ", solution) or re.search(r"vector of (\d+)", text.question)
    channels = re.search(r"of size \$(\d+) ", text.question)
    into = {"n": int(flat[1]) if flat else 0, "C": int(channels[1]) if channels else 0}
    for name, what in _LAYER.findall(text.question):
        outputs = re.search(r"with (\d+) output", what)
        if outputs is None or name not in counts:
            continue
        kernel = re.search(r"kernel \$(\d+) ", what)
        letter = "C" if kernel else "n"
        values = {rf"{letter}_{{\text{{out}}}}": int(outputs[1]), rf"{letter}_{{\text{{in}}}}": into[letter]}
        if kernel:
            values["k"] = int(kernel[1])
        into[letter] = int(outputs[1])
        bias = "with bias" in what
        formula = next(f for f in formulas if f.startswith(letter) and ("+ 1" in f) == bias and "n^{2}" not in f)
        yield values, formula, counts[name]
