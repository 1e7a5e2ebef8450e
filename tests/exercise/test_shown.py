from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.exercise.shown import shown


@pytest.mark.parametrize(
    "text",
    [
        "true", "false", "3", "-0.5", "2026-01-01", "12:30:00", "2026-01-01T12:30:00", "nan", "inf", '"x"', '"it\'s"',
        '"a \\"b\\""', "[1, true, [2026-01-01]]", '["\\u202e"]',
    ],
)  # fmt: skip
def test_a_value_is_shown_as_toml_has_it(text: str) -> None:
    assert shown(tomllib.loads(f"x = {text}")["x"]) == text


@pytest.mark.parametrize("text", ["null", '{"a": [null, true], "b": {"c": "d"}}'])
def test_a_value_is_shown_as_json_has_it(text: str) -> None:
    assert shown(json.loads(text)) == text


def test_what_is_long_is_cut() -> None:
    assert shown("x" * 100) == '"' + "x" * 56 + "…"
    assert shown("x" * 58) == '"' + "x" * 58 + '"'


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("make", [lambda: 10**5000, lambda: nested(100_000)], ids=["digits", "lists"])
def test_what_is_very_large_is_not_written(make: Callable[[], object]) -> None:
    assert shown(make()) == "something very large"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=6,
)


@given(json_values | st.dates())
def test_what_is_shown_is_one_line_and_can_be_read_again(value: Any) -> None:
    text = shown(value)
    assert text.isprintable()
    assert len(text) <= 60
    if not text.endswith("…") and not isinstance(value, datetime.date):
        assert json.loads(text) == value
