from __future__ import annotations

from pathlib import Path

import pytest

from tools.kills import Count, half_written

FILES = [
    ("a.pdf", b"%PDF-1.4 ... %%EOF\n", False),
    ("a.pdf", b"%PDF-1.4 ...", True),
    ("a.json", b"{}", False),
    ("a.json", b"{", True),
    ("a.csv", b"x", False),
    ("a.csv", b"", True),
    ("lock", b"", False),
]


@pytest.mark.parametrize(("name", "data", "expected"), FILES)
def test_half_written(tmp_path: Path, name: str, data: bytes, expected: bool) -> None:
    (tmp_path / name).write_bytes(data)
    assert half_written(tmp_path / name) is expected


def test_the_count_in_words() -> None:
    text = str(Count(100, 3, 2345, ["x"]))
    assert text == "kills: 100, builds finished after them: 3, looks at files: 2,345, faults: 1"
