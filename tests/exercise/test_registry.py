from __future__ import annotations

import sys
from pathlib import Path

import pytest

from generator.cli import main
from generator.errors import PackError, UnknownNameError
from generator.exercise import Registry, load_registry

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "examples" / "pack"
SLUG = "classification/confusion-metrics"
MODULE = (PACK / "exercises" / "classification" / "confusion_metrics.py").read_text(encoding="utf-8")


def pack_with(folder: Path, module: str) -> Registry:
    for kind, name, text in (("exercises", "broken.py", module), ("templates", "broken.md.j2", "")):
        path = folder / kind / "topic" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return load_registry([folder])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("def check(", "def chek(", "ConfusionMetrics has no check"),
        ("@dataclass(frozen=True, slots=True)\n", "", "ConfusionMetrics is no dataclass; put @dataclass"),
        ('title="', 'title="a long title" * 20 + "', "ConfusionMetrics needs a title of 1 to 100 characters"),
        ("ConfusionMetrics(Exercise)", "ConfusionMetrics", "ConfusionMetrics is not derived from Exercise"),
        ("@exercise(", "@dict(", "cannot be imported: TypeError"),
        ("(Exercise):", "(Exercise):)", "SyntaxError"),
        # Python warns of the number before it fails at the parenthesis; warnings are errors here.
        ("(Exercise):", "(Exercise):\n    x = 1if 1e9and 2 else 3)", "SyntaxError: unmatched"),
    ],
)
def test_a_module_at_fault_is_named_with_its_fault(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in MODULE
    registry = pack_with(tmp_path, MODULE.replace(old, new))
    with pytest.raises(PackError, match=r"broken\.py") as caught:
        registry.get("topic/broken")
    assert message in str(caught.value)


def test_a_module_without_an_exercise_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="expected one class marked @exercise, found 0"):
        pack_with(tmp_path, "x = 1\n").get("topic/broken")


def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Put a package with this text on the path; its entry point is called classifiers."""
    package, about = tmp_path / "my_classifiers", tmp_path / "my_classifiers-1.0.dist-info"
    package.mkdir()
    about.mkdir()
    (package / "__init__.py").write_text(text, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my_classifiers\nVersion: 1.0\n", encoding="utf-8")
    entry = "[examwright.packs]\nclassifiers = my_classifiers:FOLDER\n"
    (about / "entry_points.txt").write_text(entry, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_classifiers", raising=False)


def test_an_installed_package_announces_its_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, f"from pathlib import Path\nFOLDER = Path({str(PACK)!r})\n")
    assert load_registry().get(SLUG).about.title == "Precision, recall and F1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module\n", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
        ("", "cannot be loaded: AttributeError: "),
        ("FOLDER = 3\n", "cannot be loaded: TypeError: "),
        ("raise SystemExit(0)\n", "cannot be loaded: SystemExit: 0"),
        ("FOLDER = 'nowhere'\n", "nowhere: a pack has a folder 'exercises'"),
    ],
)
def test_an_installed_pack_at_fault_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    install(tmp_path, monkeypatch, text)
    assert main(["list"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"examwright: the installed pack 'classifiers' (my_classifiers:FOLDER): {said}")
    assert told.count("\n") == 1


def test_an_unknown_exercise_of_an_unknown_name_is_answered_with_the_option_for_packs() -> None:
    with pytest.raises(UnknownNameError, match="exercise types of your own need --pack FOLDER"):
        load_registry().get(SLUG)
