"""The constructs that are written as commands with arguments: fractions, roots, accents, delimiters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from generator.typeset.formula.accent import Accent, Arrow, Bar, Brace
from generator.typeset.formula.array import Array, Format
from generator.typeset.formula.bigop import Function
from generator.typeset.formula.decoration import Blank, Boxed, Coloured, Overlaid
from generator.typeset.formula.delimiter import Fenced, Sized
from generator.typeset.formula.environments import begin
from generator.typeset.formula.fraction import Fraction
from generator.typeset.formula.lexer import Token
from generator.typeset.formula.limits import Stacked
from generator.typeset.formula.parser import Command, Parser
from generator.typeset.formula.radical import Radical
from generator.typeset.formula.row import Node, Row, Space, Switch
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.symbol import Symbol, Words
from generator.typeset.formula.symbols import (
    ACCENTS,
    ALPHABET_SWITCHES,
    ALPHABETS,
    CHARACTERS,
    COLOURS,
    DELIMITERS,
    FUNCTION_TEXTS,
    FUNCTIONS,
    SYMBOLS,
    TEXT_FACES,
)


def _fraction(parser: Parser, token: Token, level: int | None = None, binomial: bool = False) -> Node:
    above, below = parser.argument(token), parser.argument(token)
    return Fraction(above, below, level, not binomial, ("(", ")") if binomial else None)


def _root(parser: Parser, token: Token) -> Node:
    degree = parser.optional()
    return Radical(parser.argument(token), degree)


def _accent(parser: Parser, token: Token) -> Node:
    mark, wide = ACCENTS[token.text]
    return Accent(mark, parser.argument(token), wide)


def _alphabet(parser: Parser, token: Token) -> Node:
    node = parser.lettered(token, ALPHABETS[token.text])
    if isinstance(node, Row) and token.text == "\\mathrm":
        return Row(tuple(_upright(child) for child in node.nodes))
    return node


def _upright(node: Node) -> Node:
    """In a word a minus sign is a hyphen and a colon takes no space."""
    if isinstance(node, Symbol) and node.char in "−\u2236∗":
        return Symbol({"−": "-", "∗": "*", "\u2236": ":"}.get(node.char, node.char))
    return node


def _operator(parser: Parser, token: Token) -> Node:
    name = parser.lettered(token, "upright")
    if isinstance(name, Row):
        name = Row(tuple(_upright(child) for child in name.nodes))
    return Function(name, None if token.text.endswith("*") else False)


def _words(parser: Parser, token: Token) -> Node:
    text, start = parser.raw(token)
    return parser.words(text, start, TEXT_FACES[token.text])


def _left(parser: Parser, token: Token) -> Node:
    fences = [_fence(parser, token)]
    contents = []
    while True:
        row = parser.row()
        contents.append(row)
        if middle := parser.take("\\middle"):
            fences.append(_fence(parser, middle))
        elif right := parser.take("\\right"):
            fences.append(_fence(parser, right))
            return Fenced(tuple(fences), tuple(contents))
        else:
            raise parser.error(token, "\\left without \\right")


def _fence(parser: Parser, command: Token) -> str:
    token = parser.next(f"a delimiter after {command.text}")
    if token.text not in DELIMITERS:
        raise parser.error(token, f"{token.text} is no delimiter; {command.text} needs one, such as ( or .")
    return DELIMITERS[token.text]


def _sized(parser: Parser, token: Token, em: float, kind: Kind) -> Node:
    return Sized(_fence(parser, token), em, kind)


def _dots(parser: Parser, _: Token) -> Node:
    """Centred dots between operators, dots on the line otherwise, as amsmath chooses."""
    following = parser.peek()
    kind = None
    if following:
        kind = (CHARACTERS.get(following.text) or SYMBOLS.get(following.text) or ("", None))[1]
    centred = kind in (Kind.BIN, Kind.REL) or (following is not None and following.text in {"\\sum", "\\int"})
    return Symbol("⋯" if centred else "…", Kind.INNER)


def _not(parser: Parser, token: Token) -> Node:
    node = parser.argument(token)
    if isinstance(node, Symbol):
        struck = unicodedata.normalize("NFC", node.char + "\u0338")
        if len(struck) == 1:
            return parser.symbol(struck, node.kind, token)
    raise parser.error(token, "\\not cannot strike this out")


def _colour(parser: Parser, token: Token) -> str:
    name, start = parser.raw(token)
    if name.strip() in COLOURS:
        return COLOURS[name.strip()]
    if re.fullmatch(r"#[0-9A-Fa-f]{6}", name.strip()):
        return name.strip()
    raise parser.error(Token(name, start, start), f"unknown colour {name!r}; known are {', '.join(COLOURS)}")


def _textcolour(parser: Parser, token: Token) -> Node:
    colour = _colour(parser, token)
    return Coloured(parser.argument(token), colour)


def _brace(parser: Parser, token: Token, char: str, below: bool) -> Node:
    return Brace(char, parser.argument(token), below)


def _bar(parser: Parser, token: Token, below: bool) -> Node:
    return Bar(parser.argument(token), below)


def _arrow(parser: Parser, token: Token, char: str) -> Node:
    below = parser.optional()
    return Arrow(char, parser.argument(token), below)


def _switch(parser: Parser, token: Token) -> Node:
    r"""An old command such as ``\bf``: it holds until its group ends."""
    parser.alphabet = ALPHABET_SWITCHES[token.text]
    return Space(0.0)


def _stacked(parser: Parser, token: Token) -> Node:
    label, base = parser.argument(token), parser.argument(token)
    core = base.nodes[0] if isinstance(base, Row) and len(base.nodes) == 1 else base
    kind = Kind.REL if token.text == "\\stackrel" else core.role or Kind.ORD
    if token.text == "\\underset":
        return Stacked(base, label, None, kind)
    return Stacked(base, None, label, kind)


def _substack(parser: Parser, _: Token) -> Node:
    opening = parser.next("the lines of \\substack")
    if opening.text != "{":
        raise parser.error(opening, "\\substack needs its lines in braces")
    rows = [(parser.row(),)]
    while parser.take("\\\\"):
        rows.append((parser.row(),))
    if not parser.take("}"):
        raise parser.error(opening, "this brace is never closed")
    form = Format("c", (0.0, 0.0), (False, False), level=None, stretch=0.85)
    return Array(form, tuple(rows), (False,) * (len(rows) + 1), (0.0,) * len(rows))


def _kinded(parser: Parser, token: Token, kind: Kind) -> Node:
    node = parser.argument(token)
    return Row(node.nodes if isinstance(node, Row) else (node,), kind)


def _mod(parser: Parser, token: Token) -> Node:
    word = tuple(Symbol(char) for char in "mod")
    if token.text == "\\bmod":
        return Row(word, Kind.BIN)
    argument = parser.argument(token)
    return Row((Space(8.0), Symbol("(", Kind.OPEN), *word, Space(6.0), argument, Symbol(")", Kind.CLOSE)))


def _hspace(parser: Parser, token: Token) -> Node:
    text, start = parser.raw(token)
    match = re.fullmatch(r"\s*(-?[\d.]+)\s*(em|pt|mu|ex)\s*", text)
    if not match:
        raise parser.error(Token(text, start, start), f"{text!r} is no length such as 1em or 3pt")
    # A point counts as a tenth of an em, so that a space grows with its formula.
    return Space(float(match[1]) * {"em": 18.0, "pt": 1.8, "mu": 1.0, "ex": 8.0}[match[2]])


def _tag(parser: Parser, token: Token) -> Node:
    text, start = parser.raw(token)
    words = parser.words(text, start)
    fences = () if token.text.endswith("*") else (Words("("), Words(")"))
    return Row((Space(36.0), *fences[:1], words, *fences[1:]))


def _sizes() -> Iterator[tuple[str, Command]]:
    for name, em in (("big", 1.12), ("Big", 1.68), ("bigg", 2.24), ("Bigg", 2.8)):
        for side, kind in (("", Kind.ORD), ("l", Kind.OPEN), ("r", Kind.CLOSE), ("m", Kind.REL)):
            yield f"\\{name}{side}", partial(_sized, em=em, kind=kind)


def _function(_: Parser, token: Token) -> Node:
    name = token.text[1:]
    words = FUNCTION_TEXTS.get(name, name).split()
    letters: list[Node] = [Symbol(char) for char in words[0]]
    for word in words[1:]:
        letters += [Space(3.0), *(Symbol(char) for char in word)]
    return Function(Row(tuple(letters)), FUNCTIONS[name])


COMMANDS: dict[str, Command] = {
    "\\frac": _fraction,
    "\\dfrac": partial(_fraction, level=0),
    "\\tfrac": partial(_fraction, level=1),
    "\\cfrac": partial(_fraction, level=0),
    "\\binom": partial(_fraction, binomial=True),
    "\\dbinom": partial(_fraction, level=0, binomial=True),
    "\\tbinom": partial(_fraction, level=1, binomial=True),
    "\\sqrt": _root,
    "\\operatorname": _operator,
    "\\operatorname*": _operator,
    "\\left": _left,
    "\\dots": _dots,
    "\\not": _not,
    "\\begin": begin,
    "\\color": lambda parser, token: Switch(colour=_colour(parser, token)),
    "\\textcolor": _textcolour,
    "\\overbrace": partial(_brace, char="⏞", below=False),
    "\\underbrace": partial(_brace, char="⏟", below=True),
    "\\overline": partial(_bar, below=False),
    "\\underline": partial(_bar, below=True),
    "\\xrightarrow": partial(_arrow, char="→"),
    "\\xleftarrow": partial(_arrow, char="←"),
    "\\xRightarrow": partial(_arrow, char="⇒"),
    "\\overset": _stacked,
    "\\underset": _stacked,
    "\\stackrel": _stacked,
    "\\substack": _substack,
    "\\boxed": lambda parser, token: Boxed(parser.argument(token)),
    "\\phantom": lambda parser, token: Blank(parser.argument(token)),
    "\\hphantom": lambda parser, token: Blank(parser.argument(token), high=False),
    "\\vphantom": lambda parser, token: Blank(parser.argument(token), wide=False),
    "\\smash": lambda parser, token: Overlaid(parser.argument(token)),
    "\\mathrlap": lambda parser, token: Overlaid(parser.argument(token), smash=False),
    "\\mathstrut": lambda *_: Blank(Symbol("("), wide=False),
    "\\displaystyle": lambda *_: Switch(level=0),
    "\\textstyle": lambda *_: Switch(level=1),
    "\\scriptstyle": lambda *_: Switch(level=2),
    "\\scriptscriptstyle": lambda *_: Switch(level=3),
    "\\mathord": partial(_kinded, kind=Kind.ORD),
    "\\mathop": lambda parser, token: Function(parser.argument(token), None),
    "\\mathbin": partial(_kinded, kind=Kind.BIN),
    "\\mathrel": partial(_kinded, kind=Kind.REL),
    "\\mathopen": partial(_kinded, kind=Kind.OPEN),
    "\\mathclose": partial(_kinded, kind=Kind.CLOSE),
    "\\mathpunct": partial(_kinded, kind=Kind.PUNCT),
    "\\mathinner": partial(_kinded, kind=Kind.INNER),
    "\\colon": lambda *_: Row((Space(2.0), Symbol(":"), Space(3.0)), Kind.PUNCT),
    "\\iff": lambda *_: Row((Space(5.0), Symbol("⟺"), Space(5.0)), Kind.REL),
    "\\implies": lambda *_: Row((Space(5.0), Symbol("⟹"), Space(5.0)), Kind.REL),
    "\\bmod": _mod,
    "\\pmod": _mod,
    "\\hspace": _hspace,
    "\\hspace*": _hspace,
    "\\mspace": _hspace,
    "\\tag": _tag,
    "\\tag*": _tag,
    "\\nonumber": lambda *_: Space(0.0),
    "\\notag": lambda *_: Space(0.0),
    **dict.fromkeys(ACCENTS, _accent),
    **dict.fromkeys(ALPHABETS, _alphabet),
    **dict.fromkeys(ALPHABET_SWITCHES, _switch),
    **dict.fromkeys(TEXT_FACES, _words),
    **{"\\" + name: _function for name in FUNCTIONS},
    **dict(_sizes()),
}
"""Every command that is more than a symbol or a space."""
