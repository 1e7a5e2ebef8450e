"""Whatever is nested in whatever, a formula sets with sizes that make sense."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.typeset.formula import FormulaError, set_formula

ATOMS = st.sampled_from([
    "x", "1", "f", "W", r"\theta", r"\mathbf{w}", "+", "-", "=", "(", ")", ",", r"\log", r"\sum", r"\int", r"\dots",
    r"\,", r"\quad", r"\text{if é}", ":=", "|", "'", r"\displaystyle", r"\color{red}", "{}", r"\partial",
])  # fmt: skip
WRAPPERS = st.sampled_from(
    [
        "{{{0}}}",
        r"\frac{{{0}}}{{{1}}}",
        r"\sqrt{{{0}}}",
        r"\sqrt[{1}]{{{0}}}",
        r"\hat{{{0}}}",
        r"\overline{{{0}}}",
        r"\underbrace{{{0}}}_{{{1}}}",
        r"\left( {0} \middle| {1} \right]",
        r"{{{0}}}_{{{1}}}",
        r"{{{0}}}^{{{1}}}_{{{0}}}",
        r"\sum_{{{0}}}^{{{1}}}",
        r"\begin{{pmatrix}} {0} & {1} \\ {1} & {0} \end{{pmatrix}}",
        r"\begin{{array}}{{|c|r|}} \hline {0} & {1} \\ \hline \end{{array}}",
        r"\begin{{aligned}} {0} &= {1} \\ &= {0} \end{{aligned}}",
        r"\begin{{cases}} {0} & {1} \end{{cases}}",
        r"\boxed{{{0}}}",
        r"\overset{{{0}}}{{{1}}}",
        r"\binom{{{0}}}{{{1}}}",
        r"\textcolor{{blue}}{{{0}}}",
    ]
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    rows = st.lists(inner, min_size=1, max_size=4).map(" ".join)
    return st.builds(lambda form, first, second: form.format(first, second), WRAPPERS, rows, inner)


# A prime right after a script is TeX's double superscript; braces keep the random atoms apart.
FORMULAS = st.recursive(ATOMS.map(lambda atom: f"{{{atom}}}"), nested, max_leaves=12)


@settings(max_examples=150)
@given(tex=FORMULAS, display=st.booleans())
def test_nested_formulas_set(tex: str, display: bool) -> None:
    formula = set_formula(tex, 10.0, display)
    assert formula.width >= 0
    assert formula.height >= 0
    assert formula.depth >= 0


@settings(max_examples=150)
@given(tex=st.text(alphabet=r"\{}^_&$%'[]()|ax1= leftrightfracbegind" + "é汉", max_size=25))
def test_any_text_sets_or_is_a_formula_error(tex: str) -> None:
    with suppress(FormulaError):
        set_formula(tex, 10.0)
