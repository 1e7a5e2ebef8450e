from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy

from generator.document.markdown import read_markdown
from generator.document.tree import Boxes, GridSpace, Math, Question, Table, Text, plain
from generator.document.tree import Part as SheetPart
from generator.draw import LEVELS, Level
from generator.exam import numbered_variants, resolve, single_exam
from generator.exercise import Part, Registry, Space, load_registry, make_instance
from generator.notation import Value
from generator.sheets import answer_space, asked_name, make_sheets


@pytest.mark.parametrize("slug", load_registry().slugs)
def test_room_for_an_answer_tells_nothing_of_it(slug: str) -> None:
    """With every number of an answer replaced by a formula, the room is the same."""
    for level in LEVELS:
        for part in make_instance(load_registry().get(slug), "1/1/room", level).solution.parts:
            changed = replace(part, answer=with_formulas(part.answer))
            assert answer_space(changed, Fraction(2)) == answer_space(part, Fraction(2))


def with_formulas(answer: Value) -> Value:
    if isinstance(answer, Mapping):
        return {name: with_formulas(entry) for name, entry in answer.items()}
    if isinstance(answer, tuple):
        return tuple(map(with_formulas, answer))
    return answer if isinstance(answer, str) or answer is None else sympy.Symbol("secret") + sympy.sqrt(2)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (r"Compute $\hat{v}$ exactly.", r"\hat{v}"),
        (r"Now let $c = 3$. Evaluate $f(2)$ at $c$.", "f(2)"),
        (r"Compute the gradient $\nabla L$ at these weights.", r"\nabla L"),
        (r"Compute the estimate of $\sigma^2$.", ""),  # the estimate has another name
        ("Find $a$. Compute $b$.", ""),
        ("Compute $a, b$.", ""),
        ("Find $a = 3b$.", ""),
        ("How large is $a$?", ""),
        ("Show that $a$ is large, then compute.", ""),
    ],
)
def test_what_a_question_asks_for_is_read_from_its_words(text: str, name: str) -> None:
    assert asked_name(read_markdown(text, {})) == name


def test_a_grid_bears_the_name_that_the_stem_gives_to_the_answer_of_all_parts() -> None:
    stem, prompt = read_markdown("Compute the output $Y$ for each setting.", {}), read_markdown("Stride 1.", {})
    part = Part("a", "matrix", ((1,),), 2, space=Space("grid", 4, 4))
    assert answer_space(part, Fraction(1), stem, prompt) == (GridSpace(4, 4, (Math(r"\displaystyle Y ="),)),)
    # Another part may ask for something else.
    assert answer_space(replace(part, space=None), Fraction(1), stem, prompt)[1] == GridSpace(
        1, 1, (Text("Answer"),), large=True
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("slug", load_registry().slugs)
def test_the_name_before_a_box_is_that_of_its_answer_in_the_key(registry: Registry, slug: str, level: Level) -> None:
    exam = single_exam(registry.get(slug), level, 11)
    (variant,) = numbered_variants(exam, 1)
    (entry,) = resolve(exam, registry, variant)
    (worded,) = (pair := make_sheets(exam, variant, [entry])).worded
    (question,) = [block for block in pair.questions.blocks if isinstance(block, Question)]
    asked = [block for block in question.blocks if isinstance(block, SheetPart)]
    for block, words in zip(asked, worded.parts, strict=True):
        space = entry.instance.solution[words.id].space
        rooms = [room for room in block.blocks if isinstance(room, Boxes | GridSpace)]
        labels = [label for room in rooms for label in (room.names if isinstance(room, Boxes) else (room.label,))]
        if len(labels) != 1 or (space and space.names):
            continue  # named by the exercise, not from the words of the question
        name = "".join(plain(labels[0])).removeprefix(r"\displaystyle ")
        boxed = words.solution.rpartition("\n> ")[2].replace(r"\displaystyle ", "").strip("$")
        assert name == "Answer" or boxed.startswith(name)


def test_every_room_for_an_answer_says_what_goes_in() -> None:
    for part, prompt, said in (
        (Part("a", "number", 3, 2), "Compute $J$.", r"\displaystyle J ="),
        (Part("a", "number", 3, 2), "How large is it?", "Answer"),
        (Part("a", "table", {"conv1": 3}, 2), "", r"\text{conv1}"),
        (Part("a", "table", {"v_12": 3}, 2), "", r"\displaystyle v_{12} ="),
        (Part("a", "table", {"v": 3}, 2, names={"v": r"v \text{ (value)}"}), "", r"v \text{ (value)}"),
    ):
        _, boxes = answer_space(part, Fraction(2), prompt=read_markdown(prompt, {}))
        assert isinstance(boxes, Boxes)
        assert ["".join(plain(label)) for label in boxes.names] == [said]


def test_a_matrix_has_room_for_fractions_behind_its_name() -> None:
    for answer, rows, columns in (((1, 2, 3), 3, 1), (((1, 2), (3, 4), (5, 6)), 3, 2)):
        part = Part("a", "vector" if columns == 1 else "matrix", answer, 2)
        for prompt, label in (("Compute $H$.", Math(r"\displaystyle H =")), ("How?", Text("Answer"))):
            space = answer_space(part, Fraction(1), prompt=read_markdown(prompt, {}))
            assert space[1] == GridSpace(rows, columns, (label,), large=True)


def test_wrong_methods_with_one_result_share_a_row(registry: Registry) -> None:
    exam = single_exam(registry.get("convolution/pool2d"), "easy", 3)
    (variant,) = numbered_variants(exam, 1)
    (entry,) = resolve(exam, registry, variant)
    first, *_ = entry.instance.slips
    twice = replace(first, name="another method")
    changed = replace(entry, instance=replace(entry.instance, slips=(*entry.instance.slips, twice)))
    tables = [
        [tuple("".join(plain(cell)) for cell in row) for row in block.rows]
        for item in make_sheets(exam, variant, [changed]).key.blocks
        if isinstance(item, Question)
        for part in item.blocks
        if isinstance(part, SheetPart)
        for block in part.blocks
        if isinstance(block, Table)
    ]
    (rows,) = [rows for rows in tables if any("another method" in row[0] for row in rows)]
    assert [row[0] for row in rows if "another method" in row[0]] == [f"{first.name}, or another method"]
