"""What questions say of their names in words, said in formulas: with it, what looks like a definition is a claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tests.replay.printed import Printed

_ROW = re.compile(r"\\hline (.*?) \\\\")


def meaning(slug: str, text: Printed) -> str:
    """Formulas that belong at the end of the question."""
    said = _MEANINGS.get(slug)
    return "" if said is None else " ".join(f"${formula}$." for formula in said(text))


def conclusions(slug: str, text: Printed) -> str:
    """What the key says in words, or in a form that is no equation, as equations that belong at its end."""
    said = _CONCLUSIONS.get(slug)
    return "" if said is None else " ".join(f"${formula}$." for formula in said(text))


def _first(pattern: str, *texts: str) -> str:
    found = re.search(pattern, "\n".join(texts))
    assert found is not None, pattern
    return found[1]


def _backward_message(text: Printed) -> Iterator[str]:
    yield "y_i = y(x_i, a)" if "y(x, a)" in text.question else "y_i = y(x_i)"
    if any("s_1 &=" in solution for solution in text.solutions):
        yield r"s_i = \frac{1}{1 + e^{-x_i}}"
    # Any loss with these derivatives will do.
    yield r"\ell = \sum_{i=1}^{n} \kappa_i y_i"


def _chain_of_layers(text: Printed) -> Iterator[str]:
    for name in sorted(set(re.findall(r"\\bar\{(\w)\}(?=_\d)", "".join(text.solutions)))):
        yield rf"\bar{{{name}}}_j = \frac{{\partial \ell}}{{\partial {name}_j}}"


def _pool2d(text: Printed) -> Iterator[str]:
    if (gradient := _grid("G", text.question)) is None:
        return
    size = _grid("X", text.question)
    assert size is not None
    window = int(_first(r"\$(\d) \\times \d\$ window", text.question))
    stride = int(_first(r"moves by (\d)", text.question))
    padding = int("padded with one" in text.question)
    places = [(i, j) for i in range(1, gradient[0] + 1) for j in range(1, gradient[1] + 1)]
    for i, j in places:
        corner = (i - 1) * stride - padding, (j - 1) * stride - padding
        under = [(corner[0] + a, corner[1] + b) for a in range(1, window + 1) for b in range(1, window + 1)]
        seen = [f"X_{{{a},{b}}}" if 1 <= a <= size[0] and 1 <= b <= size[1] else "0" for a, b in under]
        if "largest" in text.question:
            value = rf"\max({', '.join(seen)})"
        elif "square root" in text.question:
            value = rf"\sqrt{{{' + '.join(f'{entry}^2' for entry in seen)}}}"
        else:
            value = rf"\frac{{{' + '.join(seen)}}}{{{window * window}}}"
        yield f"Y_{{{i},{j}}} = {value}"
    # Any loss with these derivatives will do.
    yield rf"\ell = {' + '.join(f'G_{{{i},{j}}} Y_{{{i},{j}}}' for i, j in places)}"


def _grid(name: str, question: str) -> tuple[int, int] | None:
    """How many rows and columns a printed grid has."""
    found = re.search(rf"\$ ?{name} = \\begin{{array}}(.*?)\\end{{array}}", question)
    if found is None:
        return None
    rows = _ROW.findall(found[1])
    return len(rows), rows[0].count("&") + 1


def _receptive_field(text: Printed) -> Iterator[str]:
    """Closed forms of the effective stride and of the receptive field (Araujo, Norris and Sim, 2019)."""
    yield r"j_l = \prod_{i=1}^{l} s_i"
    yield r"r_l = 1 + \sum_{i=1}^{l} (k_i - 1) d_i j_{i-1}"
    if "2^" in text.solutions[-1]:
        yield r"r'_l = 1 + \sum_{i=1}^{l} (k - 1) 2^{i-1}"
    else:
        yield r"r'_l = 1 + \sum_{i=1}^{l} (k - 1)"


def _graph(text: Printed) -> Iterator[str]:
    """Every operation with its inputs, from the description of the picture."""
    listed = re.search(r"Nodes: (.*?)\. Edges: (.*?)\.$", text.told[0])
    assert listed is not None
    names, inputs = dict[str, str](), dict[str, list[str]]()
    for node in listed[1].split("; "):
        title = re.sub(r" \(input\)|, marked .*", "", node)
        mark = re.search(r", marked (.*)", node)
        names[title] = mark[1] if mark else "y" if "(input)" not in node else title.partition(" no.")[0]
    for edge in listed[2].split("; "):
        start, _, end = edge.partition(" → ")
        inputs.setdefault(end, []).append(names[start])
    for title, taken in inputs.items():
        kind = title.partition(" no.")[0]
        if kind in ("max", "min"):
            yield rf"{names[title]} = \{kind}({', '.join(taken)})"
        elif kind in ("+", "×"):
            yield f"{names[title]} = {(' + ' if kind == '+' else ' · ').join(taken)}".replace("·", r"\cdot")
        elif kind == "(·)^2":
            yield f"{names[title]} = {taken[0]}^2"
        elif "−" in kind:
            yield f"{names[title]} = {kind.replace('−', '-')}"


def _symmetries(text: Printed) -> Iterator[str]:
    units = len(set(re.findall(r"v_\{(\d)k\}", "".join(text.solutions))))
    if "two hidden layers" not in text.question:
        yield r"z_j = \sum_{i=1}^{N} w^{(1)}_{ij} x_i"
    yield rf"s_k = \sum_{{j=1}}^{{{units}}} v_{{jk}} h_j"
    # The term of unit j with the signs of its weights changed.
    yield r"s_k'' = s_k - v_{jk} \varphi(z_j) + (-v_{jk}) \varphi(-z_j)"


def _regression_noise_loss(text: Printed) -> Iterator[str]:
    if "one input" in text.question:
        yield r"\bar{\mathbf{x}} = (x, 1)^{\top}"
        yield r"\bar{\mathbf{x}}_i = (x_i, 1)^{\top}"
    term = _first(r"L\(\\mathbf\{w\}\) = \\sum_\{i=1\}\^\{n\} ([^$]*)\$", *text.solutions)
    yield f"L_i = {term}"


def _map_prior_penalty(text: Printed) -> Iterator[str]:
    name = _parameter(text)
    yield (
        rf"p(y_i \mid x_i, {name}) = \frac{{1}}{{\sqrt{{2 \pi \sigma^2}}}}"
        rf" \exp\left(-\frac{{(y_i - f(x_i; {name}))^2}}{{2 \sigma^2}}\right)"
    )


def _parameter(text: Printed) -> str:
    return _first(r"f\(x; ([^)]+)\)", text.question)


def _mle_estimator(text: Printed) -> Iterator[str]:
    if "uniform" not in text.question:
        name = _first(r"\\ell\(([^)]+)\)", text.question)
        yield rf"\hat{{{name}}} = \arg\max_{{{name}}} \ell({name})"


def _linear_regression_mle(text: Printed) -> Iterator[str]:
    yield r"\hat{\sigma}^2 = \arg\min_{v} \left(\frac{m}{2} \ln(2 \pi v) + \frac{S}{2 v}\right)"


def _logistic_regression_loss(text: Printed) -> Iterator[str]:
    one, two = _weights(text)
    yield rf"c_k = -\frac{{{one}}}{{{two}}}"
    yield r"m_k = \left[\frac{d p}{d x}\right]_{x = c_k}"
    slopes = [rf"\frac{{\partial^2 L}}{{\partial {a} \partial {b}}}" for a in (one, two) for b in (one, two)]
    upper, lower = " & ".join(slopes[:2]), " & ".join(slopes[2:])
    yield rf"\mathbf{{H}} = \begin{{pmatrix}} {upper} \\ {lower} \end{{pmatrix}}"


def _weights(text: Printed) -> tuple[str, str]:
    name = _first(r"intercept \$(.+?)_0\$", text.question)
    return f"{name}_0", f"{name}_1"


def _weight_decay(text: Printed) -> Iterator[str]:
    name = _first(r"parameters \$(\S+) = ", text.question)
    yield (rf"{name}_j^{{\text{{new}}}} = (1 - \lambda) {name}_j - \alpha \frac{{\partial L}}{{\partial {name}_j}}")


def _sgd(text: Printed) -> Iterator[str]:
    yield r"w_j^{\text{new}} = w_j - \eta \frac{\partial L}{\partial w_j}"


def _posterior(text: Printed) -> Iterator[str]:
    """The penalised loss has its minimum where the posterior density has its maximum."""
    name = _parameter(text)
    prior = rf"\prod_{{j=1}}^{{J}} p({name}_j)" if rf"p({name}_j)" in text.question else f"p({name})"
    penalised = _first(r"\$\$\n?(.*?\+ P\(.*?\))\n?\$\$", text.question)
    likelihood = rf"\prod_{{i=1}}^{{n}} p(y_i \mid x_i, {name})"
    yield rf"\arg\max_{{{name}}} {likelihood} \cdot {prior} = \arg\min_{{{name}}} ({penalised})"


def _rectified(text: Printed) -> Iterator[str]:
    """The two cases of the derivative of the rectifier, on either side of 0."""
    yield r"\left[\frac{d}{d t} \max(t, 0)\right]_{t = -2} = 0"
    yield r"\left[\frac{d}{d t} \max(t, 0)\right]_{t = 2} = 1"


def _huber(text: Printed) -> Iterator[str]:
    """Every loss is that of its residual, in whichever case that lies."""
    if "h(r)" in text.question:
        for solution in text.solutions:
            lines = re.search(r"r &= .* = (\S+) \\\\ L &= .* = (\S+) \\end", solution)
            if lines is not None:
                yield f"h({lines[1]}) = {lines[2]}"


def _eigenvalues(text: Printed) -> Iterator[str]:
    """The roots of a quadratic equation add up to, and multiply to, its coefficients."""
    yield r"\mu_1 + \mu_2 = n + S_2"
    yield r"\mu_1 \mu_2 = n S_2 - S_1^2"


def _noise(text: Printed) -> Iterator[str]:
    """Both answers have their minimum where the likelihood has its maximum, the first of them as it is."""
    density = r"p(y_i \mid \mathbf{x}_i, \mathbf{w})"
    problem = _first(r"\\min_\{\\mathbf\{w\}\} \\; ([^$]*)\$", *text.solutions)
    yield rf"-\sum_{{i=1}}^{{n}} \ln {density} = {problem}"
    yield rf"\arg\max_{{\mathbf{{w}}}} \prod_{{i=1}}^{{n}} {density} = \arg\min_{{\mathbf{{w}}}} L(\mathbf{{w}})"


def _cross_entropy(text: Printed) -> Iterator[str]:
    """The loss has its minimum where the likelihood of independent labels has its maximum."""
    one, two = _weights(text)
    for name in (one, two):
        likelihood = r"\prod_{i=1}^{n} p_i^{y_i} (1 - p_i)^{1 - y_i}"
        yield rf"\arg\max_{{{name}}} {likelihood} = \arg\min_{{{name}}} L({one}, {two})"


def _step(text: Printed) -> Iterator[str]:
    """What is assigned is a step against the gradient."""
    assigned = _first(r"w_j \\leftarrow ([^$]*)\$", *text.solutions)
    yield rf"w_j - \eta \frac{{\partial L}}{{\partial w_j}} = {assigned}"


_MEANINGS: Mapping[str, Callable[[Printed], Iterator[str]]] = {
    "convolution/pool2d": _pool2d,
    "convolution/receptive-field": _receptive_field,
    "differentiation/graph-forward-table": _graph,
    "layers/backward-message": _backward_message,
    "layers/chain-of-layers": _chain_of_layers,
    "likelihood/map-prior-penalty": _map_prior_penalty,
    "likelihood/mle-estimator": _mle_estimator,
    "likelihood/regression-noise-loss": _regression_noise_loss,
    "likelihood/weight-decay-penalty": _weight_decay,
    "networks/weight-space-symmetries": _symmetries,
    "regression/linear-regression-mle": _linear_regression_mle,
    "regression/logistic-regression-loss": _logistic_regression_loss,
    "regression/logistic-regression-sgd": _sgd,
}


def _variance(text: Printed) -> Iterator[str]:
    """The stationary point that the key names in a sentence."""
    yield rf"\hat{{\sigma}}^2 = {_first(r'only at .v = ([^$]*)[$]', *text.solutions)}"


_CONCLUSIONS: Mapping[str, Callable[[Printed], Iterator[str]]] = {
    "differentiation/network-backprop": _rectified,
    "likelihood/loss-graph-step": _huber,
    "likelihood/map-prior-penalty": _posterior,
    "likelihood/regression-noise-loss": _noise,
    "regression/linear-regression-hessian": _eigenvalues,
    "regression/linear-regression-mle": _variance,
    "regression/logistic-regression-loss": _cross_entropy,
    "regression/logistic-regression-sgd": _step,
}
