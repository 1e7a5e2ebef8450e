"""What the five source sheets ask, where it is asked here, and what the right answers are.

Answers that a source prints are typed from the source, in this project's names (its N is n here). All others are
worked out by hand or by the independent computations of `by_hand`. None is taken from the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.exam import by_hand


@dataclass(frozen=True, slots=True)
class Row:
    """A sub-problem of a source, the question and part of the pinned exam that asks it, and the answer.

    ``answer`` is nested as in a record, with numbers and expressions as strings. A proof, a program or a drawing has
    none: there ``shows`` is what the worked solution or the description of its figure must contain.
    """

    problem: str
    asks: str
    question: str
    part: str
    answer: Any = None
    shows: tuple[str, ...] = ()
    printed: bool = False

    @property
    def sheet(self) -> str:
        """The letter of the source, as in the exam's file name."""
        return self.problem[0].lower()


SUMS = ("Sum(x(i), (i, 1, n))", "Sum(x(i)**2, (i, 1, n))")
PHI_LOSS = "Sum(log(1 + exp(phi_0 + phi_1*x(i))) - y(i)*(phi_0 + phi_1*x(i)), (i, 1, n))"
PHI_SLOPE = "(1/(1 + exp(-phi_0 - phi_1*x(i))) - y(i))"
DY_DX = "(exp(exp(x) + exp(x)**2) + cos(exp(x) + exp(x)**2))*(exp(x) + 2*exp(x)**2)"

