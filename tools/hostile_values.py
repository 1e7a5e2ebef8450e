"""Values and texts that programs stumble over, and ways to spoil good ones."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

CODE = (
    "__import__('os').system('echo x > ../../hacked')",
    "().__class__.__mro__[1].__subclasses__()",
    "<< q.__class__.__mro__ >>",
    "{{ 7 * 7 }}",
    "<% for i in range(10 ** 9) %>x<% endfor %>",
    r"\input{/etc/passwd}",
    r"\def\a{\a\a}\a",
    r"$\frac{1}{",
    "$x$ **b** `c` [l](http://x) ![i](x)",
    "<script>alert(1)</script>",
    "]]><!-- & -->",
    "[9](#mark)",
    "## (a)",
    "=== solution ===",
    "'; DROP TABLE students; --",
    "%s%n{0}{x!r}",
)
"""Texts that are code for something."""

TEXTS = (
    *CODE,
    "",
    " ",
    "\0",
    "\n",
    "a\tb",
    "\x1b[31m",
    "\u202eabc",
    "\u674e\u660e",
    "\U0001f600",
    "e\u0301\u0302\u0303" * 20,
    "\ufeff",
    "x" * 300,
    "word " * 2000,
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "../../x",
    "..\\..\\x",
    "/etc/passwd",
    "C:\\x",
    "CON",
    "nul.txt",
    "lpt1",
    ".",
    "..",
    "a.",
    "a/b",
    "Anna",
    "ANNA",
    "Stra\u00dfe",
    "STRASSE",
    "\u0130",
    "unfinished",
    "manifest",
    '"',
    "'",
    "a,b;c",
    "--seed",
    "10**10**10",
    "1e999999",
    "9" * 5000,
    "9" * 18,
    "-" * 50,
    "1/0",
    "0/1",
    "1/999999999999999999",
    "log(0)",
    "log(1)",
    "99*log(999999999999999999)",
    "-99*log(1/999999999999999999)",
    "NaN",
    "-inf",
    "0x10",
    "1_000",
    "\u0661\u0662",
    "\u00b2",
    "0.1",
    "-0",
    "1e5",
    "True",
    "null",
    "[" * 3000 + "]" * 3000,
    '{"a":' * 3000,
)
NUMBERS = (0, -1, 1, 2, 7, 100, 10**9, 10**17, 10**18, -(10**18), 10**400, 10**4200, 0.1, -0.0, 1e308, 5e-324)
DEEP = (5, 20, 90)


def _deep(depth: int) -> object:
    made: object = 1
    for _ in range(depth):
        made = [made]
    return made


values: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from((True, False, None, float("inf"), float("nan"))),
    st.sampled_from(TEXTS),
    st.text(max_size=10),
    st.integers(-12, 12),
    st.sampled_from(DEEP).map(_deep),
    st.sampled_from(([], {}, [[]], [{}], [[1], [1, 2]], [[0] * 12] * 12, [0] * 9, [1] * 10_001, [[[1]]], {"x": 1})),
    st.lists(st.integers(-9, 9), max_size=5),
    st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), max_size=5),
    st.dictionaries(st.text(max_size=5), st.integers(-9, 9), max_size=3),
).map(copy.deepcopy)
"""Values of any type that JSON or TOML have, each a fresh one that may be changed."""


@st.composite
def mutated(draw: st.DrawFn, data: Any, changes: int = 1) -> Any:
    """A copy of nested lists and objects with some changes somewhere inside."""
    made = copy.deepcopy(data)
    for _ in range(changes):
        made = _changed(draw, made)
    return made


def _changed(draw: st.DrawFn, data: Any) -> Any:
    keys = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
    if not keys or draw(st.integers(0, 5)) == 0:
        return _replaced(draw, data)
    key = draw(st.sampled_from(keys))
    action = draw(st.sampled_from(("inside",) * 5 + ("drop", "double", "misspell")))
    if action == "inside":
        data[key] = _changed(draw, data[key])
    elif action == "drop":
        del data[key]
    elif isinstance(data, list):
        data[key:key] = [copy.deepcopy(data[key])] * draw(st.sampled_from((1, 1, 2, 12, 300)))
    else:
        data[f"{key}{draw(st.sampled_from(('s', '', '.x', ' ')))}"] = draw(values)
    return data


@st.composite
def nudged(draw: st.DrawFn, data: Any) -> Any:
    """A copy of nested lists and objects with one of their texts replaced by a small number or one of the others."""
    if isinstance(data, dict | list) and data:
        made = copy.deepcopy(data)
        key = draw(st.sampled_from(list(made) if isinstance(made, dict) else list(range(len(made)))))
        made[key] = draw(nudged(made[key]))
        return made
    fractions = st.fractions(-9, 9, max_denominator=4).map(str)
    return draw(st.one_of(st.integers(-9, 9).map(str), fractions, st.sampled_from((data, "0", "1", "log(2)", "0.5"))))


def _replaced(draw: st.DrawFn, data: Any) -> Any:
    near: list[st.SearchStrategy[Any]] = [values]
    if isinstance(data, int | float) and not isinstance(data, bool):
        near += [st.just(-data), st.just(data * 1000), st.just(str(data)), st.just([data])]
    if isinstance(data, str):
        near += [st.just(data + "0"), st.just(f"-{data}"), st.just(data[::-1]), st.just([data]), st.just(data * 40)]
        near += [st.integers(-9, 9).map(str), st.fractions(-9, 9, max_denominator=9).map(str)] * 2
    if isinstance(data, list):
        near += [st.just(data[::-1]), st.just([data]), st.just(data * 2), st.just({"x": data})]
    return draw(st.one_of(*near))


TOKENS = (
    '"',
    "'",
    '"""',
    "'''",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\r",
    "\r\r\n",
    "\n",
    "\0",
    "\ufeff",
    "\\",
)
LONG = (
    "9" * 5000,
    "0x" + "f" * 5000,
    "a." * 3000,
    "[" * 3000,
    "{a=" * 1500,
    "1e999999",
    "1979-05-27T07:32:00Z",
    "x" * 3000,
)


@st.composite
def spoilt(draw: st.DrawFn, text: str) -> str:
    """A text with one to four pieces of it taken out, doubled, moved or replaced by what should not be there."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 0, 1, 2, 5, 40, 1000))))
        piece = draw(
            st.one_of(
                st.just(""),
                st.sampled_from(TOKENS),
                st.sampled_from(TEXTS),
                st.sampled_from(LONG),
                st.just(text[start:end] * 2),
                st.text(max_size=3),
            )
        )
        text = text[:start] + piece + text[end:]
    return text


@st.composite
def mangled(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes with some of them exchanged or cut off."""
    kind = draw(st.sampled_from(("bytes", "cut", "coding")))
    if kind == "cut":
        return data[: draw(st.integers(0, len(data)))]
    if kind == "coding":
        return data.decode(errors="replace").encode(draw(st.sampled_from(("utf-16", "utf-32", "cp1252"))), "replace")
    start = draw(st.integers(0, len(data)))
    return data[:start] + draw(st.binary(min_size=1, max_size=8)) + data[start + draw(st.integers(0, 8)) :]
