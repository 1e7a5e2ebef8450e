from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pypdf import PdfReader

from generator.cli import main
from generator.cli.app import COMMANDS
from generator.exercise import Registry
from generator.exercise.registry import templates_folder
from generator.formats import record_schema

EXAM = 'title = "T"\nseed = 7\n[[section]]\n[[section.question]]\nexercise = "convolution/receptive-field"\n'


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    path = tmp_path / "quiz.toml"
    path.write_text(EXAM, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, err = run(capsys, command, "--help")
    assert (code, err) == (0, "")
    assert f"Usage: examwright {command}" in out
    assert f"\n  examwright {command}" in out.split("Examples:")[1]


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert all(f"\n  {command} " in out for command in COMMANDS)
    assert max(map(len, out.splitlines())) <= 100


def test_list(capsys: pytest.CaptureFixture[str], registry: Registry) -> None:
    code, out, err = run(capsys, "list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(registry.slugs)


def test_list_of_a_topic_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "--topic", "convolution", "--json")
    assert code == 0
    rows = {row["exercise"]: row for row in json.loads(out)}
    assert set(rows) >= {"convolution/conv2d", "convolution/receptive-field"}
    assert {row["topic"] for row in rows.values()} == {"convolution"}
    assert rows["convolution/conv2d"]["parameters"][:2] == ["input", "kernel"]


def test_show_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "show", "convolution/conv2d", "--level", "easy", "--seed", "7", "--part", "b")
    assert (code, err) == (0, "")
    assert "level easy, stream 7/1/convolution/conv2d" in out
    assert "**(b)**" in out
    assert "**(a)**" not in out


def test_show_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    def shown(*arguments: str) -> Any:
        code, out, _ = run(capsys, "show", "convolution/conv2d", *arguments)
        assert code == 0
        return [json.loads(line) for line in out.splitlines()] if "jsonl" in arguments else json.loads(out)

    one = shown("--format", "json", "--seed", "3")
    jsonschema.validate(one, record_schema())
    assert shown("--format", "json", "--seed", "3", "--count", "1") == [one]
    three = shown("--format", "json", "--seed", "3", "--count", "3")
    assert three[0] == one
    assert [record["key"] for record in three] == [f"3/{number}/convolution/conv2d" for number in (1, 2, 3)]
    assert shown("--format", "jsonl", "--seed", "3", "--count", "3") == three


def test_show_with_pinned_values(capsys: pytest.CaptureFixture[str]) -> None:
    settings = [
        "input=[[1,2,0],[0,1,3],[2,0,1]]",
        "kernel=[[1,0],[0,2]]",
        'settings=[{"stride":1,"padding":0}]',
        "bias=1",
    ]
    options = [option for setting in settings for option in ("--set", setting)]
    code, out, _ = run(capsys, "show", "convolution/conv2d", "--format", "json", *options)
    assert code == 0
    record = json.loads(out)
    assert record["parts"][0]["answer"]["exact"] == [["4", "9"], ["1", "4"]]
    assert record["parameters"]["bias"] == "1"


def test_a_lone_word_is_pinned_as_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "convolution/conv2d", "--set", "operation=convolution", "--format", "json")
    assert (code, json.loads(out)["parameters"]["operation"]) == (0, "convolution")


def test_values_of_poor_quality_are_used_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "show", "convolution/conv2d", "--set", "kernel=[[1,1],[1,1]]")
    assert code == 0
    assert out
    assert err.startswith("warning: convolution/conv2d: the pinned values break this: ")


def test_show_as_pdf(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    options = ["show", "convolution/conv2d", "--format", "pdf"]
    assert main([*options, "-o", str(tmp_path / "a.pdf")]) == 0
    assert capfdbinary.readouterr().out == b""
    assert main(options) == 0
    printed = capfdbinary.readouterr().out
    assert printed == (tmp_path / "a.pdf").read_bytes()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)
    assert "Output of a convolutional layer" in text


def test_what_to_do_with_a_new_exam_is_told_as_it_is_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "my exam.toml"
    code, out, err = run(capsys, "init", path)
    assert (code, out) == (0, f"{path}\n")
    assert err == f'edit it, then: examwright build "{path}" --variants 4\n'


