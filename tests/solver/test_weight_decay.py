from __future__ import annotations

from collections.abc import Sequence

import pytest
import sympy

from generator.solver.weight_decay import Optimizer, equivalence, quadratic, run


def test_every_line_of_the_update_equals_the_next() -> None:
    steps = equivalence("phi", "lamda", "alpha")
    first, *others = steps.update
    for other in others:
        assert sympy.expand(first.meaning - other.meaning) == 0
    plain = sympy.Function("phi")(sympy.Symbol("j")) - sympy.Symbol("alpha") * steps.penalised_slope.meaning
    assert sympy.expand(first.meaning - plain) == 0


def test_slope_of_the_penalty() -> None:
    steps = equivalence("w", "lamda", "alpha")
    written_out = steps.penalty.meaning.subs("K", 3).doit()
    w = sympy.Function("w")
    slope = sympy.diff(written_out.xreplace({w(2): sympy.Symbol("z")}), "z").subs("z", w(2))
    assert sympy.simplify(slope - steps.slope.meaning.subs("j", 2)) == 0


def test_the_steps_read_as_in_a_textbook() -> None:
    steps = equivalence("phi", "lamda", "alpha")
    assert steps.penalty.tex == r"\frac{\lambda}{2 \alpha} \sum_{k=1}^{K} \phi_k^{2}"
    assert steps.update[-1].tex == r"(1 - \lambda) \phi_j - \alpha \frac{\partial L}{\partial \phi_j}"


def bowl(phi: Sequence[float]) -> list[float]:
    return [6 * phi[0] + phi[1] - 4, phi[0] + 2 * phi[1] + 3]


@pytest.mark.parametrize(
    ("optimizer", "same"),
    [
        ("sgd", [True, True, True]),
        ("momentum", [True, False, False]),
        ("adam", [False, False, False]),
        ("schedule", [True, False, False]),
    ],
)
def test_where_decay_and_penalty_part(optimizer: Optimizer, same: list[bool]) -> None:
    decayed, penalised = run(optimizer, bowl, [2.0, -1.0], 0.1, 0.25, 3)
    assert [one == pytest.approx(other) for one, other in zip(decayed, penalised, strict=True)] == same


def test_two_plain_steps_by_hand() -> None:
    decayed, penalised = run("sgd", bowl, [2.0, -1.0], 0.5, 0.25, 1)
    # Slopes 7 and 3: 0.5 * 2 - 7 / 4 and 0.5 * (-1) - 3 / 4
    assert decayed == [[-0.75, -1.25]]
    assert penalised[0] == pytest.approx([-0.75, -1.25])


def test_half_the_learning_rate_takes_off_half_of_the_decay() -> None:
    steps = equivalence("w", "lamda", "alpha")
    assert steps.taken_off.meaning == steps.decayed.meaning / 2
    assert sympy.simplify(steps.half_rate.meaning * steps.slope.meaning - steps.taken_off.meaning) == 0


def test_slopes_of_a_quadratic_loss() -> None:
    found = quadratic("phi", (2, 0, 3), (1, 0, -4), (0, 5, -1))
    phi = [sympy.Function("phi")(j) for j in (1, 2, 3)]
    expected = 2 * phi[0] ** 2 + 3 * phi[2] ** 2 + phi[0] * phi[1] - 4 * phi[1] * phi[2] + 5 * phi[1] - phi[2]
    assert sympy.expand(found.loss.meaning - expected) == 0
    for one, slope in zip(phi, found.slopes, strict=True):
        assert sympy.expand(slope.meaning - sympy.diff(expected, one)) == 0
    assert found.loss.tex == r"2 \phi_1^{2} + 3 \phi_3^{2} + \phi_1 \phi_2 - 4 \phi_2 \phi_3 + 5 \phi_2 - \phi_3"
    assert [slope.tex for slope in found.slopes] == [
        r"4 \phi_1 + \phi_2",
        r"\phi_1 - 4 \phi_3 + 5",
        r"-4 \phi_2 + 6 \phi_3 - 1",
    ]
