from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import common, main, skeleton
from generator.exercise.registry import templates_folder


def test_a_new_exercise_works_and_passes_its_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "my pack"
    assert main(["new", "clustering/k-means", "--title", "One step of k-means", "--pack", str(pack)]) == 0
    written = [Path(line).relative_to(pack).as_posix() for line in capsys.readouterr().out.splitlines()]
    assert written == [
        "exercises/clustering/k_means.py",
        "templates/clustering/k_means.md.j2",
        "tests/test_k_means.py",
    ]
    assert main(["show", "clustering/k-means", "--pack", str(pack)]) == 0
    assert capsys.readouterr().out.startswith("# One step of k-means\n")
    assert main(["check", "clustering/k-means", "--pack", str(pack), "--draws", "100"]) == 0
    assert "class KMeans(" in (pack / "exercises/clustering/k_means.py").read_text(encoding="utf-8")
    program = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    environment = {**os.environ, "PYTHONPATH": str(Path(skeleton.__file__).parents[2])}
    found = subprocess.run(program, cwd=pack, capture_output=True, check=False, text=True, env=environment)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "7 passed" in found.stdout


def test_what_to_try_next_is_told_as_it_is_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "my pack"
    assert main(["new", "clustering/k-means", "--pack", str(pack)]) == 0
    lines = [line.removeprefix("try it:").strip() for line in capsys.readouterr().err.splitlines()]
    assert lines == [
        f'examwright show clustering/k-means --pack "{pack}"',
        f'examwright check clustering/k-means --pack "{pack}"',
        f'python -m pytest "{pack / "tests" / "test_k_means.py"}"',
    ]


@pytest.mark.parametrize("name", ["part", "exercise", "draw", "none", "level"])
def test_a_class_that_would_hide_what_the_module_needs_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["new", f"topic/{name}", "--pack", str(tmp_path)]) == 1
    assert f"its class would be called {name.capitalize()}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test = tmp_path / "tests" / "test_lasso.py"
    test.parent.mkdir()
    test.write_text("mine", encoding="utf-8")
    assert main(["new", "regression/lasso", "--pack", str(tmp_path)]) == 1
    assert "exists already and is not overwritten" in capsys.readouterr().err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [test]
    assert test.read_text(encoding="utf-8") == "mine"


def test_in_a_checkout_the_files_go_where_they_belong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").touch()
    shutil.copytree(templates_folder() / "skeleton", tmp_path / "templates" / "skeleton")
    monkeypatch.setattr(skeleton, "PACKAGE", tmp_path / "generator")
    monkeypatch.setattr(skeleton, "templates_folder", lambda: tmp_path / "templates")
    paths = [path.relative_to(tmp_path).as_posix() for path in skeleton.write_skeleton("new_topic/a-b", None, None)]
    assert paths == [
        "generator/exercises/new_topic/a_b.py",
        "templates/new_topic/a_b.md.j2",
        "tests/exercises/new_topic/test_a_b.py",
        "generator/exercises/new_topic/__init__.py",
    ]
    module = (tmp_path / paths[0]).read_text(encoding="utf-8")
    assert module.startswith('"""A b."""')
    assert '@exercise(title="A b")' in module
    assert "SKELETON" not in module


def test_an_installed_copy_asks_for_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skeleton, "PACKAGE", tmp_path / "site-packages" / "generator")
    with pytest.raises(common.OutputError, match="give --pack FOLDER"):
        skeleton.write_skeleton("topic/name", None, None)
