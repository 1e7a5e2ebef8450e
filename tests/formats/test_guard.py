"""Nothing is printed, in any form, whose working has an equality that does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.batch import BuildPlan, VariantError, build
from generator.cli import main
from generator.exam import numbered_variants, parse_exam
from tests.batch.packs import skeleton_pack

EXAM = """
title = "T"
seed = 7

[[section]]
title = "S"

[[section.question]]
exercise = "topic/skeleton"
"""


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    return skeleton_pack(tmp_path / "pack", ("products. <<1 | mark>>", "products. <<1 | mark>> $2 + 2 = 5$"))


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "pdf"])
def test_show_prints_nothing(wrong: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    arguments = ["show", "topic/skeleton", "--pack", str(wrong), "--format", form, "-o", str(out)]
    assert main(arguments) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "part a: the working says 2 + 2 = 5, which does not hold; nothing was printed" in line
    assert not out.exists()


def test_build_prints_nothing(wrong: Path, tmp_path: Path) -> None:
    exam = parse_exam(EXAM, "exam.toml")
    with pytest.raises(VariantError, match="says 2 \\+ 2 = 5, which does not hold"):
        build(BuildPlan(exam, numbered_variants(exam, 2), tmp_path / "out", ("pdf", "json"), packs=(wrong,)))
    assert not list((tmp_path / "out").rglob("*.pdf"))
    assert not [path for path in (tmp_path / "out").rglob("*.json") if path.parent.name != "unfinished"]
