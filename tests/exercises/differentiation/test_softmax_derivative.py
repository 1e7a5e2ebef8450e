from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.differentiation.softmax_derivative import SoftmaxDerivative
from generator.wording import word


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("differentiation/softmax-derivative")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    everything = {"logits": [0, "log(2)", "log(5)"], "logit": "s", "probability": "p", **pins}
    return make_instance(kind, "1/1/q", "medium", everything)


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind)
    # The probabilities are 1/8, 2/8, 5/8; all entries are over 64.
    jacobian = [[7, -2, -5], [-2, 12, -10], [-5, -10, 15]]
    assert instance.solution["b"].answer == tuple(tuple(Fraction(v, 64) for v in row) for row in jacobian)
    slips = {slip.name: slip.value for slip in instance.slips if slip.part == "b"}
    assert slips["$p_i(1 - p_i)$ used off the diagonal"][1] == (Fraction(12, 64),) * 3
    assert slips["sign off the diagonal lost"][0] == (Fraction(7, 64), Fraction(2, 64), Fraction(5, 64))
    assert slips["entries off the diagonal taken as 0"][2] == (0, 0, Fraction(15, 64))


def test_the_formula_is_the_derivative(kind: ExerciseType) -> None:
    answer = pinned(kind).solution["a"].answer
    s = sympy.symbols("s1:4")
    softmax = [sympy.exp(one) / sum(map(sympy.exp, s)) for one in s]
    i, j, p_i, p_j = sympy.symbols("i j p_i p_j")
    for row in range(3):
        for column in range(3):
            slope = softmax[row].diff(s[column])
            at = {p_i: softmax[row], p_j: softmax[column]}
            case = answer["equal" if row == column else "different"]
            assert sympy.simplify(slope - case.subs(at)) == 0
            assert sympy.simplify(slope - answer["combined"].subs({i: row, j: column}).subs(at)) == 0


@pytest.mark.parametrize(("logit", "probability"), [("s", "p"), ("a", "q")])
def test_the_derivation_is_printed_in_the_letters_of_the_exercise(
    kind: ExerciseType, logit: str, probability: str
) -> None:
    solution = word(pinned(kind, logit=logit, probability=probability)).parts[0].solution
    forms = (
        (
            r"\frac{\partial p_{i}}{\partial s_{i}} = \frac{e^{s_{i}} S - e^{s_{i}} e^{s_{i}}}{S^{2}} = "
            r"\frac{e^{s_{i}}}{S} \left(1 - \frac{e^{s_{i}}}{S}\right) = p_{i} (1 - p_{i})"
        ),
        (
            r"\frac{\partial p_{i}}{\partial s_{j}} = \frac{0 \cdot S - e^{s_{i}} e^{s_{j}}}{S^{2}} = "
            r"- \frac{e^{s_{i}}}{S} \frac{e^{s_{j}}}{S} = - p_{i} p_{j}"
        ),
        r"= p_{i} (\delta_{ij} - p_{j})",
    )
    for form in forms:
        assert form.replace("p_", f"{probability}_").replace("s_", f"{logit}_") in solution


def test_slips_of_the_formula_are_consistent(kind: ExerciseType) -> None:
    i, j = sympy.symbols("i j")
    instance = pinned(kind)
    one, other = sympy.symbols("p_i p_j")
    for slip in (slip for slip in instance.slips if slip.part == "a"):
        apart = slip.value["combined"].subs({i: 1, j: 2})
        same = slip.value["combined"].subs({i: 1, j: 1}).subs(other, one)
        assert sympy.expand(apart - slip.value["different"]) == 0
        assert sympy.expand(same - slip.value["equal"]) == 0
    assert set(instance.solution["a"].names) == set(instance.solution["a"].answer)


@pytest.mark.parametrize(
    ("logits", "rules"),
    [
        (["log(2)", "log(3/2)"], [r"$e^{\ln v} = v$"]),
        (["log(1/2)", "log(3)"], [r"$e^{\ln v} = v$", r"$e^{-\ln v} = \frac{1}{v}$"]),
        ([0, "log(1/2)"], [r"$e^{-\ln v} = \frac{1}{v}$", "$e^0 = 1$"]),
    ],
)
def test_the_rules_of_the_exponentials_are_those_that_the_logits_need(
    kind: ExerciseType, logits: list[Any], rules: list[str]
) -> None:
    solution = word(pinned(kind, logits=logits)).parts[1].solution
    assert f"by {' and '.join(rules)}, and their sum" in solution


