from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import ExamwrightError, PinError, UnknownNameError
from generator.exact import Log, Number
from generator.exercise import Between, Exercise, Length, Rectangular, Solution, parameters_of
from generator.exercise.fields import parse_pins


@dataclass(frozen=True, slots=True)
class Step:
    size: Annotated[int, Between(1, 9)]
    kind: Literal["conv", "pool"] = "conv"


@dataclass(frozen=True, slots=True)
class Sample(Exercise):
    matrix: Annotated[tuple[tuple[int, ...], ...], Rectangular(3)]
    steps: Annotated[tuple[Step, ...], Length(1, 3)]
    rate: Fraction
    weights: tuple[Number, ...]
    data: tuple[Decimal, ...]
    pair: tuple[int, str]
    flag: bool
    target: int | None

    @classmethod
    def draw(cls, d: Any, level: Any) -> "Sample":
        raise NotImplementedError

    def solve(self) -> Solution:
        raise NotImplementedError

    def check(self, solution: Solution) -> Any:
        raise NotImplementedError


GOOD = {
    "matrix": [[1, "2"], [3, -4]],
    "steps": [{"size": 3}, {"size": "2", "kind": "pool"}],
    "rate": 0.25,
    "weights": [1, "1/2", "log(3)", "-log(2)"],
    "data": [0.31, "-1.20"],
    "pair": [1, "a"],
    "flag": True,
    "target": None,
}


def test_values_get_their_declared_types_and_go_back() -> None:
    parsed: dict[str, Any] = parse_pins("t/s", Sample, GOOD)
    assert parsed["matrix"] == ((1, 2), (3, -4))
    assert parsed["steps"] == (Step(3), Step(2, "pool"))
    assert parsed["rate"] == Fraction(1, 4)
    assert parsed["weights"] == (1, Fraction(1, 2), Log(Fraction(3)), Log(Fraction(1, 2)))
    assert parsed["data"] == (Decimal("0.31"), Decimal("-1.20"))
    sample = Sample(**parsed)
    assert parse_pins("t/s", Sample, parameters_of(sample)) == parsed


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("matrix", [[1, 2], [3]], "rows of equal length"),
        ("matrix", [], "at least one entry"),
        ("matrix", [[1] * 4], "at most 3"),
        ("matrix", [[1.5]], "an integer"),
        ("matrix", "x", "a list"),
        ("matrix", [[True]], "a number"),
        ("steps", [], "1 to 3 entries"),
        ("steps", [{"size": 10}], "from 1 to 9"),
        ("steps", [{"siez": 1}], "did you mean 'size'"),
        ("steps", [{}], "'size' is missing"),
        ("steps", [{"size": 1, "kind": "max"}], "one of conv, pool"),
        ("steps", [3], "an object"),
        ("rate", "1/0", "divides by zero"),
        ("rate", "log(2)", "a fraction"),
        ("rate", float("nan"), "finite"),
        ("weights", ["__import__('os').system('true')"], "not a number"),
        ("weights", [10**30], "18 digits"),
        ("data", ["1e99999999"], "a decimal number"),
        ("pair", [1], "2 entries"),
        ("flag", "yes", "true or false"),
    ],
)
def test_wrong_values_are_one_clear_line(name: str, value: object, said: str) -> None:
    with pytest.raises(PinError) as caught:
        parse_pins("t/s", Sample, {name: value})
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"t/s: pinned parameter '{name}': ")
    assert "\n" not in str(caught.value)


def test_a_misspelt_parameter_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'matrix'"):
        parse_pins("t/s", Sample, {"martix": 1})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(st.sampled_from(sorted(GOOD)), json_values)
def test_no_json_value_makes_a_traceback(name: str, value: object) -> None:
    with suppress(ExamwrightError):
        parse_pins("t/s", Sample, {name: value})