ROWS = (
    Row("A1", "optimisation problem", "a1", "a", "n*log(2) + Sum(Abs(y(i) - w_1*x(i) - w_2), (i, 1, n))"),
    Row("A1", "simplified loss", "a1", "b", "Sum(Abs(y(i) - w_1*x(i) - w_2), (i, 1, n))"),
    Row("A1", "computational graph", "a2", "a", shows=("z = 1", "r = −2", "L = 2")),
    Row("A1", "values of the forward pass", "a2", "b", by_hand.laplace_forward()),
    Row("A2 (i)", "gradient", "a2", "c", {"expression": "-xbar*sign(y - z)", "value": by_hand.laplace_gradient()}),
    Row(
        "A2 (ii)",
        "updated weights",
        "a2",
        "d",
        {"expression": "w + alpha*xbar*sign(y - z)", "value": by_hand.laplace_updated()},
    ),
    Row("A2 (iii)", "loss after the step", "a2", "e", by_hand.laplace_loss_after()),
    Row("A3", "convolution", "a3-conv", "a", by_hand.correlated(by_hand.A3_IMAGE, by_hand.A3_KERNEL, 1, 0)),
    Row("A3", "convolution, stride 3", "a3-conv", "b", by_hand.correlated(by_hand.A3_IMAGE, by_hand.A3_KERNEL, 3, 1)),
    Row("A3", "max pooling", "a3-max", "a", by_hand.largest(by_hand.A3_IMAGE, 2)),
    Row(
        "B1",
        "derivative of the softmax",
        "b1",
        "a",
        {"equal": "p_i - p_i**2", "different": "-p_i*p_j", "combined": "p_i*KroneckerDelta(i, j) - p_i*p_j"},
    ),
    Row("B2", "proof", "b2", "a", shows=(r"\prod_{i=1}^{n} p(y_i \mid x_i, \phi)", r"\ln p(\phi_j)")),
    Row("B2", "penalty", "b2", "b", "Sum(phi(j)**2/(2*tau(j)**2), (j, 1, J))"),
    Row("B3", "proof", "b3", "a", shows=(r"(1 - \lambda) \phi_j - \alpha \frac{\partial L}{\partial \phi_j}",)),
    Row("B4", "receptive field", "b4", "b", by_hand.fields((3, 1, 1), (3, 1, 1), (3, 1, 1))),
    Row("B5", "receptive field", "b5", "b", by_hand.fields((7, 1, 1), (7, 1, 1), (7, 1, 1))),
    Row("B6", "receptive fields", "b6", "b", by_hand.fields((5, 2, 1), (3, 1, 1), (5, 1, 2))),
    Row("B7", "Hessian", "b7", "a", [["2*n", f"2*{SUMS[0]}"], [f"2*{SUMS[0]}", f"2*{SUMS[1]}"]]),
    Row("B7", "trace and determinant", "b7", "b", [f"2*n + 2*{SUMS[1]}", f"4*n*{SUMS[1]} - 4*{SUMS[0]}**2"]),
    Row("B7", "proof of convexity", "b7", "c", shows=(r"4 n \sum_{i=1}^{n} (x_i - \bar{x})^{2}", "strictly convex")),
    Row(
        "B8 (i)",
        "meaning of the parameters",
        "b8",
        "a1",
        shows=(r"x = -\frac{\phi_{0}}{\phi_{1}}", r"\frac{\phi_{1}}{4}"),
    ),
    Row("B8 (i)", "crossing and slope", "b8", "a2", by_hand.crossings((2, 2), (4, 2), (2, -4))),
    Row("B8 (i)", "plot", "b8", "a3", shows=("(−1, 0.5)", "(−2, 0.5)", "(0.5, 0.5)")),
    Row("B8 (ii)", "loss", "b8", "b", PHI_LOSS),
    Row("B8 (iii)", "derivatives", "b8", "c", [f"Sum({PHI_SLOPE}, (i, 1, n))", f"Sum({PHI_SLOPE}*x(i), (i, 1, n))"]),
    Row("B8 (iv)", "heat map", "b8", "d", shows=by_hand.minimum_of_the_sample()),
    Row("B8 (v)", "convexity", "b8", "e", shows=(r"(v_{0} + v_{1} x_{i})^{2} \ge 0", "positive semidefinite")),
    Row(
        "B9",
        "derivatives, in reverse",
        "b9",
        "a",
        {
            "dy/df_5": "1",
            "dy/df_4": "1",
            "dy/df_3": "exp(f_3) + cos(f_3)",
            "dy/df_2": "exp(f_3) + cos(f_3)",
            "dy/df_1": "(exp(f_3) + cos(f_3))*(1 + 2*f_1)",
        },
    ),
    Row("B9", "derivative of y", "b9", "b", DY_DX),
    Row(
        "B10",
        "derivatives, forward",
        "b10",
        "a",
        {
            "df_1/dx": "exp(x)",
            "df_2/dx": "2*f_1*exp(x)",
            "df_3/dx": "exp(x) + 2*f_1*exp(x)",
            "df_4/dx": "exp(f_3)*(exp(x) + 2*f_1*exp(x))",
            "df_5/dx": "cos(f_3)*(exp(x) + 2*f_1*exp(x))",
        },
    ),
    Row("B10", "derivative of y", "b10", "b", DY_DX),
    Row("B10", "why reverse mode", "b10", "e", shows=("for every parameter", "one sweep")),
    Row("C1", "log-likelihood", "c1", "a", f"n*log(lamda) - lamda*{SUMS[0]}", printed=True),
    Row("C1", "its derivative", "c1", "b", f"n/lamda - {SUMS[0]}", printed=True),
    Row("C1", "estimator", "c1", "c", f"n*{SUMS[0]}**(-1)", printed=True),
    Row("C2 (a)", "stride 1", "c2", "a", [["3", "3", "1"], ["2", "2", "3"], ["5", "3", "-1"]], printed=True),
    Row("C2 (b)", "stride 2", "c2", "b", [["3", "1"], ["5", "-1"]], printed=True),
    Row("C2 (c)", "stride 2, padding", "c2", "c", [["1", "3", "2"], ["0", "2", "4"], ["0", "1", "-1"]], printed=True),
    Row("C3", "parameters of each layer", "c3", "a", by_hand.vgg11()),
    Row("C3", "parameters of the network", "c3", "b", "132863336"),
    Row(
        "C3",
        "program",
        "c3",
        "c",
        shows=("sum(p.numel() for p in layer.parameters())", "sum(p.numel() for p in model.parameters())"),
        printed=True,
    ),
    Row(
        "C4",
        "proof",
        "c4",
        "a",
        shows=(
            r"\hat{\theta}(0) = \hat{\theta}",
            r"\hat{\theta}(\varepsilon) \approx \hat{\theta}(0) + \varepsilon \left.\frac{d \hat{\theta}(\varepsilon)}",
            r"{d \varepsilon}\right|_{\varepsilon = 0}",
        ),
        printed=True,
    ),
    Row(
        "D1 (a)",
        "proof",
        "d1a",
        "a",
        shows=(r"\mathbf{w}^{*} = \left(\mathbf{X}^{\top} \mathbf{X}\right)^{-1} \mathbf{X}^{\top} \mathbf{y}",),
    ),
    Row(
        "D1 (b)",
        "proof",
        "d1b",
        "a",
        shows=(r"\mathbf{w}^{*} = \left(\mathbf{X}^{\top} \mathbf{X} + \lambda \mathbf{I}\right)^{-1}",),
    ),
    Row("D1 (b)", "existence of the inverse", "d1b", "c", shows=("> 0",)),
    Row("D2 (a)", "message of cross-entropy", "d2", "a", "-t_j/p_j"),
    Row("D2 (b)", "message of softmax", "d2", "b", "p_j*KroneckerDelta(i, j) - p_i*p_j"),
    Row("D2 (c)", "messages of the linear layer", "d2", "c", {"ds_dx": "w_ij", "ds_dw": "x_i"}),
    Row("D2 (d)", "gradient", "d2", "d", "x_i*p_j - x_i*t_j"),
    Row("D3", "drawing", "d3", "a", shows=("x_3 → h_4", "h_4 → y_2")),
    Row("D3", "number of networks", "d3", "c", "factorial(M)*2**M"),
    Row("D4 (a)", "message of the sigmoid", "d4a", "a", "exp(x)/(1 + exp(x))**2"),
    Row("D4 (a)", "by its output", "d4a", "b", "y - y**2"),
    Row("D4 (b)", "message of tanh", "d4b", "a", "1 - tanh(x)**2"),
    Row("D4 (b)", "by its output", "d4b", "b", "1 - y**2"),
    Row("D4 (c)", "message of ReLU", "d4c", "a", "(1 + sign(x))/2"),
    Row("D4 (d)", "message of PReLU", "d4d", "a", "(1 + sign(x))/2 + a*(1 - sign(x))/2"),
    Row("D4 (d)", "its parameter message", "d4d", "c", "(x - Abs(x))/2"),
    Row("E1 (a)", "derivative", "e1", "a", "-x_j*(y - h)", printed=True),
    Row("E1 (b)", "update", "e1", "b", "w_j + eta*x_j*(y - h)", printed=True),
    Row(
        "E2 (a)",
        "table",
        "e2a",
        "a",
        {"f_1": "2", "f_2": "3", "f_3": "4", "f_4": "5", "f_5": "4", "f_6": "3", "y": "5"},
        printed=True,
    ),
    Row(
        "E2 (b)",
        "forward values",
        "e2b",
        "a",
        {"r_1": "2", "r_2": "0", "s_1": "0.9", "s_2": "0.5", "y": "1.4"},
        printed=True,
    ),
    Row(
        "E2 (b)",
        "partial derivatives",
        "e2b",
        "b",
        {
            "dy/dv_1": "0.18",
            "dy/dv_2": "0",
            "dy/dw_{11}": "0.09",
            "dy/dw_{21}": "0",
            "dy/dw_{12}": "-0.09",
            "dy/dw_{22}": "0",
        },
        printed=True,
    ),
)
