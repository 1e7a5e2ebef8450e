"""Tries what stands above the questions, so that no title or instruction fails in the middle of a build."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from generator.document.markdown import read_markdown
from generator.document.tree import Sheet, TitleBlock
from generator.errors import ExamwrightError
from generator.exam.error import ExamFileError
from generator.exam.locate import Path, Places
from generator.exam.model import Exam

PRINTED = ("title", "course", "aids", "instructions")


def check_head(exam: Exam, file: str, where: Places) -> None:
    """Look up every letter of titles, course and aids, and lay out the instructions. Raises ExamFileError."""
    for path, text in _texts(exam):
        _check_letters(path, text, file, where)
    try:
        _lay_out_instructions(exam)
    except ExamwrightError as problem:
        path = ("instructions",)
        raise ExamFileError(file, where.line(path), "instructions", _on_one_line(problem)) from problem


def _texts(exam: Exam) -> Iterator[tuple[Path, str]]:
    for key in PRINTED:
        yield (key,), getattr(exam, key)
    for place, section in enumerate(exam.sections):
        yield ("section", place, "title"), section.title


def _check_letters(path: Path, text: str, file: str, where: Places) -> None:
    """Refuse what the fonts cannot print: all that can go wrong with plain words, since they are never too long."""
    # Of all that reads exams only their check needs the fonts.
    from generator.typeset import printable
    from generator.typeset.error import GlyphError

    for character in dict.fromkeys(text):
        if not character.isspace() and not printable(character):
            problem = str(GlyphError(character, shorten(text, 60, placeholder=" …")))
            raise ExamFileError(file, where.line(path), str(path[-1]), problem)


def _lay_out_instructions(exam: Exam) -> None:
    """Set the instructions on pages of their own: what they hold may be misspelt, too wide or too high."""
    from generator.typeset.layout import layout_sheet

    blocks = read_markdown(exam.instructions, {})
    layout_sheet(Sheet(TitleBlock("", ""), exam.language, exam.paper, code="", running_title="", blocks=blocks))


def _on_one_line(problem: ExamwrightError) -> str:
    """What is wrong; of a formula without the excerpt that has a mark below it."""
    from generator.typeset.formula import FormulaError

    if isinstance(problem, FormulaError):
        return f"{str(problem).splitlines()[0]} of '{shorten(problem.tex, 60, placeholder=' …')}'"
    return str(problem)
