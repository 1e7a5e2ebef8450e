"""Every step of every key is judged, or stands on a list that says why no computation can judge it."""

import re
from collections.abc import Iterator

import pytest

from generator.exercise import load_registry
from generator.replay import read
from tests.replay.meanings import conclusions, meaning
from tests.replay.printed import Printed, printed

SLUGS = load_registry().slugs
DRAWS = 4
MANY = 40

# What is no claim, by type: a pattern for the printed link, and why there is nothing to compute. "Named here" is a
# definition: it says what a name of the key stands for, and all that is said of the name afterwards is judged by it.
NOT_JUDGED: dict[str, dict[str, str]] = {
    "convolution/conv2d": {
        r"m_\d = \\left\\lfloor": "named here; test_the_size_formula_counts_the_rows_and_columns judges it",
    },
    "convolution/pool2d": {
        r"m_\d = \\left\\lfloor": "named here; test_the_size_formula_counts_the_rows_and_columns judges it",
    },
    "convolution/receptive-field": {
        r"^[jd]'_\S+ = 2\^\{l - 1\}": "stride or dilation of the second network, named here: what follows is judged",
    },
    "differentiation/network-backprop": {
        r"\\partial w_\{jk\}\} = 0$": "units that give 0, a case in words; both cases are judged (see meanings.py)",
    },
    "differentiation/softmax-derivative": {r"^S = ": "named here: the denominator"},
    "layers/backward-message": {r"^[us] = ": "named here: a part of the activation"},
    "layers/softmax-cross-entropy-chain": {r"^Z = |^d_j = ": "named here: the denominator, the message"},
    "likelihood/loss-graph-step": {
        r"^w\^\{\\text\{new\}\} = w - \\alpha": "the rule of gradient descent",
        r"^z = \(w\^\{\\text\{new\}\}\)": "the same name at the new weights; its value is judged",
        r"^L = ": "one case of the loss; its value is judged by h, in whichever case that lies (see meanings.py)",
    },
    "likelihood/map-prior-penalty": {
        r"\\propto": "Bayes' rule, a frame: the posterior density itself is nowhere given",
        r"^\\displaystyle P\(\S+\) = ": "named here: it is judged where the penalised loss is (see meanings.py)",
        r"^\\lambda(_[\dj{}]+)? = ": "named here: a coefficient of P; the penalty computed with it is judged by P",
    },
    "likelihood/mle-estimator": {
        r"^L\(\S+\) = \\prod_": "the likelihood of independent observations, a definition",
        r"^\\ell\(\S+\) = \\ln L": "the log-likelihood, a definition",
        r"^(\S+) = \\hat\{\1\}$": "says where something is evaluated",
        r"^\\displaystyle \\hat\{\\?\w+\} = \\max": "a maximum at the edge of a range; tests/exercises judges it",
    },
    "likelihood/regression-noise-loss": {
        r"^\\displaystyle L\(\\mathbf\{w\}\) = ": "named here: its minimum is judged by that of the likelihood",
    },
    "networks/weight-space-symmetries": {
        r"^h_j = \\varphi\(z_j\)$": "names the sum that enters a unit, for either of two layers",
        r"^s_k' = ": "named here: the sum in another order, which is then said to be the same",
    },
    "regression/linear-regression-hessian": {
        r"^D = |^S_\d = |^\\bar\{x\} = |^e_i\^2 = ": "named here: discriminant, sums, mean, squared error",
        r"^\\mu_\d = ": "named here: their sum and product are judged (see meanings.py)",
    },
    "regression/linear-regression-mle": {
        r"^S\(.*\) = |^\\mathbf\{A\} = |^r_i = |^v = ": "named here: sum of squares, matrix, residuals, variance",
    },
    "regression/logistic-regression-loss": {
        r"^L\(.*\) = -": "named here: its minimum is judged by that of the likelihood (see meanings.py)",
        r"^\\ell_i = |^p = |^z = |^\\mathbf\{v\} = \(": "named here: loss of one example, abbreviations, any vector",
        r"^v_0 \+ v_1 x_i = 0$|^\\mathbf\{v\} = \\mathbf\{0\}$": "when the sum is 0, a case distinction in words",
    },
    "regression/logistic-regression-sgd": {
        r"^z = ": "named here: the argument of the sigmoid",
        r"\\leftarrow": "assigns; what is assigned is judged (see meanings.py)",
    },
    "regression/ridge-regression": {
        r"^\\mathbf\{A\} = ": "named here: a matrix",
        r"\\mathbf\{v\} = \\mathbf\{0\}$": "when the quadratic form is 0, a case distinction in words",
    },
    "robustness/influence-function": {
        r"_\{\\text\{lin\}\} = ": "named here: the expansion at the given number; its value is judged",
    },
}


def open_steps(slug: str, text: Printed) -> Iterator[tuple[str, str]]:
    """What of the key is wrong, not judged, or only said, with a word on it."""
    question = f"{text.question}\n\n{meaning(slug, text)}"
    premises = read(question, (), text.told)
    reading = read(question, (*text.solutions, conclusions(slug, text)), text.told)
    given = {str(unjudged.link) for unjudged in premises.unjudged}
    yield from (("wrong", str(miss)) for miss in (*reading.misses, *reading.strays))
    yield from ((found.reason, str(found.link)) for found in reading.unjudged if str(found.link) not in given)
    yield from (("said", str(link)) for link in reading.said[len(premises.said) :])


def entry_for(slug: str, word: str, link: str) -> str | None:
    """The pattern on the list that a step matches."""
    listed = () if word == "wrong" else NOT_JUDGED.get(slug, ())
    return next((pattern for pattern in listed if re.search(pattern, link)), None)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_step_is_judged_or_listed(slug: str) -> None:
    used = set()
    for text in printed(slug, DRAWS):
        for word, link in open_steps(slug, text):
            entry = entry_for(slug, word, link)
            assert entry is not None, f"{word}: {link}"
            used.add(entry)
    assert used == NOT_JUDGED.get(slug, {}).keys()


@pytest.mark.long
@pytest.mark.parametrize("slug", SLUGS)
def test_every_step_of_many_draws_is_judged_or_listed(slug: str) -> None:
    for text in printed(slug, MANY):
        for word, link in open_steps(slug, text):
            assert entry_for(slug, word, link) is not None, f"{word}: {link}"
