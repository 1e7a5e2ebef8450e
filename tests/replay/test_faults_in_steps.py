"""A changed sign, factor, index or exponent in a step is noticed: the step is judged, not merely read."""

import re
from dataclasses import replace

import pytest

from tests.replay.printed import Printed, printed
from tests.replay.test_every_step_judged import DRAWS, entry_for, open_steps

# A type, a pattern for a step that some of its keys print, and what a wrong key would print instead.
FAULTS = [
    ("convolution/pool2d", r"(= \\frac\{.*?)X_\{1,1\}\}\{Y_\{1,1\}\}", r"\1X_{1,1}}{Y_{1,2}}"),
    ("convolution/receptive-field", r"j_2 &= j_1", r"j_2 &= j_0"),
    ("convolution/receptive-field", r"\(k - 1\) \(2\^\{L\} - 1\)", r"(k - 1) (2^{L} + 1)"),
    ("differentiation/graph-forward-table", r"f_2 &= .*?\\\\", r"f_2 &= f_1 - x \\\\"),
    ("layers/backward-message", r"= g_i \\, y'\(x_i\)", r"= y_i \\, y'(x_i)"),
    ("layers/backward-message", r"= a \(e\^\{x\} - 1\) \+ a", r"= a (e^{x} - 1) - a"),
    ("layers/backward-message", r"the layer is \$y = x\$", r"the layer is $y = -x$"),
    ("layers/backward-message", r"it is \$y = (a|c) x\$", r"it is $y = x$"),
    ("layers/backward-message", r"y \+ a & \\text", r"y - a & \\text"),
    ("layers/chain-of-layers", r"\\bar\{o\}_1 &= o_1 - t_1", r"\\bar{o}_1 &= o_1 + t_1"),
    ("layers/chain-of-layers", r"\\bar\{h\}_2 &= w\^\{\(2\)\}_\{21\}", r"\\bar{h}_2 &= w^{(2)}_{12}"),
    ("likelihood/map-prior-penalty", r"\{2 \\sigma\^\{2\}\} \\\\", r"{\\sigma^{2}} \\\\"),
    ("likelihood/map-prior-penalty", r"(P\(\S+\) =) \\frac\{2 \\sigma\^\{2\}\}\{b\}", r"\1 \\frac{\\sigma^{2}}{b}"),
    ("likelihood/mle-estimator", r"(\\hat\{\\?\w+\} =) \\frac\{1\}\{n\} \\sum", r"\1 \\frac{2}{n} \\sum"),
    ("likelihood/mle-estimator", r"''\((\\?\w+)\) < 0", r"''(\1) > 0"),
    (
        "likelihood/regression-noise-loss",
        r"\\arg\\min_\{\\mathbf\{w\}\} \\left\(-",
        r"\\arg\\min_{\\mathbf{w}} \\left(",
    ),
    ("likelihood/regression-noise-loss", r"\\; \\frac\{n\}\{2\} \\ln", r"\\; \\frac{n}{3} \\ln"),
    ("likelihood/regression-noise-loss", r"(L\(\\mathbf\{w\}\) = \\sum_\{i=1\}\^\{n\}) r_i\^\{2\}", r"\1 r_i^{4}"),
    ("networks/weight-space-symmetries", r"= v_\{jk\} \(\\varphi\(z_\{j\}\) \+", r"= v_{jk} (\\varphi(z_{j}) -"),
    ("networks/weight-space-symmetries", r"s_k' = v_\{2k\} \\, h_\{2\}", r"s_k' = v_{2k} \\, h_{1}"),
    ("networks/weight-space-symmetries", r"s_k'' = s_k - v_\{jk\}", r"s_k'' = s_k + v_{jk}"),
    ("regression/linear-regression-hessian", r"H_\{12\} &= (\\frac\{)?2 S_\{1\}", r"H_{12} &= \1 2 S_{2}"),
    ("regression/linear-regression-hessian", r"\\mu_2 &= \\frac\{n \+ S_\{2\} -", r"\\mu_2 &= \\frac{n - S_{2} -"),
    ("regression/linear-regression-hessian", r"\\mu\^2 - \(n \+ S", r"\\mu^2 + (n + S"),
    ("regression/linear-regression-mle", r"\\frac\{m v - S\}\{2 v\^\{2\}\}", r"\\frac{m v + S}{2 v^{2}}"),
    (
        "regression/linear-regression-mle",
        r"\\hat\{\\sigma\}\^2 = \\frac\{S\}\{m\} = .*?\$",
        r"\\hat{\\sigma}^2 = \\frac{m}{S}$",
    ),
    ("regression/linear-regression-mle", r"\\rVert\^2 > 0", r"\\rVert^2 < 0"),
    ("regression/logistic-regression-loss", r"c_\{1\} = -\\frac", r"c_{1} = \\frac"),
    ("regression/logistic-regression-loss", r"(m_\{1\} = \\frac\{\S+)\}\{4\}", r"\1}{2}"),
    ("regression/logistic-regression-loss", r"(\\mathbf\{H\} = .*) \\begin\{pmatrix\} 1 &", r"\1 \\begin{pmatrix} 2 &"),
    ("regression/logistic-regression-loss", r"\+ \(1 - y_\{?i\}?\) \\ln\(1 - p_i\)", r"- (1 - y_i) \\ln(1 - p_i)"),
    ("regression/logistic-regression-sgd", r"(\\leftarrow w_\{j\}) - \\eta", r"\1 + \\eta"),
    ("robustness/influence-function", r"= -H\^\{-1\} L'\(z_k", r"= H^{-1} L'(z_k"),
    ("robustness/influence-function", r"\+ \\varepsilon L''\(z_k", r"- \\varepsilon L''(z_k"),
    ("robustness/influence-function", r"\+ L'\(z_k; (\S+)\(\\varepsilon\)\) = 0", r"- L'(z_k; \1(\\varepsilon)) = 0"),
    ("robustness/influence-function", r"H I_\{k\} \+ L'", r"H I_{k} - L'"),
    ("robustness/influence-function", r"(\\hat\{\\?\w+\} \+) \\varepsilon\\, I_k", r"\1 2 \\varepsilon\\, I_k"),
    ("robustness/influence-function", r"(\\approx \\hat\{\\?\w+\})\(0\) \+", r"\1(0) -"),
    (
        "robustness/influence-function",
        r"(\\hat\{\\?\w+\} &= )\\frac\{n\}\{\\sum_\{i=1\}\^\{n\} x_i\} = .*?\\end",
        r"\1\\frac{1}{\\sum_{i=1}^{n} x_i} \\end",
    ),
]


@pytest.mark.parametrize(("slug", "right", "wrong"), FAULTS)
def test_a_changed_step_is_noticed(slug: str, right: str, wrong: str) -> None:
    keys = [text for text in printed(slug, DRAWS) if any(re.search(right, solution) for solution in text.solutions)]
    assert keys, "no key prints this step"
    for text in keys[:2]:
        changed = replace(text, solutions=tuple(re.sub(right, wrong, solution) for solution in text.solutions))
        assert changed != text
        assert noticed(slug, changed)


def noticed(slug: str, text: Printed) -> bool:
    return any(entry_for(slug, word, link) is None for word, link in open_steps(slug, text))
