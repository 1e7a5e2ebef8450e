"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from generator.cli import main
from generator.exam import read_exam
from generator.exercise import Registry

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
LONG = ("check", "gallery")
"""Commands that take their time, and have tests of their own."""

SHORT = 'title = "T"\nseed = 7\n[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\n'
"""An exam that is built in no time."""


def first_steps() -> list[tuple[list[str], str]]:
    """The commands of the section, each with its comment."""
    section = README.partition("## First steps\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```console\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    return [(shlex.split(line, comments=True)[1:], line.partition(" # ")[2]) for line in lines]


def test_the_first_steps_can_be_taken_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    steps = first_steps()
    assert len(steps) >= 10
    for (program, *arguments), comment in steps:
        assert program == "examwright"
        if arguments[0] in LONG:
            assert main([*arguments, "--help"]) == 0
            continue
        assert main(arguments) == 0, capsys.readouterr().err
        if arguments[0] == "init":
            Path(arguments[1]).write_text(SHORT, encoding="utf-8")
        for name in re.findall(r"\b[\w-]+/[\w/]+(?:\.pdf|/)", comment):
            assert (tmp_path / name).exists(), name
    assert (tmp_path / "ridge.pdf").read_bytes().startswith(b"%PDF")


def test_the_exam_it_shows_is_one(tmp_path: Path, registry: Registry) -> None:
    (shown,) = re.findall(r"^```toml\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    path = tmp_path / "exam.toml"
    path.write_text(shown, encoding="utf-8")
    exam, warnings = read_exam(path, registry)
    assert len(list(exam.questions)) == 2
    assert not warnings


def test_the_names_of_the_files_of_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (listed,) = re.findall(r"^A build makes\n\n```\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    names = re.findall(r"[\w<>]+(?:/[\w<>]+)?\.(?:pdf|json|csv|md)\b", re.sub(r"\(.*?\)|docs/.*", "", listed))
    path = tmp_path / "exam.toml"
    path.write_text(SHORT, encoding="utf-8")
    assert main(["build", str(path), "-o", str(tmp_path / "out"), "--format", "pdf,json", "--combined"]) == 0
    built = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert {name.replace("<variant>", "01") for name in names} == built
