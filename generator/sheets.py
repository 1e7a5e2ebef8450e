"""From the resolved questions of a variant to its question sheet and its key: content meets layout here."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from generator import notation
from generator.document.error import DocumentError
from generator.document.markdown import read_markdown
from generator.document.tree import (
    BlankBox,
    Block,
    Blocks,
    Boxes,
    Choice,
    Choices,
    Field,
    GridSpace,
    Inline,
    Inlines,
    Lines,
    Math,
    PageBreak,
    Paragraph,
    PointsTable,
    Question,
    Section,
    Sheet,
    Solution,
    Table,
    Text,
    TitleBlock,
)
from generator.document.tree import Part as SheetPart
from generator.errors import TemplateError
from generator.exam import Exam, ResolvedQuestion, Variant
from generator.exercise import Part, Slip
from generator.exercise.answers import LETTERS
from generator.exercise.faults import faults_of
from generator.exercise.marks import counted, points_text
from generator.figure import Figure
from generator.formats.answer import answer_tex, name_tex
from generator.formats.guard import refuse_wrong_lines
from generator.typeset import printable
from generator.wording import Worded, WordedPart, word

DEFAULT_INSTRUCTIONS = (
    "Write your answers into the spaces provided and show your working. "
    "Give exact values, such as fractions and logarithms, unless a question asks for decimals."
)
_ASKS_FOR = re.compile(
    r"(?:^|[.:;] )(?:Compute|Calculate|Evaluate|Find|Determine)(?: the(?: (?!of\b|for\b|in\b|at\b)[\w-]+){1,2})? $"
)
_SEVERAL = re.compile(r"[=<>,]|\\(?:le|ge|ne|in|approx)\b")
_ENDS_IN_WORDS = re.compile(r"\\text\{[^{}]*\}$")
LINE = 20.0
"""The height of one line of handwriting, in points."""


@dataclass(frozen=True, slots=True)
class SheetPair:
    """The question sheet and the key of one variant, and the words they were made from, question by question."""

    questions: Sheet
    key: Sheet
    worded: tuple[Worded, ...]


def make_sheets(exam: Exam, variant: Variant, resolved: Sequence[ResolvedQuestion]) -> SheetPair:
    """Typesettable question sheet and key of a variant; both carry its code.

    Raises TemplateError where an exercise's template is at fault.
    """
    worded = tuple(word(entry.instance, entry.points, entry.parts) for entry in resolved)
    asked: list[Block] = []
    answered: list[Block] = []
    for section, members in groupby(zip(resolved, worded, strict=True), key=lambda pair: pair[0].section):
        title = exam.sections[section].title
        heading = (Section(title),) if title else ()
        answered += heading
        for entry, words in members:
            if entry.page_break:
                asked.append(PageBreak())
            # The title of a section goes with its first question to the new page.
            asked += heading
            heading = ()
            question, key = question_and_key(entry, words)
            asked.append(question)
            answered.append(key)
    points = _points_table(resolved, worded)
    instructions = read_markdown(exam.instructions or DEFAULT_INSTRUCTIONS, {})
    total = sum((words.points for words in worded), Fraction(0))
    return SheetPair(
        _sheet(exam, variant, total, (points, *instructions, *asked), badge=""),
        _sheet(exam, variant, total, (points, *answered), badge="Answer key"),
        worded,
    )


def _sheet(exam: Exam, variant: Variant, total: Fraction, blocks: Blocks, *, badge: str) -> Sheet:
    facts = [
        ("Date", _date(exam.date) if exam.date else ""),
        ("Time", f"{exam.minutes} minutes" if exam.minutes else ""),
        ("Points", points_text(total)),
        ("Allowed aids", exam.aids),
    ]
    student = variant.student
    # A key for numbered variants belongs to nobody; a question sheet always has somewhere to write one's name.
    names = (("Name", student.name if student else ""), ("Student number", student.id if student else ""))
    fields = tuple(Field(label, _written(value)) for label, value in names) if student or not badge else ()
    return Sheet(
        title=TitleBlock(exam.course, exam.title, tuple(Field(*fact) for fact in facts if fact[1]), fields),
        language=exam.language,
        paper=exam.paper,
        code=variant.code,
        running_title=" · ".join(text for text in (exam.course, exam.title) if text),
        blocks=blocks,
        badge=badge,
        author=exam.course,
        subject=f"{exam.title}, variant {variant.code}",
    )


def _written(value: str) -> str | None:
    """What is printed in a field; a name that the fonts cannot print is left to be written by hand."""
    return value if value and printable(value) else None


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _date(date: datetime.date) -> str:
    # strftime would follow the machine's locale, and sheets must not.
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def _points_table(resolved: Sequence[ResolvedQuestion], worded: Sequence[Worded]) -> PointsTable:
    columns = tuple(
        (str(entry.number), points_text(words.points)) for entry, words in zip(resolved, worded, strict=True)
    )
    return PointsTable(columns, points_text(sum((words.points for words in worded), Fraction(0))))


def question_and_key(entry: ResolvedQuestion, words: Worded) -> tuple[Question, Question]:
    """One question as it is asked, and as the key answers it.

    Raises TemplateError where the exercise's template is at fault.
    """
    refuse_wrong_lines(entry.instance, words)
    try:
        with faults_of(entry.instance.type):
            return _question_and_key(entry, words)
    except DocumentError as problem:
        raise TemplateError(entry.instance.type.slug, None, f"in the finished text, {problem}") from problem


def _question_and_key(entry: ResolvedQuestion, words: Worded) -> tuple[Question, Question]:
    instance = entry.instance
    figures = instance.exercise.figures(instance.solution)
    stem = read_markdown(words.stem, figures)
    opening = read_markdown(words.solution_opening, figures)
    asked: list[Block] = list(stem)
    answered: list[Block] = [*stem, *((Solution("Solution", opening),) if opening else ())]
    for worded in words.parts:
        part = instance.solution[worded.id]
        prompt = read_markdown(worded.prompt, figures)
        label, points = f"({worded.id})", counted(worded.points, "point")
        asked.append(SheetPart(label, points, (*prompt, *answer_space(part, worded.points, stem, prompt))))
        slips = tuple(slip for slip in instance.slips if slip.part == part.id)
        worked = _worked(worded, part, slips, figures)
        answered.append(SheetPart(label, points, (*_ticked(prompt, part), *worked)))
    title, points = instance.type.about.title, counted(words.points, "point")
    return (
        Question(str(entry.number), title, points, tuple(asked)),
        Question(str(entry.number), title, points, tuple(answered)),
    )


def _worked(worded: WordedPart, part: Part, slips: Sequence[Slip], figures: Mapping[str, Figure]) -> Blocks:
    blocks: list[Block] = [Solution("Solution", read_markdown(worded.solution, figures))]
    if slips:
        partly = any(isinstance(slip.value, Mapping) for slip in slips)
        header = ((Text("Wrong method"),), (Text("What it gives, where that differs" if partly else "What it gives"),))
        # Wrong methods with one result cannot be told apart by it, and share a row.
        given: dict[Inlines, list[str]] = {}
        for slip in slips:
            given.setdefault(_slip_value(slip, part), []).append(slip.name)
        rows = tuple((_inline(", or ".join(names)), value) for value, names in given.items())
        blocks.append(Table(header, rows, ("left", "left")))
    return tuple(blocks)


def _slip_value(slip: Slip, part: Part) -> Inlines:
    if slip.tex is not None or not isinstance(slip.value, Mapping):
        # Fractions and sums in a formula of its own need not be small.
        return (Math(rf"\displaystyle {slip.tex or answer_tex(slip.value)}"),)
    canonical, right = notation.canonical(slip.value), notation.canonical(part.answer)
    separated: list[Inline] = []
    for name, entry in slip.value.items():
        if canonical[name] != right.get(name):
            formula = Math(rf"\displaystyle {part.names.get(name) or name_tex(name)} = {answer_tex(entry)}")
            separated += [Text(",\u2002 "), formula] if separated else [formula]
    return tuple(separated)


def _inline(text: str) -> tuple[Text | Math, ...]:
    """A few words in which dollars enclose formulas."""
    pieces = text.split("$")
    return tuple(Math(piece) if i % 2 else Text(piece) for i, piece in enumerate(pieces) if piece)


def _ticked(prompt: Blocks, part: Part) -> Blocks:
    """The options of a choice with the right one ticked."""
    if part.kind != "choice":
        return prompt
    right = LETTERS.index(str(part.answer))
    return tuple(
        Choices(tuple(Choice(choice.inlines, place == right) for place, choice in enumerate(block.choices)))
        if isinstance(block, Choices)
        else block
        for block in prompt
    )


def asked_name(blocks: Blocks) -> str:
    """The TeX of the one quantity that a text asks for, as in "Compute the output Y"; empty if that is not plain.

    It is read from the question, not from the key, of which a question sheet must show nothing.
    """
    found = [
        formula.tex
        for block in blocks
        if isinstance(block, Paragraph)
        for before, formula in pairwise(block.inlines)
        if isinstance(before, Text) and isinstance(formula, Math) and _ASKS_FOR.search(before.text)
    ]
    return found[0] if len(found) == 1 and not _SEVERAL.search(found[0]) else ""


def answer_space(part: Part, points: Fraction, stem: Blocks = (), prompt: Blocks = ()) -> Blocks:
    """Room for an answer: by the part's own wish, else by its kind, the larger the more points there are to earn.

    Its label is what `prompt` asks for, or else, for a grid, what `stem` asks for in all parts. Of the answer only the
    shape and the names matter: a box whose size told whole numbers from formulas would tell something of the key.
    """
    name = asked_name(prompt) or (asked_name(stem) if part.space else "")
    label = _label(name) if name else (Text("Answer"),)
    space = part.space
    lines = Lines(2 + 2 * int(points))
    if space is not None:
        match space.form:
            case "grid":
                return (GridSpace(space.rows, space.columns, label),)
            case "boxes":
                return (Lines(space.rows or 1 + int(points)), _boxes(space.names))
            case "lines":
                return (Lines(space.rows),)
            case "blank":
                return (BlankBox(space.rows * LINE),)
            case "none":
                return ()
    match part.kind:
        case "integer" | "number":
            return (Lines(1 + int(points)), Boxes((label,)))
        case "vector":
            return (lines, GridSpace(len(part.answer), 1, label, large=True))
        case "matrix":
            return (lines, GridSpace(len(part.answer), len(part.answer[0]), label, large=True))
        case "table":
            return (lines, _boxes(tuple(part.names.get(name) or name_tex(name) for name in part.answer)))
        case "figure":
            return (BlankBox(9 * LINE),)
        case "choice":
            return ()
        case "expression" | "derivation" | "tensor":
            return (lines,)


def _boxes(names: Sequence[str]) -> Boxes:
    return Boxes(tuple(map(_label, names)))


def _label(name: str) -> Inlines:
    """What stands before the room for an answer: its name and an equals sign, or words alone."""
    return (Math(name if _ENDS_IN_WORDS.search(name) else rf"\displaystyle {name} ="),)
