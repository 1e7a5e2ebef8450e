from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.batch.code import code_version, hash_of_code
from generator.exercise.registry import PACKAGE, templates_folder

FILES = {
    "package/sheets.py": "a = 1\nb = 2\n",
    "package/solver/shared.py": "c = 3\n",
    "package/exercises/topic/_shared.py": "d = 4\n",
    "templates/topic/one.md.j2": "x\ny\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def found(tree: Path) -> str:
    return hash_of_code(tree / "package", tree / "templates")


@pytest.mark.parametrize("name", FILES)
def test_a_change_anywhere_is_another_code(tree: Path, name: str) -> None:
    before = found(tree)
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    (tree / name).write_bytes(FILES[name].upper().encode())
    assert found(tree) != before
    (tree / name).rename(tree / name.replace("e.", "f.").replace("s.", "t.").replace("d.", "u."))
    (tree / name).write_bytes(b"")
    assert found(tree) != before


def test_moving_a_text_to_another_file_is_another_code(tree: Path) -> None:
    before = found(tree)
    (tree / "package" / "sheets.py").rename(tree / "package" / "pages.py")
    assert found(tree) != before


def test_line_ends_and_files_that_are_no_code_change_nothing(tree: Path) -> None:
    before = found(tree)
    for name, text in FILES.items():
        (tree / name).write_bytes(text.replace("\n", "\r\n").encode())
    for name in ("package/__pycache__/sheets.cpython-311.pyc", "package/.#sheets.py", "templates/exams/midterm.toml"):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_bytes(b"x")
    assert found(tree) == before


def test_an_installed_package_has_its_templates_inside(tree: Path) -> None:
    before = found(tree)
    (tree / "templates").rename(tree / "package" / "templates")
    assert hash_of_code(tree / "package", tree / "package" / "templates") == before


def test_the_code_that_runs_has_one_hash() -> None:
    assert code_version() == hash_of_code(PACKAGE, templates_folder())
