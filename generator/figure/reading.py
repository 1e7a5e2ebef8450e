"""A label read out: TeX as the plain text that a description can hold."""

from __future__ import annotations

from functools import lru_cache

from generator.figure import tex

_SIGNS = {
    r"\times": " × ", r"\cdot": " · ", r"\star": " ⋆ ", r"\pm": " ± ", r"\odot": " ⊙ ", r"\partial": "∂",
    r"\le": " ≤ ", r"\leq": " ≤ ", r"\ge": " ≥ ", r"\geq": " ≥ ", r"\approx": " ≈ ", r"\to": " → ", r"\ne": " ≠ ",
    r"\neq": " ≠ ", r"\infty": "∞", r"\top": "ᵀ", r"\sum": "sum ", r"\prod": "product ", r"\vdots": "…",
    r"\dots": "…", r"\ldots": "…", r"\cdots": "…", r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ",
    r"\epsilon": "ε", r"\varepsilon": "ε", r"\eta": "η", r"\theta": "θ", r"\lambda": "λ", r"\mu": "μ", r"\nu": "ν",
    r"\xi": "ξ", r"\pi": "π", r"\rho": "ρ", r"\sigma": "σ", r"\tau": "τ", r"\phi": "φ", r"\varphi": "φ", r"\psi": "ψ",
    r"\omega": "ω", r"\Phi": "Φ", r"\Sigma": "Σ", r"\Theta": "Θ", r"\ell": "ℓ", r"\nabla": "∇", r"\circ": " ∘ ",
    r"\mid": " | ", ",": ", ",
    r"\,": "", r"\:": "", r"\;": " ", r"\!": "", r"\ ": " ", r"\quad": "  ", r"\qquad": "  ", "~": " ",
    "=": " = ", "+": " + ", "<": " < ", ">": " > ", r"\lVert": "‖", r"\rVert": "‖",
    r"\lvert": "|", r"\rvert": "|", r"\{": "{", r"\}": "}",
}  # fmt: skip

_ACCENTS = {
    r"\hat": "\u0302",
    r"\widehat": "\u0302",
    r"\bar": "\u0304",
    r"\overline": "\u0304",
    r"\tilde": "\u0303",
    r"\vec": "\u20d7",
    r"\dot": "\u0307",
}
"""Combining characters, which follow their letter."""
_BINARY = frozenset("+−×·⋆±⊙∘")


@lru_cache(maxsize=4096)
def reading(formula: str) -> str:
    r"""The formula in one line of plain text: `\frac{\partial y}{\partial f_1}` is read as `∂y/∂f_1`."""
    return " ".join(_read(tex.parse(formula)).split())


def listing(parts: list[str]) -> str:
    """The parts as a list in a sentence: `a, b and c`."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _read(node: tex.Node) -> str:
    match node:
        case tex.Row(items):
            return _row(items)
        case tex.Symbol(name):
            return _SIGNS.get(name, name.lstrip("\\") + " " * name.startswith("\\") if len(name) > 1 else name)
        case tex.Words(text):
            return text.replace("\\", "")
        case tex.Styled(style, body):
            return _read(body) + _ACCENTS.get(style, "")
        case tex.Script(base, lower, upper):
            below = "_" + _wrapped(lower) if lower else ""
            above = "^" + _wrapped(upper) if upper else ""
            return (_read(base).rstrip() + below + above).replace("^ᵀ", "ᵀ") + " " * _is_name(base)
        case tex.Fraction(over, under):
            return f"{_wrapped(over)}/{_wrapped(under)}"
        case tex.Root(body):
            return f"√{_wrapped(body)}"
        case tex.Matrix(_, rows):
            return "[" + "; ".join(", ".join(_read(cell).strip() for cell in row) for row in rows) + "]"


def _row(items: tuple[tex.Node, ...]) -> str:
    text = ""
    for place, item in enumerate(items):
        part = "−" if item == tex.Symbol("-") else _read(item)
        sign = part.strip()
        if sign in _BINARY:
            # Between two things a sign is spaced, before or after a bracket, relation or nothing it is not.
            alone = not text.strip() or text.rstrip()[-1] in "([{|,=<>≤≥≈→+−·×⋆/" or _closes(items, place)
            text += sign if alone else f" {sign} "
        elif sign == "(" and place and _is_name(items[place - 1]):
            text = text.rstrip() + part
        else:
            text += part
    return text


def _is_name(item: tex.Node) -> bool:
    return isinstance(item, tex.Symbol) and item.name.startswith("\\") and item.name not in _SIGNS


def _closes(items: tuple[tex.Node, ...], place: int) -> bool:
    after = items[place + 1] if place + 1 < len(items) else tex.Symbol(")")
    return isinstance(after, tex.Symbol) and after.name in (")", "]", "|", ",")


def _wrapped(node: tex.Node) -> str:
    """In brackets unless it is a single thing: `(x + 1)`, but `∂y` and `12`."""
    text = _read(node).strip()
    return f"({text})" if any(letter in " ,/" for letter in text) else text
