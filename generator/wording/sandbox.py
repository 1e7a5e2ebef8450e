"""What a template may do: show values, choose and repeat; nothing that makes a text, number or list of any length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import wraps
from typing import Any, ParamSpec

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

Given = ParamSpec("Given")

LONGEST = 200_000
"""No text that a template makes on its way is longer; a whole exercise has a tenth of that."""

MOST_STEPS = 10_000
"""How many numbers all ranges of one rendering may have together; a page has room for far fewer."""

MOST_BITS = 4096
"""No product is a larger number."""

_BUILT_IN = (str, bytes, int, float, list, tuple, dict, set, frozenset)
_METHODS = frozenset({"items", "keys", "values", "get", "startswith", "endswith", "upper", "lower", "strip"})


def limited_range() -> Callable[..., range]:
    """A ``range`` for one rendering, which loops in loops cannot make endless."""
    left = MOST_STEPS

    def limited(*bounds: int) -> range:
        nonlocal left
        made = range(*bounds)
        # len() fails for what is larger than any list.
        left -= len(made[: MOST_STEPS + 1])
        if left < 0:
            raise SecurityError(f"the ranges of a template have at most {MOST_STEPS} numbers together")
        return made

    return limited


def bounded(text_filter: Callable[Given, str]) -> Callable[Given, str]:
    """The same filter, which refuses to give a text that is too long: what takes several texts could double them."""

    @wraps(text_filter)
    def limited(*args: Given.args, **named: Given.kwargs) -> str:
        return _short(text_filter(*args, **named))

    return limited


def batched(values: Iterable[Any], size: int) -> list[list[Any]]:
    """The values in rows of ``size``; the last row may be shorter."""
    every = list(values)
    return [every[at : at + size] for at in range(0, len(every), max(1, size))]


def shown(value: Any) -> Any:
    """A value as it may stand in a text. Raises SecurityError for a list and the like, which has no notation."""
    if isinstance(value, list | tuple | dict | set | frozenset):
        raise SecurityError(f"a {type(value).__name__} cannot be written as it is; use a filter such as join or row")
    return value


def joined(pieces: Iterable[Any], separator: str = "") -> str:
    """The pieces as one text. Raises SecurityError where it is too long."""
    return separator.join(_counted(str(shown(piece)) for piece in pieces))


class _Generator(CodeGenerator):
    """Compiles ``a ~ b`` to a text of limited length."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.concat((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, without the operators and methods that make texts, lists and numbers of any length."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    # Every text that a template puts together (macros, blocks, captured text) goes through this.
    concat = staticmethod(joined)

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        """Add, multiply and divide numbers, and append short lists; nothing else, and no powers."""
        numbers = isinstance(left, int | Fraction) and isinstance(right, int | Fraction)
        if operator == "+" and not numbers:
            if isinstance(left, str) and isinstance(right, str):
                return joined((left, right))
            if isinstance(left, list | tuple) and isinstance(right, list | tuple):
                if len(left) + len(right) > MOST_STEPS:
                    raise SecurityError(f"a list of a template has at most {MOST_STEPS} entries")
                return [*left, *right]
            # Numbers of SymPy and the like know how to add.
        elif operator == "**" or not numbers:
            raise SecurityError(f"a template cannot work out {operator!r} here; let the exercise do it")
        elif operator == "*" and _bits(left) + _bits(right) > MOST_BITS:
            raise SecurityError(f"a number of a template has at most {MOST_BITS} binary digits")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Methods of Python's own types are allowed by name: ``ljust``, ``replace`` and others make texts grow."""
        if isinstance(obj, _BUILT_IN) and callable(value) and attr not in _METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No ``format``: it pads to any width. It is refused as an attribute."""


def _bits(number: int | Fraction) -> int:
    return max(abs(number.numerator), number.denominator).bit_length()


def _counted(pieces: Iterator[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > LONGEST:
            raise SecurityError(f"it makes more than {LONGEST} characters")
        yield piece


def _short(text: str) -> str:
    return "".join(_counted(iter((text,))))
