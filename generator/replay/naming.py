"""Names in TeX: letters with accents, labels, primes and indices."""

from __future__ import annotations

import re

from generator.replay.cursor import Cursor
from generator.replay.tokens import UnreadableError
from generator.replay.tree import Index, Name

ACCENTS = frozenset({r"\hat", r"\bar", r"\tilde", r"\mathbf", r"\boldsymbol", r"\mathrm", r"\dot", r"\vec"})
GREEK = re.compile(
    r"\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|varphi|chi"
    r"|psi|omega|ell|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega)"
)
_LABEL = re.compile(r"\\(?:text|mathrm|operatorname)\{([^{}]*)\}")


class NameReader(Cursor):
    """Reads names."""

    def name(self) -> Name:
        """A name with all its labels and indices."""
        key = self.letter()
        indices: tuple[Index, ...] = ()
        while self.at("_", "^", "'"):
            if self.at("'"):
                key += self.take()
            elif self.at("_"):
                self.take()
                if (label := self.label()) is not None:
                    key += f"_{label}"
                else:
                    indices = (*indices, *self.indices())
            elif (mark := self.mark()) is not None:
                key += f"^{mark}"
            else:
                break
        return Name(key, indices)

    def letter(self) -> str:
        """A letter, Latin or Greek, with its accents."""
        text = self.take()
        if text in ACCENTS:
            braced = self.at("{")
            if braced:
                self.take()
            inner = self.letter()
            if braced:
                self.take("}")
            return f"{text}{{{inner}}}"
        if (
            (text.isalpha() and len(text) == 1)
            or text == "0"
            or GREEK.fullmatch(text)
            or text.startswith(r"\operatorname{")
        ):
            return text
        raise UnreadableError(text)

    def mark(self) -> str | None:
        r"""A label above: ``(1)``, ``*`` or words; None (and nothing taken) where a power stands there."""
        begin = self.place
        self.take("^")
        braced = self.at("{")
        if braced:
            self.take()
        inner = ""
        if self.at("*") or self.next.text.startswith(r"\text"):
            inner = self.take()
        elif braced and self.at("(") and self.peek(2) == ")":
            inner = self.take() + self.take() + self.take()
        if inner and (not braced or self.at("}")):
            if braced:
                self.take("}")
            return inner
        self.place = begin
        return None

    def label(self) -> str | None:
        """Words or a sign below instead of an index; None where an index stands there."""
        begin = self.place
        braced = self.at("{")
        if braced:
            self.take()
        found = _LABEL.fullmatch(self.next.text)
        if found or (braced and self.at("-")):
            inner = "".join(self.take() for _ in range(1 if found else 2))
            if braced and not self.at("}"):
                raise UnreadableError(inner)
            if braced:
                self.take("}")
            return inner
        self.place = begin
        return None

    def indices(self) -> tuple[Index, ...]:
        """The indices of a name: one, or several in braces."""
        if not self.at("{"):
            return (self.index(braced=False),)
        self.take()
        if self.next.text.isdigit() and self.peek() == "}":
            # Two digits are two indices; the tenth entry of a list is filed under 1, 0 as well.
            digits = self.take()
            self.take()
            return tuple(Index("", int(digit)) for digit in digits)
        found = [self.index()]
        while not self.at("}"):
            if self.at(","):
                self.take()
            found.append(self.index())
        self.take()
        return tuple(found)

    def index(self, *, braced: bool = True) -> Index:
        """One index; in braces a whole number may be added to it."""
        text = self.take()
        if text.isdigit():
            return Index("", int(text))
        if not (text.isalpha() and len(text) == 1) and text != r"\ell":
            raise UnreadableError(text)
        if braced and self.at("+", "-") and self.peek().isdigit():
            sign = self.take()
            return Index(text, int(sign + self.take()))
        return Index(text, 0)
