from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.exercise import Registry, make_instance
from generator.formats import instance_record, json_text, record_schema
from generator.wording import word

PINS = {
    "input": [[1, 2, 0], [0, 1, 3], [2, 0, 1]],
    "kernel": [[1, 0], [0, 2]],
    "settings": [{"stride": 1, "padding": 0}],
    "bias": 0,
}


def numbers(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for entry in value.values() for text in numbers(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in numbers(entry)]
    return [value] if isinstance(value, str) else []


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(record_schema())


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("slug", ["convolution/conv2d", "convolution/receptive-field"])
def test_records_satisfy_the_schema_and_can_be_pinned_again(registry: Registry, slug: str, level: Level) -> None:
    validator = jsonschema.Draft202012Validator(record_schema())
    for number in range(20):
        record = instance_record(make_instance(registry.get(slug), f"{number}/1/q", level))
        validator.validate(record)
        again = json.loads(json_text(record))
        pinned = make_instance(registry.get(slug), record["key"], level, again["parameters"])
        assert instance_record(pinned) == record
        for part in record["parts"]:
            for text in numbers(part["answer"]["exact"] if part["answer"] else []):
                sympy.sympify(text)


def test_a_record_says_what_a_hand_calculation_says(registry: Registry) -> None:
    record = instance_record(make_instance(registry.get("convolution/conv2d"), "1/1/q", "medium", PINS))
    assert record["exercise"] == "convolution/conv2d"
    assert record["parameters"]["kernel"] == [["1", "0"], ["0", "2"]]
    (part,) = record["parts"]
    # Upper left times 1 plus lower right times 2.
    assert part["answer"]["exact"] == [["3", "8"], ["0", "3"]]
    assert part["answer"]["decimal"] == [[3.0, 8.0], [0.0, 3.0]]
    assert {"name": "kernel turned by 180 degrees", "exact": [["3", "7"], ["0", "3"]]} in part["slips"]
    assert all(check["agreed"] for check in record["checks"])
    assert record["effort"]["multiplications"] >= 16


def test_parts_and_points_follow_the_words(registry: Registry) -> None:
    instance = make_instance(registry.get("convolution/conv2d"), "1/1/q", "medium")
    record = instance_record(instance, word(instance, Fraction(5, 2), ["b"]))
    assert [(part["id"], part["points"]) for part in record["parts"]] == [("b", "5/2")]
    assert {check["part"] for check in record["checks"]} == {"b"}
    assert record["effort"] == {kind: count for kind, count in instance.solution.operations(["b"]).items() if count}


def test_json_text_is_the_same_value_in_short_lines() -> None:
    value = {"a": [["1", "é"]] * 30, "b": {"c": list(range(20))}, "d": [], "e": None}
    text = json_text(value)
    assert json.loads(text) == value
    assert max(map(len, text.splitlines())) <= 120
    assert text.count("\n") < 60


def test_numbers_that_json_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text({"x": float("nan")})
