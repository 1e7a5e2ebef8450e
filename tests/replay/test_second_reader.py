import pytest

from generator.replay import read

LINEAR = r"Let $x_1 = 2$, $x_2 = -1$, $w = (w_1, w_2)^{\top} = (3, 4)^{\top}$ and $z = w_1 x_1 + w_2 x_2$."


def misses(question: str, *solutions: str) -> list[str]:
    return [str(miss) for miss in read(question, solutions).misses]


@pytest.mark.parametrize(
    "link",
    [
        r"(a + b)^2 = a^2 + 2 a b + b^2",
        r"\frac{a}{b} - \frac{c}{d} = \frac{a d - b c}{b d}",
        r"\ln(a b) = \ln a + \ln b",
        r"\sqrt{a^2 b^2} = |a b|",
        r"\max(0, a) + \max(0, -a) = \left|a\right|",
        r"\sum_{i=1}^{n} (x_i - c)^2 = \sum_{i=1}^{n} x_i^2 - 2 c \sum_{i=1}^{n} x_i + n c^2",
        r"\prod_{i=1}^{n} e^{x_i} = e^{\sum_{i=1}^{n} x_i}",
        r"\sum_{j=1}^{n} \delta_{ij} x_j = x_i",
        r"\frac{\partial}{\partial a} \left(a^2 b + \sin(a)\right) = 2 a b + \cos(a)",
        r"\frac{\partial}{\partial x_j} \left(\sum_{i=1}^{n} x_i^2\right) = 2 x_j",
        r"(\mathbf{X} \mathbf{v})^{\top} (\mathbf{X} \mathbf{v}) = \lVert \mathbf{X} \mathbf{v} \rVert^2",
        r"(\mathbf{A} \mathbf{B})^{\top} = \mathbf{B}^{\top} \mathbf{A}^{\top}",
        r"\nabla_{\mathbf{v}} \, \mathbf{v}^{\top} \mathbf{A} \mathbf{v} = (\mathbf{A} + \mathbf{A}^{\top}) \mathbf{v}",
        r"\begin{cases} a & \text{if } a > 0 \\ -a & \text{if } a \le 0 \end{cases} = |a|",
        r"e^{-z} + \frac{1}{e^{z}} = 2 \exp(-z)",
    ],
)
def test_identities_hold_and_their_opposites_do_not(link: str) -> None:
    assert read("", [f"${link}$"]).judged == 1
    left, right = link.split(" = ", 1) if r"\sum_{i=" not in link else link.rsplit(" = ", 1)
    assert misses("", f"${left} = -\\left({right}\\right)$")


def test_definitions_are_followed() -> None:
    question = r"Let $p_j = \frac{e^{s_j}}{\sum_{k=1}^{K} e^{s_k}}$."
    right = r"$\frac{\partial p_j}{\partial s_j} = p_j (1 - p_j)$"
    assert read(question, [right]).judged == 1
    assert misses(question, right.replace("1 - p_j", "1 + p_j"))


def test_the_chain_rule_through_named_steps() -> None:
    question = r"$$\begin{aligned} f_1 &= \exp(x) \\ f_2 &= 3 \cdot f_1 \\ y &= f_1 \cdot f_2 \end{aligned}$$"
    right = r"$$\frac{\partial y}{\partial x} = \frac{\partial y}{\partial f_1} \cdot \exp(x) = 6 \exp(2 x)$$"
    assert read(question, [right]).judged == 2
    assert misses(question, right.replace("6", "5"))


def test_substituted_numbers_are_those_of_the_question() -> None:
    right = r"$z = w_1 x_1 + w_2 x_2 = 3 \cdot 2 + 4 \cdot (-1) = 2$"
    assert read(LINEAR, [right]).compared == read(LINEAR, []).compared + 1
    assert not misses(LINEAR, right)
    assert misses(LINEAR, right.replace(r"3 \cdot 2", r"3 \cdot 5"))


def test_numbers_of_tables_are_known() -> None:
    question = "| $i$ | $x_i$ | $y_i$ |\n|:-:|:-:|:-:|\n| 1 | $2$ | $5$ |\n| 2 | $-3$ | $7$ |"
    assert not misses(question, r"$\sum_{i=1}^{2} x_i y_i = 2 \cdot 5 + (-3) \cdot 7 = -11$")
    assert misses(question, r"$\sum_{i=1}^{2} x_i y_i = 2 \cdot 5 + 3 \cdot 7 = 31$")


