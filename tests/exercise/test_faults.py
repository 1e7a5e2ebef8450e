"""A fault inside a pack is told with its line, however the pack was named."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import PackError
from generator.exercise import load_registry, make_instance

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "examples" / "pack"
MODULE = (PACK / "exercises" / "classification" / "confusion_metrics.py").read_text(encoding="utf-8")
SOLVE = "    def solve(self) -> Solution:\n"


@pytest.mark.parametrize("form", ["absolute", "relative", "through a parent", "through a link"])
def test_the_line_at_fault_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    module = tmp_path / "pk" / "exercises" / "topic" / "broken.py"
    template = tmp_path / "pk" / "templates" / "topic" / "broken.md.j2"
    for path in (module, template):
        path.parent.mkdir(parents=True)
        path.touch()
    head, found, tail = MODULE.partition(SOLVE)
    assert found
    module.write_text(f"{head}{SOLVE}        1 // 0\n{tail}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    pack = {"absolute": tmp_path / "pk", "relative": Path("pk"), "through a parent": Path("pk/../pk")}.get(form)
    if pack is None:
        pack = Path("link")
        try:
            pack.symlink_to(tmp_path / "pk", target_is_directory=True)
        except OSError:
            pytest.skip("this system makes no links for everybody")
    kind = load_registry([pack]).get("topic/broken")
    with pytest.raises(PackError) as caught:
        make_instance(kind, "1/1/q", "easy")
    line = head.count("\n") + 2
    place = pack / "exercises" / "topic" / "broken.py"
    assert str(caught.value).startswith(f"{place}, line {line}: ZeroDivisionError: ")
