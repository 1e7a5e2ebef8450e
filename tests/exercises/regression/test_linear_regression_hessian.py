from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.regression._hessian_symbols import Reduction, eigenvalue_steps, shown, symbolic_steps
from generator.exercises.regression._naming import LETTERS, Letter
from generator.exercises.regression.linear_regression_hessian import LinearRegressionHessian

REDUCTIONS: tuple[Reduction, ...] = ("sum", "half the sum", "mean")


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("regression/linear-regression-hessian")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", "easy", {"x": [1, -1, 2], "letter": "phi", "reduction": "sum", **pins})


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind)
    # n = 3, sum 2, squares 6: twice [[3, 2], [2, 6]], whose eigenvalues are 7 and 2.
    assert instance.solution["d1"].answer == ((6, 4), (4, 12))
    right = {"trace": 18, "determinant": 56, r"\lambda_1": 14, r"\lambda_2": 4}
    assert instance.solution["d2"].answer == right
    slips = {(slip.part, slip.name): slip.value for slip in instance.slips}
    assert slips["d1", "factor 2 lost"] == ((3, 2), (2, 6))
    assert slips["d2", "products added in the determinant"] == {**right, "determinant": 88}
    assert slips["d2", "diagonal taken for the eigenvalues"] == {**right, r"\lambda_1": 12, r"\lambda_2": 6}


def test_roots_stay_exact(kind: ExerciseType) -> None:
    # n = 2, sum 1, squares 1: [[2, 1], [1, 1]] has the eigenvalues (3 ± sqrt 5)/2.
    answer = pinned(kind, x=[0, 1], reduction="half the sum").solution["d2"].answer
    assert sympy.simplify(answer[r"\lambda_1"] - (3 + sympy.sqrt(5)) / 2) == 0
    assert sympy.simplify(answer[r"\lambda_2"] - (3 - sympy.sqrt(5)) / 2) == 0
    assert answer["determinant"] == 1


@pytest.mark.parametrize("level", LEVELS)
def test_eigenvalues_solve_the_characteristic_equation(kind: ExerciseType, level: Level) -> None:
    for seed in range(40):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q, answer = instance.exercise, instance.solution["d2"].answer
        assert isinstance(q, LinearRegressionHessian)
        larger, smaller = answer[r"\lambda_1"], answer[r"\lambda_2"]
        assert sympy.simplify(larger + smaller - answer["trace"]) == 0
        assert sympy.simplify(sympy.expand(sympy.sympify(larger) * smaller) - answer["determinant"]) == 0
        assert float(larger) > float(smaller) > 0
        rational = all(isinstance(value, int | Fraction) for value in (larger, smaller))
        assert not (rational and level == "hard")
        # Lower levels have roots only beside a whole number: half the trace of the matrix of sums.
        assert level == "hard" or rational or (len(q.x) + sum(x * x for x in q.x)) % 2 == 0
        assert max(map(q.x.count, q.x)) <= 2


def test_instances_of_the_easy_level_are_many(kind: ExerciseType) -> None:
    assert len({make_instance(kind, f"{seed}/1/q", "easy").exercise for seed in range(300)}) >= 200


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_every_step_equals_the_next(letter: Letter, reduction: Reduction) -> None:
    steps = symbolic_steps(letter, reduction)
    b0, b1, x_i, y_i = sympy.symbols(f"{letter}_0 {letter}_1 x_i y_i")
    xs, ys = sympy.symbols("x1:4"), sympy.symbols("y1:4")
    share = {"sum": 1, "half the sum": sympy.Rational(1, 2), "mean": sympy.Rational(1, 3)}[reduction]
    loss = share * sum((b0 + b1 * x - y) ** 2 for x, y in zip(xs, ys, strict=True))
    hessian = sympy.hessian(loss, (b0, b1))
    mean = sum(xs) / 3
    x, y = sympy.Function("x"), sympy.Function("y")

    def on_three(expression: Any) -> Any:
        written = sympy.sympify(expression).subs({"n": 3, r"\overline{x}": mean}).doit()
        return sympy.expand(written.subs({x(k): xs[k - 1] for k in (1, 2, 3)} | {y(k): ys[k - 1] for k in (1, 2, 3)}))

    assert on_three(steps["loss"]) == sympy.expand(loss)
    shown_hessian = sympy.Matrix([[on_three(entry) for entry in row] for row in steps["hessian"]])
    assert (hessian - shown_hessian).expand() == sympy.zeros(2, 2)
    assert on_three(sum(steps["trace"])) == sympy.expand(hessian.trace())
    assert on_three(sum(steps["determinant"])) == sympy.expand(hessian.det())
    forms = {on_three(sum(form)) for form in steps["spread"]}
    assert forms == {sympy.expand(3 * sum((value - mean) ** 2 for value in xs))}
    assert on_three(steps["spread_determinant"]) == sympy.expand(hessian.det())
    assert steps["error"] == (b0 + b1 * x_i - y_i) ** 2
    assert sympy.expand(steps["first"][0] - steps["error"].diff(b0)) == 0
    assert sympy.expand(steps["first"][1] - steps["error"].diff(b1)) == 0
    assert sympy.Matrix(steps["second"]) == sympy.hessian(steps["error"], (b0, b1))


