"""What cannot be printed, and why."""

from __future__ import annotations

from generator.errors import ExamwrightError


class WideFormulaError(ExamwrightError):
    """A formula that is wider than its line and has no relation at which to break it; widths in points."""

    def __init__(self, tex: str, width: float, room: float) -> None:
        super().__init__(tex, width, room)
        self.tex, self.width, self.room = tex, width, room

    def __str__(self) -> str:
        return (
            f"the formula {self.tex!r} is {self.width:.0f} pt wide, {self.width - self.room:.0f} pt more than its "
            "line, and cannot be broken at a relation; shorten it or split it into rows"
        )


class WideTableError(ExamwrightError):
    """A table whose words and formulas do not fit side by side; widths in points."""

    def __init__(self, heading: str, width: float, room: float) -> None:
        super().__init__(heading, width, room)
        self.heading, self.width, self.room = heading, width, room

    def __str__(self) -> str:
        return (
            f"the table with the heading {self.heading!r} needs {self.width:.0f} pt where the page has "
            f"{self.room:.0f} pt; use fewer or narrower columns"
        )


class TallBlockError(ExamwrightError):
    """Something in one piece that is higher than a page; heights in points."""

    def __init__(self, words: str, height: float, room: float) -> None:
        super().__init__(words, height, room)
        self.words, self.height, self.room = words, height, room

    def __str__(self) -> str:
        return (
            f"a formula, figure or table row that begins with {self.words!r} is {self.height:.0f} pt high, "
            f"but a page holds {self.room:.0f} pt; divide it"
        )


class GlyphError(ExamwrightError):
    """A character that none of the fonts can draw."""

    def __init__(self, character: str, text: str) -> None:
        super().__init__(character, text)
        self.character, self.text = character, text

    def __str__(self) -> str:
        return (
            f"the fonts have no glyph for {self.character!r} (U+{ord(self.character):04X}) in {self.text!r}; "
            "write it in other letters"
        )
