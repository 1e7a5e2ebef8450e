from __future__ import annotations

import pytest
import scipy.stats as st
import sympy

from generator.solver.noise import Noise, Scale, noise_loss

NOISES: tuple[Noise, ...] = ("laplace", "normal", "generalised-normal", "logistic")
SCALES: tuple[Scale, ...] = (1, 2, "shared", "own")
I = sympy.Symbol("i")  # noqa: E741  # the index as it is printed
R = sympy.Function("r")(I)


def at(expression: object, residual: float, scale: float) -> float:
    """The value of a formula at a residual and a scale, whatever the scale is called."""
    text = sympy.sympify(expression)
    values = {sympy.Symbol(name): scale for name in ("b", "sigma", "a", "s")}
    values |= {sympy.Function(name)(I): scale for name in ("b", "sigma", "a", "s")}
    return float(text.subs(values).subs(R, residual))


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("scale", SCALES)
def test_densities_and_their_logarithms(noise: Noise, scale: Scale) -> None:
    steps = noise_loss(noise, 4, scale)
    size = float(scale) if isinstance(scale, int) else 1.6
    frozen = {
        "laplace": st.laplace(0, size),
        "normal": st.norm(0, size),
        "generalised-normal": st.gennorm(4, 0, size),
        "logistic": st.logistic(0, size),
    }[noise]
    for residual in (-1.3, 0.4, 2.2):
        assert at(steps.density.meaning, residual, size) == pytest.approx(float(frozen.pdf(residual)))
        assert at(steps.minus_log.meaning, residual, size) == pytest.approx(-float(frozen.logpdf(residual)))


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("scale", SCALES)
def test_the_loss_is_the_objective_without_constants_and_factor(noise: Noise, scale: Scale) -> None:
    steps = noise_loss(noise, 4, scale)
    rebuilt = steps.constant.meaning + steps.factor.meaning * steps.loss.meaning
    assert sympy.expand(rebuilt - steps.objective.meaning) == 0
    assert not steps.constant.meaning.has(R)


def test_losses_read_as_in_a_textbook() -> None:
    assert noise_loss("laplace", 2, "shared").loss.tex == r"\sum_{i=1}^{n} \left|r_i\right|"
    assert noise_loss("normal", 2, 3).loss.tex == r"\sum_{i=1}^{n} r_i^{2}"
    assert noise_loss("normal", 2, "own").loss.tex == r"\sum_{i=1}^{n} \frac{r_i^{2}}{\sigma_i^{2}}"
    assert noise_loss("laplace", 2, 1).density.tex == r"\frac{1}{2} e^{-\left|r_i\right|}"


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("scale", SCALES)
def test_the_loss_adds_up_what_each_observation_contributes(noise: Noise, scale: Scale) -> None:
    steps = noise_loss(noise, 4, scale)
    assert sympy.Sum(steps.summand, (I, 1, sympy.Symbol("n"))) == steps.loss.meaning


def test_constants_share_one_logarithm() -> None:
    assert noise_loss("generalised-normal", 4, 3).constant.tex == (
        r"n \ln\left(\frac{3 \Gamma\left(\frac{1}{4}\right)}{2}\right)"
    )
    assert noise_loss("normal", 2, "shared").constant.tex == r"\frac{n}{2} \ln(2 \pi \sigma^{2})"