def test_no_fraction_stands_in_a_fraction(kind: ExerciseType) -> None:
    instance = pinned(kind, logits=["log(5/2)", "log(3)"])
    # S = 5/2 + 3 = 11/2
    solution = word(instance).parts[1].solution
    assert r"p_1 &= \frac{e^{s_1}}{S} = \frac{5}{2} \cdot \frac{2}{11} = \frac{5}{11}" in solution
    assert r"p_2 &= \frac{e^{s_2}}{S} = 3 \cdot \frac{2}{11} = \frac{6}{11}" in solution
    assert [entry.result for entry in instance.solution["b"].work["probabilities"]] == [
        Fraction(5, 11),
        Fraction(6, 11),
    ]


def test_with_two_classes_two_wrong_methods_are_one(kind: ExerciseType) -> None:
    slips = {slip.name: slip.value for slip in pinned(kind, logits=[0, "log(2)"]).slips if slip.part == "b"}
    # p_1 p_2 = p_1 (1 - p_1) = 2/9
    alike = slips["sign off the diagonal lost, or $p_i(1 - p_i)$ used there"]
    assert alike == ((Fraction(2, 9),) * 2,) * 2
    assert len(slips) == 2


@pytest.mark.parametrize("level", LEVELS)
def test_jacobians_are_symmetric_with_rows_that_cancel(kind: ExerciseType, level: Level) -> None:
    for seed in range(60):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q, jacobian = instance.exercise, instance.solution["b"].answer
        assert isinstance(q, SoftmaxDerivative)
        assert jacobian == tuple(zip(*jacobian, strict=True))
        assert all(sum(row) == 0 for row in jacobian)
        weights = [Fraction(str(sympy.exp(sympy.sympify(value)))) for value in instance.parameters["logits"]]
        chances = [value / sum(weights) for value in weights]
        assert [jacobian[k][k] for k in range(len(chances))] == [p - p * p for p in chances]
        assert len(q.logits) == {"easy": 2, "medium": 3, "hard": 4}[level]


def test_a_shift_of_all_logits_changes_nothing(kind: ExerciseType) -> None:
    shifted = pinned(kind, logits=["log(1/3)", "log(2/3)", "log(5/3)"])
    assert shifted.solution["b"].answer == pinned(kind).solution["b"].answer


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({"logits": [1, "log(2)"]}, "logarithm of a fraction"),
        ({"logits": ["log(100000)", "log(2)"]}, "up to 1000"),
    ],
)
def test_impossible_pins_are_named(kind: ExerciseType, pins: dict[str, Any], message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        pinned(kind, **pins)


@pytest.mark.parametrize("pins", [{"logits": [0]}, {"logits": [0, "x"]}, {"logits": 3}, {"logit": "w"}])
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)


def test_equal_logits_may_be_pinned(kind: ExerciseType) -> None:
    instance = pinned(kind, logits=[0, 0])
    assert instance.solution["b"].answer == ((Fraction(1, 4), Fraction(-1, 4)), (Fraction(-1, 4), Fraction(1, 4)))
    assert "no two logits are equal" in instance.waived


def half_up(value: float, places: int) -> float:
    unit = 10.0**-places
    return math.copysign(math.floor(abs(value) / unit + 0.5 + 1e-9), value) * unit


def worked(logits: list[float], places: int) -> list[list[float]]:
    """The Jacobian as a student gets it who rounds at every step."""
    powers = [half_up(math.exp(value), places) for value in logits]
    p = [half_up(power / half_up(sum(powers), places), places) for power in powers]
    size = range(len(p))
    found = [[p[i] * half_up(1 - p[i], places) if i == j else -p[i] * p[j] for j in size] for i in size]
    return [[half_up(half_up(entry, places), 2) for entry in row] for row in found]


