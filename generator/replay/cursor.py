"""Where a reader of tokens stands, and what it may take next."""

from __future__ import annotations

from generator.replay.tokens import Token, UnreadableError

END = Token("", False)


class Cursor:
    """A place among tokens."""

    def __init__(self, tokens: list[Token], functions: frozenset[str]) -> None:
        self.tokens, self.functions, self.place = tokens, functions, 0
        self.bars = 0
        """How many absolute values are open."""
        self.listed = False
        """Whether the last atom was a list in parentheses."""

    @property
    def next(self) -> Token:
        """The token that comes next; one without text at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else END

    def peek(self, ahead: int = 1) -> str:
        """The text of a token further on."""
        place = self.place + ahead
        return self.tokens[place].text if place < len(self.tokens) else ""

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these."""
        return self.next.text in texts

    def take(self, *expected: str) -> str:
        """The text of the next token, which is passed; one of those ``expected``, if there are any."""
        token = self.next
        if token is END or (expected and token.text not in expected):
            raise UnreadableError(token.text or "the end")
        self.place += 1
        return token.text