def test_init_writes_an_exam_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "my exam.toml"
    assert run(capsys, "init", path)[:2] == (0, f"{path}\n")
    assert path.read_bytes() == (templates_folder() / "exams" / "midterm.toml").read_bytes()
    path.write_text("mine", encoding="utf-8")
    code, out, err = run(capsys, "init", path)
    assert (code, out) == (1, "")
    assert "exists already and is not overwritten" in err
    assert path.read_text(encoding="utf-8") == "mine"


def test_roster_makes_up_students(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "roster", "--count", "12", "--seed", "7")
    assert code == 0
    assert out.splitlines()[0] == "id,name"
    assert len(out.splitlines()) == 13


def test_build_then_verify(tmp_path: Path, exam: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text('id,name\n17,Élodie\n18,"King, Martin"\n', encoding="utf-8")
    out_folder = tmp_path / "out"
    code, out, err = run(capsys, "build", exam, "--roster", roster, "--out", out_folder, "--combined")
    assert code == 0
    names = ["keys", "questions", "answers.csv", "keys.pdf", "questions.pdf", "report.md", "manifest.json"]
    assert [Path(line).relative_to(out_folder).as_posix() for line in out.splitlines()] == names
    assert err.startswith("2 variants: 2 built; ")
    assert "Élodie" in PdfReader(out_folder / "questions" / "17.pdf").pages[0].extract_text()

    assert run(capsys, "build", exam, "--roster", roster, "--out", out_folder, "--combined")[2].startswith(
        "2 variants: 0 built, 2 kept from before; "
    )
    assert run(capsys, "verify", out_folder)[0] == 0
    (out_folder / "keys" / "18.pdf").unlink()
    code, out, _ = run(capsys, "verify", out_folder)
    assert code == 3
    assert "missing: keys/18.pdf: is missing" in out


def test_a_name_that_cannot_be_printed_is_a_warning(
    tmp_path: Path, exam: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\n17,Anna\n18,\u674e\u660e\n", encoding="utf-8")
    code, _, err = run(capsys, "build", exam, "--roster", roster, "--out", tmp_path / "out")
    assert code == 0
    warning = f"warning: {roster}, line 3: the fonts cannot print '\u674e\u660e'; the sheet has a blank line"
    assert err.startswith(warning)
    assert err.count("warning") == 1


def test_build_goes_to_output_by_default(
    exam: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(exam.parent)
    assert run(capsys, "build", "quiz.toml", "--seed", "9")[0] == 0
    manifest = json.loads((exam.parent / "output" / "quiz" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 9
    assert [variant["variant"] for variant in manifest["variants"]] == ["01"]


def test_check_passes_and_says_what_that_means(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "convolution/receptive-field", "--draws", "30", "--jobs", "1")
    assert code == 0
    assert out.count("pass") == 4
    assert (
        "30 draws without a fault bound the share of each with a wrong answer or number by 10 %; 30 whose formulas were"
        in out
    )


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "convolution/receptive-field", "--draws", "10", "--level", "easy", "--json")
    (row,) = json.loads(out)
    assert code == 0
    assert (row["exercise"], row["level"]) == ("convolution/receptive-field", "easy")
    assert (row["passed"], row["draws"], row["distinct"] > 5) == (True, 10, True)
    assert row["milliseconds"] > 0


def test_check_that_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "pack"
    assert run(capsys, "new", "topic/wrong", "--pack", pack)[0] == 0
    module = pack / "exercises" / "topic" / "wrong.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace("answer, int(np.dot(", "answer, 1 + int(np.dot("), encoding="utf-8")
    code, out, _ = run(capsys, "check", "topic/wrong", "--pack", pack, "--draws", "5", "--level", "easy")
    assert code == 3
    assert "FAIL" in out
    assert "5 × disagreement: topic/wrong '1/0/topic/wrong' part a: the exact route gives" in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    code, out, _ = run(capsys, "completion", shell)
    assert code == 0
    assert f"_EXAMWRIGHT_COMPLETE={shell}_complete" in out


def test_completion_of_slugs_and_commands(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def completed(words: str, index: int) -> list[str]:
        monkeypatch.setenv("_EXAMWRIGHT_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(index))
        main([])
        return [line.partition(",")[2] for line in capsys.readouterr().out.splitlines()]

    assert completed("examwright s", 1) == ["show"]
    assert completed("examwright show convolution/c", 2)[0] == "convolution/conv2d"
    assert completed("examwright check --level m", 3) == ["medium"]
