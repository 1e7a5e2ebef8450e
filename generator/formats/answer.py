"""Answers in TeX: what the kinds of answers look like in records, in plain text and on the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from generator import notation
from generator.notation import Value

_DERIVATIVE = re.compile(r"d(\w+)/d([\w{}]+)")
_INDEX = re.compile(r"_(\w\w+)")
_GREEK = re.compile(
    r"(?<![\\A-Za-z])(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi"
    r"|omega|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega)(?![A-Za-z])"
)


def name_tex(name: str) -> str:
    """A value's name as TeX: ``w_12``, ``lambda_1`` and ``dy/dw_12`` as symbols, TeX as it is, the rest as words."""
    derivative = _DERIVATIVE.fullmatch(name)
    if derivative:
        name = rf"\partial {derivative[1]}/\partial {derivative[2]}"
    elif "\\" in name:
        return _INDEX.sub(r"_{\1}", name)
    elif len(name) > 1 and not any(sign in name for sign in "_^{") and not _GREEK.fullmatch(name):
        return rf"\text{{{name}}}"
    return _INDEX.sub(r"_{\1}", _GREEK.sub(r"\\\1", name))


def answer_tex(value: Value, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """An answer in TeX; named values as equations in a row, ``names`` giving the TeX of names where it is special."""
    if isinstance(value, Mapping):
        return r",\; ".join(
            f"{names.get(name) or name_tex(name)} = {answer_tex(entry)}" for name, entry in value.items()
        )
    return rf"\text{{{value}}}" if isinstance(value, str) else notation.tex(value)