def test_the_eigenvalues_are_the_roots_of_the_characteristic_polynomial() -> None:
    steps = {name: sum(terms) for name, terms in eigenvalue_steps().items()}
    n, first, second, mu, D = sympy.symbols("n S_1 S_2 mu D")
    polynomial = sympy.Matrix([[n, first], [first, second]]).charpoly(mu).as_expr()
    assert sympy.expand(mu**2 - steps["trace"] * mu + steps["determinant"] - polynomial) == 0
    assert sympy.expand(steps["trace"] ** 2 - 4 * steps["determinant"] - steps["discriminant"]) == 0
    for name in ("larger", "smaller"):
        root = (steps[name] / 2).subs(D, steps["discriminant"])
        assert sympy.expand(polynomial.subs(mu, root)) == 0
    assert sympy.simplify(steps["larger"] - steps["smaller"]) == 2 * sympy.sqrt(D)


def test_steps_are_printed_as_a_textbook_has_them() -> None:
    texts = shown("w", "mean")
    squares, total = r"\sum_{i=1}^{n} x_i^{2}", r"\sum_{i=1}^{n} x_i"
    assert texts["loss"] == r"\frac{1}{n} \sum_{i=1}^{n} (w_{0} + w_{1} x_i - y_i)^{2}"
    assert texts["invariants"][0] == rf"2 + \frac{{2}}{{n}} {squares}"
    assert texts["invariants"][1] == rf"\frac{{4}}{{n}} {squares} - \frac{{4}}{{n^{{2}}}} \left({total}\right)^{{2}}"
    assert texts["product"] == rf"2 \cdot \frac{{2}}{{n}} {squares} - \left(\frac{{2}}{{n}} {total}\right)^{{2}}"
    assert texts["polynomial"] == r"\mu^2 - (n + S_{2})\,\mu + (n S_{2} - S_{1}^{2})"
    assert texts["discriminant"] == r"(n + S_{2})^2 - 4\,(n S_{2} - S_{1}^{2}) = (n - S_{2})^{2} + 4 S_{1}^{2}"


def test_levels_differ_in_size(kind: ExerciseType) -> None:
    sizes = {}
    for level in LEVELS:
        exercises = [make_instance(kind, f"{seed}/1/q", level).exercise for seed in range(30)]
        sizes[level] = {len(q.x) for q in exercises if isinstance(q, LinearRegressionHessian)}
    assert sizes == {"easy": {3, 4}, "medium": {4, 5}, "hard": {4, 5, 6}}


@pytest.mark.parametrize("x", [[-1, 1], ["1/3", "1/3", 0], [100, 99, "199/2"], [0, 0, 0, 5]])
def test_unusual_inputs_are_solved(kind: ExerciseType, x: list[Any]) -> None:
    for reduction in REDUCTIONS:
        assert all(check.agreed for check in pinned(kind, x=x, reduction=reduction).checks)


def test_equal_inputs_are_refused(kind: ExerciseType) -> None:
    with pytest.raises(ConditionError, match="not all equal"):
        pinned(kind, x=[2, 2, 2])


@pytest.mark.parametrize("pins", [{"x": [1]}, {"x": [1, "a"]}, {"x": [1, 1000]}, {"reduction": "max"}, {"x": [[1, 2]]}])
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)


def test_variants_share_the_loss_and_the_kind_of_eigenvalues(kind: ExerciseType) -> None:
    assert pinned(kind).exercise.pattern() == "loss=sum, eigenvalues=rational"
    assert pinned(kind, x=[0, 1, 3], reduction="mean").exercise.pattern() == "loss=mean, eigenvalues=roots"
    for seed in range(30):
        instance = make_instance(kind, f"{seed}/4/q", "medium")
        rational = isinstance(instance.solution["d2"].answer[r"\lambda_1"], int | Fraction)
        assert ("rational" in instance.exercise.pattern()) == rational
