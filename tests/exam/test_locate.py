from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.exam.locate import Path, places

TEXT = '''\
# a comment with [brackets] and = signs
title = "with # no comment, [no] table and \\" a quote"
note = """several
lines with key = "value"
[not.a.table]
"""
raw = \'\'\'
x = 1
\'\'\'

list = [
  1,  # ] not the end
  "]",
]
"quoted key" = 1
a.b = { c = 1 }
[[section]]
title = "one"
[[section.question]]
points = 1
[[section.question]]
points = 2
set.x = [
 1]
[section.question.more]
y = 3
[[section]]
[[section.question]]
points = 3
'''


def test_keys_and_tables_are_found_on_their_lines() -> None:
    found = places(TEXT)
    expected: dict[Path, int] = {
        ("title",): 2,
        ("note",): 3,
        ("raw",): 7,
        ("list",): 11,
        ("quoted key",): 15,
        ("a",): 16,
        ("a", "b"): 16,
        ("section", 0): 17,
        ("section", 0, "title"): 18,
        ("section", 0, "question", 0): 19,
        ("section", 0, "question", 0, "points"): 20,
        ("section", 0, "question", 1): 21,
        ("section", 0, "question", 1, "points"): 22,
        ("section", 0, "question", 1, "set", "x"): 23,
        ("section", 0, "question", 1, "more", "y"): 26,
        ("section", 1): 27,
        ("section", 1, "question", 0, "points"): 29,
    }
    assert {path: found.line(path) for path in expected} == expected


def test_what_is_not_there_is_placed_at_what_is_around_it() -> None:
    found = places(TEXT)
    assert found.line(("section", 1, "question", 0, "parts")) == 28
    assert found.line(("nothing",)) == 1


def _paths(data: Any, path: Path = ()) -> Iterator[Path]:
    """The keys that stand outside inline tables."""
    for key, value in data.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from _paths(value, (*path, key))


names = st.sampled_from(["a", "b-1", '"c d"', "'e.f'", "_"])
values = st.sampled_from(
    ['"[x]"', "1", "[1, [2, 3], '#']", '"""\n= \\"""\n"""', "{ z = ']' }", "'''\n[t]\n'''", "1979-05-27"]
)


@given(st.lists(st.tuples(names, values), unique_by=lambda pair: pair[0]), names, st.integers(0, 3))
def test_every_key_of_a_generated_text_is_found(pairs: list[tuple[str, str]], table: str, blank: int) -> None:
    lines = [f"{name} = {value}" for name, value in pairs]
    text = "\n" * blank + "\n".join(lines) + f"\n[t.{table}]  # x\nlast = 1\n"
    if "t" in tomllib.loads("\n".join(lines)):
        return
    found = places(text)
    for path in _paths(tomllib.loads(text)):
        line = text.split("\n")[found.line(path) - 1]
        assert str(path[-1]) in line or path[-1] in ("t", "z")
