"""From TeX source to nodes: rows, groups, scripts and single characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from generator.typeset.formula.alphabet import letter
from generator.typeset.formula.bigop import BigOperator, Function
from generator.typeset.formula.error import FormulaError
from generator.typeset.formula.font import math_font
from generator.typeset.formula.lexer import Token, tokens
from generator.typeset.formula.row import Empty, Node, Row, Space
from generator.typeset.formula.scripts import Scripts
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.symbol import Symbol, Words, draws
from generator.typeset.formula.symbols import BIG_OPERATORS, CHARACTERS, INTEGRALS, SPACES, SYMBOLS

Command = Callable[["Parser", Token], Node]

_CLOSERS = frozenset({"}", "&", "\\\\", "\\cr", "\\end", "\\right", "\\middle"})
_COMPOUND = {":=": "≔", "=:": "≕"}
_PRIMES = {1: "′", 2: "″", 3: "‴", 4: "⁗"}
_LIMITS = {"\\limits": True, "\\nolimits": False, "\\displaylimits": None}
_ESCAPES = re.compile(r"\\(?P<sign>[%&_#${} ,;:!])|~|(?P<word>\\[A-Za-z]+|\\.)")


class Parser:
    """Reads one formula; ``commands`` are the constructs it knows besides symbols."""

    def __init__(self, tex: str, commands: Mapping[str, Command]) -> None:
        self.tex = tex
        self.commands = commands
        self.alphabet = "italic"
        self._tokens = tokens(tex)
        self._at = 0

    def formula(self) -> Row:
        """The whole source."""
        row = self.row()
        token = self.peek()
        if token is None:
            return row
        reasons = {
            "}": "a closing brace without an opening one",
            "&": "a column mark & outside an array or aligned environment",
            "\\\\": "a line break \\\\ outside an array or aligned environment",
            "\\right": "\\right without \\left",
            "\\middle": "\\middle without \\left",
            "\\end": "\\end without \\begin",
        }
        raise self.error(token, reasons.get(token.text, f"{token.text} is out of place"))

    # Tokens

    def peek(self) -> Token | None:
        """The next token that is no space, None at the end."""
        while self._at < len(self._tokens) and self._tokens[self._at].text == " ":
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def next(self, expected: str = "more") -> Token:
        """Take the next token."""
        token = self.peek()
        if token is None:
            raise FormulaError(self.tex, len(self.tex), f"the formula ends where {expected} is expected")
        self._at += 1
        return token

    def take(self, text: str) -> Token | None:
        """Take the next token if it is this one."""
        token = self.peek()
        if token is None or token.text != text:
            return None
        self._at += 1
        return token

    def error(self, token: Token | None, problem: str) -> FormulaError:
        """An error at a token, or at the end."""
        return FormulaError(self.tex, len(self.tex) if token is None else token.start, problem)

    # Groups

    def row(self, stop: str = "") -> Row:
        """Nodes up to what closes a group, or to one further character."""
        nodes: list[Node] = []
        while (token := self.peek()) and token.text not in _CLOSERS and token.text != stop:
            nodes.append(self._scripted())
        return Row(tuple(nodes))

    def argument(self, command: Token) -> Node:
        """A group in braces, or a single token."""
        token = self.peek()
        if token is None or (token.text in _CLOSERS and token.text != "{") or token.text in {"^", "_"}:
            raise self.error(token or command, f"{command.text} lacks an argument")
        if token.text == "{":
            return self.group()
        return self.node()

    def group(self) -> Node:
        """A group in braces; with a single node in it, that node."""
        opening, alphabet = self.next(), self.alphabet
        row = self.row()
        self.alphabet = alphabet
        if not self.take("}"):
            stray = self.peek()
            problem = f"{stray.text} in a group whose brace is not closed" if stray else "this brace is never closed"
            raise self.error(stray or opening, problem)
        if len(row.nodes) == 1 and row.nodes[0].role is Kind.ORD:
            return row.nodes[0]
        return row

    def optional(self) -> Node | None:
        """A group in square brackets, if there is one."""
        opening = self.take("[")
        if not opening:
            return None
        row = self.row("]")
        if not self.take("]"):
            raise self.error(opening, "this bracket is never closed")
        return row

    def raw(self, command: Token) -> tuple[str, int]:
        """The source of a group in braces, unread, and where it starts."""
        opening = self.next(f"the argument of {command.text}")
        if opening.text != "{":
            raise self.error(opening, f"{command.text} needs its argument in braces")
        level = 1
        while level:
            if self._at >= len(self._tokens):
                raise self.error(opening, "this brace is never closed")
            token = self._tokens[self._at]
            level += {"{": 1, "}": -1}.get(token.text, 0)
            self._at += 1
        return self.tex[opening.end : token.start], opening.end

    def adjacent(self, pattern: str) -> str | None:
        """The source that matches a pattern right here, without a space before it; it is taken."""
        start = self._tokens[self._at].start if self._at < len(self._tokens) else len(self.tex)
        match = re.compile(pattern).match(self.tex, start)
        if not match:
            return None
        while self._at < len(self._tokens) and self._tokens[self._at].start < match.end():
            self._at += 1
        return match.group()

    def lettered(self, command: Token, alphabet: str) -> Node:
        """An argument whose letters are of another alphabet."""
        before, self.alphabet = self.alphabet, alphabet
        node = self.argument(command)
        self.alphabet = before
        return node

    # Atoms

    def _scripted(self) -> Node:
        """A node with the scripts that follow it."""
        token = self.peek()
        base: Node = Empty() if token and token.text in {"^", "_", "'"} else self.node()
        sub: Node | None = None
        sup: Node | None = None
        primes: Node | None = None
        while token := self.peek():
            if token.text in _LIMITS:
                base = self._limited(base, self.next())
            elif token.text == "'":
                if sup or primes:
                    raise self.error(token, "a second superscript; use braces")
                primes = self._primes()
            elif token.text == "^":
                if sup:
                    raise self.error(token, "a second superscript; use braces")
                sup = self.argument(self.next())
            elif token.text == "_":
                if sub:
                    raise self.error(token, "a second subscript; use braces")
                sub = self.argument(self.next())
            else:
                break
        if primes:
            sup = Row((primes, sup)) if sup else primes
        return Scripts(base, sub, sup) if sub or sup else base

    def _limited(self, base: Node, token: Token) -> Node:
        where = _LIMITS[token.text]
        if isinstance(base, BigOperator):
            return BigOperator(base.char, where)
        if isinstance(base, Function):
            return Function(base.name, where)
        raise self.error(token, f"{token.text} must follow an operator")

    def _primes(self) -> Node:
        count = 0
        while self.take("'"):
            count += 1
        signs = [_PRIMES[4]] * (count // 4) + ([_PRIMES[count % 4]] if count % 4 else [])
        return Row(tuple(Symbol(sign) for sign in signs))

    def node(self) -> Node:
        """One token's node: a character, a symbol, a group, or a construct with its arguments."""
        token = self.peek()
        if token is None:
            raise self.error(token, "the formula ends too early")
        if token.text == "{":
            return self.group()
        self._at += 1
        if not token.command and token.text not in SPACES:
            return self._character(token)
        return self._command(token)

    def _command(self, token: Token) -> Node:
        name = token.text
        if name in SYMBOLS:
            char, kind = SYMBOLS[name]
            return self.symbol(char, kind, token)
        if name in self.commands:
            return self.commands[name](self, token)
        if name in SPACES:
            return Space(SPACES[name])
        if name in BIG_OPERATORS:
            return BigOperator(BIG_OPERATORS[name])
        if name in INTEGRALS:
            return BigOperator(INTEGRALS[name], where=False)
        known = [*SYMBOLS, *self.commands, *SPACES, *BIG_OPERATORS, *INTEGRALS]
        close = get_close_matches(name, known, n=1, cutoff=0.7)
        raise self.error(token, f"unknown command {name}" + (f" (did you mean {close[0]}?)" if close else ""))

    def _character(self, token: Token) -> Node:
        following = self._tokens[self._at].text if self._at < len(self._tokens) else ""
        pair = _COMPOUND.get(token.text + following)
        if pair:
            self._at += 1
            return Symbol(pair, Kind.REL)
        char, kind = CHARACTERS.get(token.text, (token.text, Kind.ORD))
        return self.symbol(char, kind, token)

    def symbol(self, char: str, kind: Kind, token: Token) -> Node:
        """A character in the current alphabet."""
        shown = letter(char, self.alphabet)
        if not math_font().has(shown):
            raise self.error(token, f"the mathematics font has no character {shown!r}")
        return Symbol(shown, kind)

    def words(self, text: str, start: int, face: str = "Text") -> Node:
        """Ordinary text in which ``$…$`` is mathematics again."""
        nodes: list[Node] = []
        for number, piece in enumerate(re.split(r"(?<!\\)\$", text)):
            if number % 2:
                nodes.append(self._inner(piece, start))
            elif piece:
                nodes.append(self._words(piece, start, face))
            start += len(piece) + 1
        return nodes[0] if len(nodes) == 1 else Row(tuple(nodes))

    def _inner(self, tex: str, start: int) -> Node:
        try:
            return Parser(tex, self.commands).formula()
        except FormulaError as error:
            raise FormulaError(self.tex, start + error.position, error.problem) from None

    def _words(self, text: str, start: int, face: str) -> Node:
        shown = self._unescaped(text, start)
        for char in shown:
            if not draws(face, char):
                raise FormulaError(self.tex, start + text.index(char), f"the text font has no character {char!r}")
        return Words(shown, face)

    def _unescaped(self, text: str, start: int) -> str:
        def plain(match: re.Match[str]) -> str:
            if match["word"]:
                raise FormulaError(self.tex, start + match.start(), f"{match['word']} inside ordinary text")
            return " " if match.group() in {"~", "\\ "} else match["sign"].strip(",;:!") or " "

        return re.sub(r"\s+", " ", _ESCAPES.sub(plain, text).replace("{", "").replace("}", ""))
