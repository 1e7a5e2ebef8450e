"""What stands above the questions is tried before anything is built."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from generator.cli import main
from generator.exam import ExamFileError, numbered_variants, parse_exam, read_exam, resolve
from generator.exercise import Registry
from generator.sheets import make_sheets
from generator.typeset import typeset

HEAD = 'title = "T"\nseed = 7\n'
CONV = '[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\n'
WIDE = r"\frac{" + "x+" * 80 + "y}{2}"

BAD = [
    (r"$\undefinedcmd{x}$", r"formula: unknown command \undefinedcmd at character 1 of '\undefinedcmd{x}'"),
    (r"Use $\frac{1}{2$.", "formula: "),
    (f"Use ${WIDE}$.", "pt more than its line, and cannot be broken at a relation"),
    (f"$${WIDE}$$", "pt more than its line, and cannot be broken at a relation"),
    (f"\n| a | b |\n|---|---|\n| {'W' * 60} | {'W' * 60} |\n", "the table with the heading 'a | b' needs"),
    (f"\n| a |\n|---|\n| {'word ' * 2000} |\n", "but a page holds"),
    ("![x](y)", "line 1: an image is written figure:NAME"),
]


@pytest.mark.parametrize(("instructions", "message"), BAD)
def test_instructions_that_cannot_be_printed_are_told_with_their_line(
    tmp_path: Path, registry: Registry, instructions: str, message: str
) -> None:
    path = tmp_path / "exam.toml"
    path.write_text(f"{HEAD}instructions = '''{instructions}'''\n{CONV}", encoding="utf-8")
    with pytest.raises(ExamFileError) as caught:
        read_exam(path, registry)
    assert str(caught.value).startswith(f"{path}, line 3: instructions: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_is_left_of_a_build_that_was_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "exam.toml"
    path.write_text(f"{HEAD}instructions = '$\\undefinedcmd$'\n{CONV}", encoding="utf-8")
    assert main(["build", str(path), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.startswith(f"examwright: {path}, line 3: instructions: formula: unknown command")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["W" * 499, " ".join(["W" * 15] * 31)], ids=["one word", "many words"])
def test_the_longest_titles_fit(registry: Registry, text: str) -> None:
    keys = "".join(f'{key} = "{text}"\n' for key in ("title", "course", "aids"))
    section = CONV.replace("[[section]]\n", f'[[section]]\ntitle = "{text}"\n')
    exam = parse_exam(f'{keys}seed = 7\nminutes = 90\ndate = 2026-12-04\npaper = "letter"\n{section}', "x")
    (variant,) = numbered_variants(exam, 1)
    typeset([make_sheets(exam, variant, resolve(exam, registry, variant)).questions], io.BytesIO())