@pytest.mark.parametrize("level", LEVELS)
def test_decimals_are_worked_out_again(kind: ExerciseType, level: Level) -> None:
    for draw in range(8):
        instance = make_instance(kind, f"{draw}/1/q", level, {"style": "decimal"})
        logits = [float(sympy.sympify(value)) for value in instance.parameters["logits"]]
        powers = [math.exp(value) for value in logits]
        p = [power / sum(powers) for power in powers]
        size, part = range(len(p)), instance.solution["b"]
        tolerance = float(part.tolerance)
        results = iter(part.results)
        for i in size:
            for j in size:
                exact = p[i] * ((i == j) - p[j])
                assert float(part.answer[i][j]) == pytest.approx(exact, abs=1e-12)
                assert half_up(float(next(results).result), 2) == pytest.approx(half_up(exact, 2))
                for places in (2, 3, 4):
                    assert abs(worked(logits, places)[i][j] - exact) <= tolerance + 1e-9
        words = word(instance)
        assert "Round every intermediate result to four decimal places" in words.parts[1].prompt
        assert r"\ln" not in words.parts[1].prompt


def test_a_decimal_jacobian_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind, logits=["0.5", "-0.5"], style="decimal")
    # e^0.5 = 1.6487, e^-0.5 = 0.6065, p = (0.7311, 0.2689), p_1 p_2 = 0.1966
    solution = word(instance).parts[1].solution
    assert r"e^{s_1} &= \exp(0.5) \approx 1.6487" in solution
    assert r"p_1 &= \frac{e^{s_1}}{S} = \frac{1.6487}{2.2552} \approx 0.7311" in solution
    assert r"> $J \approx \begin{pmatrix} 0.20 & -0.20 \\ -0.20 & 0.20 \end{pmatrix}$" in solution


def test_styles_do_not_mix(kind: ExerciseType) -> None:
    with pytest.raises(ConditionError, match="decimal"):
        pinned(kind, logits=["0.5", "log(2)"], style="decimal")
    with pytest.raises(ConditionError, match='the style "decimal"'):
        pinned(kind, logits=["0.5", "-0.5"])


def refused(instance: Instance, part: str, **changed: Any) -> bool:
    """Whether the second route sees a solution with a changed part as wrong."""
    exercise, solution = instance.exercise, instance.solution
    assert all(check.agreed for check in exercise.check(solution))
    parts = tuple(replace(one, **changed) if one.id == part else one for one in solution.parts)
    return not all(check.agreed for check in exercise.check(replace(solution, parts=parts)))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("equal", "p_i*(1 + p_i)"),
        ("equal", "p_i*(1 - p_j)"),
        ("equal", "-p_i*p_j"),
        ("different", "p_i*p_j"),
        ("different", "p_i*(1 - p_i)"),
        ("combined", "p_i*(1 - p_i)"),
        ("combined", "-p_i*p_j"),
        ("combined", "p_i*(KroneckerDelta(i, j) - p_i)"),
        ("combined", "q_i*(KroneckerDelta(i, j) - q_j)"),
    ],
)
def test_a_wrong_case_of_the_formula_is_noticed(kind: ExerciseType, name: str, wrong: str) -> None:
    instance = pinned(kind)
    answer = {**instance.solution["a"].answer, name: sympy.sympify(wrong)}
    assert refused(instance, "a", answer=answer)


def test_exchanged_cases_are_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind)
    answer = instance.solution["a"].answer
    exchanged = {**answer, "equal": answer["different"], "different": answer["equal"]}
    assert refused(instance, "a", answer=exchanged)
    assert refused(instance, "a", answer={name: answer[name] for name in ("equal", "different")})


def test_a_wrong_entry_of_the_jacobian_is_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind)
    part = instance.solution["b"]
    for i in range(3):
        for j in range(3):
            rows = [list(row) for row in part.answer]
            rows[i][j] += Fraction(1, 64)
            assert refused(instance, "b", answer=tuple(map(tuple, rows)))


@pytest.mark.parametrize("name", ["diagonal", "above"])
def test_a_wrong_worked_entry_is_noticed(kind: ExerciseType, name: str) -> None:
    instance = pinned(kind)
    work = instance.solution["b"].work
    assert refused(instance, "b", work={**work, name: tuple(reversed(work[name]))})


def test_rows_that_do_not_cancel_are_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind)
    work = instance.solution["c"].work
    assert refused(instance, "c", work={**work, "lines": instance.solution["b"].work["diagonal"]})
