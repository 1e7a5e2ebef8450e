"""The guide for authors is followed word by word, and quotes the example pack as it is."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from generator.cli import main

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
PACK = ROOT / "examples" / "pack"
QUOTED = {
    "python": PACK / "exercises" / "classification" / "confusion_metrics.py",
    "jinja": PACK / "templates" / "classification" / "confusion_metrics.md.j2",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def commands() -> Iterator[list[str]]:
    for block in blocks("console"):
        for line in block.splitlines():
            assert line.startswith("$ "), line
            yield shlex.split(line[2:])


@pytest.mark.parametrize("language", QUOTED)
def test_what_the_guide_shows_is_in_the_pack(language: str) -> None:
    text = QUOTED[language].read_text(encoding="utf-8")
    assert blocks(language)
    for block in blocks(language):
        assert block in text


def test_the_commands_of_the_guide_do_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(PACK, tmp_path / "examples" / "pack", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "quiz.toml").write_text(blocks("toml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    out: dict[str, str] = {}
    for program, *arguments in commands():
        if program == "python":
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            command = [sys.executable, *arguments, "-q", "-p", "no:cacheprovider"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
            assert done.returncode == 0, done.stdout + done.stderr
            continue
        assert program == "examwright"
        assert main(arguments) == 0, capsys.readouterr().err
        out[" ".join(arguments)] = capsys.readouterr().out

    by_hand = next(text for command, text in out.items() if "--set" in command)
    assert r"P = \frac{4}{5}, \quad R = \frac{4}{7}, \quad F_1 = \frac{2}{3}" in by_hand
    assert json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))["level"] == "medium"
    assert "Precision, recall and F1" in PdfReader(tmp_path / "sheet.pdf").pages[0].extract_text()
    gate = out["check classification/confusion-metrics --pack examples/pack"]
    assert gate.count(" pass ") == 3
    assert "all 3 passed; 1000 draws without a fault" in gate
    assert sorted(path.name for path in (tmp_path / "output/quiz/keys").iterdir()) == [f"0{n}.pdf" for n in range(1, 5)]
    verified = next(text for command, text in out.items() if command.startswith("verify"))
    assert "the same again byte for byte" in verified


def test_the_files_of_the_pack_are_those_that_new_writes(tmp_path: Path) -> None:
    assert main(["new", "classification/confusion-metrics", "--pack", str(tmp_path)]) == 0
    for path in tmp_path.rglob("*.*"):
        if path.is_file():
            assert (PACK / path.relative_to(tmp_path)).is_file()


def test_an_exam_is_the_same_with_one_worker_and_with_two(tmp_path: Path) -> None:
    exam = tmp_path / "quiz.toml"
    exam.write_text(blocks("toml")[0], encoding="utf-8")
    for jobs in ("1", "2"):
        options = ["--variants", "3", "--jobs", jobs, "--pack", str(PACK), "--out", str(tmp_path / jobs)]
        assert main(["build", str(exam), *options]) == 0
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / jobs / "keys").iterdir()} for jobs in "12")
    assert len(one) == 3
    assert one == two