def test_an_answer_repeats_what_was_worked_out() -> None:
    worked = r"$z = w_1 x_1 + w_2 x_2 = 3 \cdot 2 + 4 \cdot (-1) = 2$"
    assert not misses(LINEAR, f"{worked}\n\n> $z = 2$")
    assert misses(LINEAR, f"{worked}\n\n> $z = 3$") == ["z = 3"]


def test_a_number_from_nowhere_is_a_stray() -> None:
    question = "The rates are $5$ and $7$."
    assert not read(question, [r"$R = 5 \cdot 7 = 35$"]).strays
    assert [stray.number for stray in read(question, [r"$R = 5 \cdot 9 = 45$"]).strays] == ["9"]
    assert not read(question, [r"$R = 5 \cdot 9 = 45$"], ["A weight of 9."]).strays
    assert not read(question, [r"$R = 5 \cdot 7 = 35$ and $S = 35 + 5 = 40$"]).strays


def test_equations_are_no_claims_of_identity() -> None:
    solution = r"$$\begin{aligned} n \theta - \sum_{i=1}^{n} x_i &= 0 \\ n \theta &= \sum_{i=1}^{n} x_i \end{aligned}$$"
    estimate = r"$\hat{\theta} = \frac{1}{n} \sum_{i=1}^{n} x_i$"
    assert not misses("", solution, estimate)
    assert misses("", solution.replace(r"n \theta &", r"2 n \theta &"), estimate)


@pytest.mark.parametrize("link", [r"\arg\min_w L = w", r"x = (x_1, \dots, x_n)", r"f(x) = g(x)", r"a \pm b = c"])
def test_what_cannot_be_read_is_not_judged(link: str) -> None:
    reading = read("", [f"${link}$"])
    assert (reading.judged, reading.misses) == (0, ())


MEAN = r"$\hat{c} = \arg\min_{c} \sum_{i=1}^{n} (x_i - c)^2$"
SMOOTH = r"$\hat{c}(\varepsilon) = \arg\min_{c} \left((a - c)^2 + \varepsilon (b - c)^2\right)$"


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (MEAN, r"$\hat{c} = \frac{1}{n} \sum_{i=1}^{n} x_i$", r"$\hat{c} = \frac{2}{n} \sum_{i=1}^{n} x_i$"),
        (SMOOTH, r"$\hat{c}(\varepsilon) \approx a + \varepsilon (b - a)$", r"$\hat{c}(\varepsilon) \approx a + b$"),
        ("", r"$\arg\max_{c} c \, e^{-c} = \arg\min_{c} (c - \ln c)$", r"$\arg\max_{c} c = \arg\min_{c} c$"),
        (r"$\Pr(y = 1 \mid x) = a x$", r"$\Pr(y = 1 \mid x) = x a$", r"$\Pr(y = 1 \mid x) = a - x$"),
        ("", r"${(a + b)^2 = a^2 + 2 a b + b^2}$", r"${(a + b)^2 = a^2 - 2 a b + b^2}$"),
        ("", r"$(a - b)^2 + 1 > 0$", r"$(a - b)^2 + 1 < 0$"),
        (r"$f(x) = x^3$", r"$f'(2) = 12$", r"$f'(2) = 8$"),
        (r"$f(-z) = -f(z)$", r"$f(z) + f(-z) = f(z) - f(z)$", r"$f(z) - f(-z) = f(z) - f(z)$"),
        (r"$y(x) = |x|$, for $x > 0$; for $x < 0$.", r"For $x < 0$ it is $y = -x$.", r"For $x < 0$ it is $y = x$."),
        (r"Let $y = 1$.", r"$a (1 - y) = a - a y$", r"$3 a (1 - y) = a - a y$"),
        (r"$A = \begin{pmatrix} 2 a & b \\ b & 1 \end{pmatrix}$", r"$A_{11} = a + a$", r"$A_{11} = a + b$"),
    ],
)
def test_more_than_equations_is_judged(question: str, right: str, wrong: str) -> None:
    before = read(question, ())
    reading, changed = read(question, [right]), read(question, [wrong])
    judged = reading.judged + reading.compared - before.judged - before.compared
    assert (judged, reading.misses, reading.unjudged) == (1, (), before.unjudged)
    assert changed.misses or len(changed.unjudged) > len(before.unjudged)
