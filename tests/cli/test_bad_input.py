from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import main

EXAM = 'title = "T"\nseed = 7\n[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\n'
DEEP = "[" * 5000 + "]" * 5000

USER_ERRORS: list[tuple[list[str], str]] = [
    (["show", "convolution/conv3d"], "there is no exercise 'convolution/conv3d'; did you mean 'convolution/conv2d'?"),
    (["check", "convolution/conv3d"], "there is no exercise 'convolution/conv3d'"),
    (["list", "--topic", "convolutions"], "there is no topic 'convolutions'; did you mean 'convolution'?"),
    (["show", "convolution/conv2d", "--level", "hart"], "there is no level 'hart'; did you mean 'hard'?"),
    (["check", "--level", "hart"], "there is no level 'hart'; did you mean 'hard'?"),
    (["show", "convolution/conv2d", "--format", "pdff"], "there is no format 'pdff'; did you mean 'pdf'?"),
    (["show", "convolution/conv2d", "--part", "z"], "there is no part 'z'; choose one of: a, b, c"),
    (["show", "convolution/conv2d", "--set", "kernal=3"], "there is no parameter 'kernal'; did you mean 'kernel'?"),
    (["show", "convolution/conv2d", "--set", "kernel"], "--set kernel: expected NAME=VALUE"),
    (["show", "convolution/conv2d", "--set", "=3"], "--set =3: expected NAME=VALUE"),
    (["show", "convolution/conv2d", "--set", "kernel=[[1,2"], "the value is not JSON"),
    (["show", "convolution/conv2d", "--set", f"kernel={DEEP}"], "kernel"),
    (["show", "convolution/conv2d", "--set", "kernel=[[1,2],[3]]"], "'kernel': expected rows of equal length"),
    (["show", "convolution/conv2d", "--set", 'kernel="x"'], "'kernel': expected a list, got \"x\""),
    (["show", "convolution/conv2d", "--set", "bias=NaN"], "'bias': "),
    (["show", "convolution/conv2d", "--set", "bias=1.5"], "'bias': expected an integer, got 1.5"),
    (["show", "convolution/conv2d", "--set", f"bias={'9' * 5000}"], "'bias': "),
    (["show", "convolution/conv2d", "--set", "operation=bent"], "'operation': expected one of cross"),
    (["show", "convolution/conv2d", "--set", "input=[[1]]", "--set", "kernel=[[1],[3]]"], "this condition is not met"),
    (["show", "convolution/conv2d", "-o", "none/x.txt"], "cannot be written: No such file or directory"),
    (["list", "--pack", "none"], "none: a pack has a folder 'exercises'"),
    (["build", "none.toml"], "none.toml: cannot be read: No such file or directory"),
    (["build", "."], ".: cannot be read: "),
    (["build", "exam.toml", "--roster", "none.csv"], "none.csv: cannot be read"),
    (["build", "exam.toml", "--roster", "paths.csv"], "paths.csv, line 2: the id '../x' cannot be a file name"),
    (["build", "exam.toml", "--format", "pdf,docx"], "there is no format 'docx'; choose one of: json, pdf"),
    (["build", "exam.toml", "--out", "taken"], "taken: holds other files (thesis.tex)"),
    (["build", "exam.toml", "--out", "exam.toml"], "exam.toml: is a file; expected a folder"),
    (["build", "bad.toml"], "bad.toml, line 1: there is no key 'titel'; did you mean 'title'?"),
    (["verify", "taken"], "taken: has no manifest.json"),
    (["init", "exam.toml"], "exam.toml: exists already and is not overwritten"),
    (["init", "none/exam.toml"], "none/exam.toml: cannot be written"),
    (["roster", "-o", "exam.toml"], "exam.toml: exists already and is not overwritten"),
    (["new", "lasso", "--pack", "p"], "the exercise 'lasso': expected TOPIC/NAME"),
    (["new", "../x", "--pack", "p"], "the exercise '../x': expected TOPIC/NAME"),
    (["new", "a/b/c", "--pack", "p"], "the exercise 'a/b/c': expected TOPIC/NAME"),
    (["new", "convolution/conv2d"], "the exercise 'convolution/conv2d': exists already"),
    (["completion", "tcsh"], "there is no shell 'tcsh'"),
]  # fmt: skip

WRONG_USAGE: list[tuple[list[str], str]] = [
    (["shw"], "there is no command 'shw'; did you mean 'show'?"),
    (["biuld", "x"], "there is no command 'biuld'; did you mean 'build'?"),
    (["show"], "Missing argument 'SLUG'"),
    (["show", "convolution/conv2d", "--sead", "3"], "--seed"),
    (["show", "convolution/conv2d", "--seed", "x"], "'x' is not a valid integer"),
    (["show", "convolution/conv2d", "--seed", "-1"], "-1 is not in the range"),
    (["show", "convolution/conv2d", "--count", "0"], "0 is not in the range"),
    (["build", "exam.toml", "--variants", "0"], "0 is not in the range"),
    (["build", "exam.toml", "--variants", "2", "--roster", "paths.csv"], "either --variants or --roster"),
    (["build", "exam.toml", "--combined", "--format", "json"], "--combined goes with --format pdf"),
    (["build", "exam.toml", "extra"], "unexpected extra argument"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "exam.toml").write_text(EXAM, encoding="utf-8")
    (tmp_path / "bad.toml").write_text('titel = "T"\n', encoding="utf-8")
    (tmp_path / "paths.csv").write_text("id,name\n../x,A\n", encoding="utf-8")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.tex").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(("arguments", "message"), USER_ERRORS, ids=[" ".join(case[0])[:60] for case in USER_ERRORS])
def test_a_mistake_is_one_clear_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = files(folder)
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("examwright: ")
    assert err.count("\n") == 1
    assert message in err.replace("\\", "/")
    assert len(err) < 500
    assert files(folder) == before


@pytest.mark.parametrize(("arguments", "message"), WRONG_USAGE, ids=[" ".join(case[0]) for case in WRONG_USAGE])
def test_wrong_usage_shows_how(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = files(folder)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "--help" in err
    assert files(folder) == before


def test_a_build_over_another_exam_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "exam.toml", "--out", "out"]) == 0
    before = files(folder)
    (folder / "exam.toml").write_text(EXAM.replace('"T"', '"Other"'), encoding="utf-8")
    capsys.readouterr()
    assert main(["build", "exam.toml", "--out", "out"]) == 1
    assert capsys.readouterr().err == "examwright: out: holds another exam ('T', seed 7); use another folder (--out)\n"
    assert {name: data for name, data in files(folder).items() if "/out/" in name.replace("\\", "/")} == {
        name: data for name, data in before.items() if "/out/" in name.replace("\\", "/")
    }


PROGRAM = "import sys; from generator.cli import main; sys.exit(main())"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        process = subprocess.run(
            [sys.executable, "-c", PROGRAM, "list"], stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert (process.returncode, process.stderr) == (0, b"")


def test_an_interrupt_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(packs: object) -> None:
        raise KeyboardInterrupt(packs)

    monkeypatch.setattr("generator.cli.commands.list.load_registry", interrupt)
    assert main(["list"]) == 130
    assert capsys.readouterr().err.strip().startswith("examwright: interrupted")


def test_old_code_pages_stop_no_result() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-c", PROGRAM, "show", "convolution/conv2d"]
    process = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert "×" in process.stdout.decode("utf-8")
