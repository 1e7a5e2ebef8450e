from __future__ import annotations

from pathlib import Path

import pytest

from generator.batch import run_gate
from generator.batch.gate import bound
from generator.exercise.registry import templates_folder

SKELETON = templates_folder() / "skeleton"


def pack(tmp_path: Path, old: str, new: str, *, template: bool = False) -> Path:
    """The skeleton as a pack, with one thing in it spoilt."""
    for source, target in (
        (SKELETON / "exercises/topic/skeleton.py", tmp_path / "exercises/topic/skeleton.py"),
        (SKELETON / "templates/topic/skeleton.md.j2", tmp_path / "templates/topic/skeleton.md.j2"),
    ):
        text = source.read_text(encoding="utf-8")
        if (source.suffix == ".j2") == template:
            assert old in text
            text = text.replace(old, new)
        target.parent.mkdir(parents=True)
        target.write_text(text, encoding="utf-8")
    return tmp_path


def reasons(folder: Path, draws: int = 40) -> str:
    (result,) = run_gate(["topic/skeleton"], ["medium"], draws, sheets=40, packs=(folder,))
    assert result.draws == draws
    return " | ".join(result.reasons)


def test_the_skeleton_passes() -> None:
    results = run_gate(["topic/skeleton"], ["easy", "medium", "hard"], 60, packs=(SKELETON,))
    assert [result.reasons for result in results] == [[], [], []]
    assert all(result.accepted == 60 and result.tries >= 60 for result in results)


def test_several_processes_count_alike() -> None:
    slugs = ["convolution/receptive-field", "topic/skeleton"]
    once = run_gate(slugs, ["medium"], 300, packs=(SKELETON,))
    twice = run_gate(slugs, ["medium"], 300, packs=(SKELETON,), jobs=2)
    untimed = [{**result.summary(), "milliseconds": None} for result in once]
    assert untimed == [{**result.summary(), "milliseconds": None} for result in twice]


SPOILT = [
    ("answer, int(np.dot(", "answer, 1 + int(np.dot(", "40 × disagreement"),
    ("all(self.weights) and all(self.inputs)", "False", "40 × no draw"),
    ("return Solution(", "raise ZeroDivisionError('oops')\n        return Solution(", "40 × ZeroDivisionError: '1/0/"),
    ("-5, 5)", "-1, 1)", "distinct instances in 400 draws; wanted 120"),
]
SPOILT_WORDS = [
    ("<<1 | mark>>", "<<2 | mark>>", "40 × TemplateError"),
    ("## (a)", "## (b)", "40 × TemplateError"),
    ("<<q.inputs | row>>", "<<q.input | row>>", "40 × TemplateError"),
    ("Compute the", "[Compute](http://x) the", "40 × DocumentError"),
    ("Compute the", f"${{{'x' * 200}}}$", "40 × Wide"),
]


@pytest.mark.parametrize(("old", "new", "message"), SPOILT)
def test_what_is_wrong_with_an_exercise_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in reasons(pack(tmp_path, old, new), 400 if "400" in message else 40)


@pytest.mark.parametrize(("old", "new", "message"), SPOILT_WORDS)
def test_what_is_wrong_with_its_words_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in reasons(pack(tmp_path, old, new, template=True))


def test_points_that_change_from_draw_to_draw_are_found(tmp_path: Path) -> None:
    folder = pack(tmp_path, "2, work=", "2 + (self.weights[0] > 0), work=")
    template = folder / "templates/topic/skeleton.md.j2"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("<<1 | mark>>", '<<(s["a"].points - 1) | mark>>', 1), encoding="utf-8")
    assert "the parts or their points change from draw to draw" in reasons(folder)


def test_the_rule_of_three() -> None:
    # (1 - 3/n)^n is about e^-3 = 0.05.
    assert abs((1 - bound(1000)) ** 1000 - 0.05) < 0.001
    assert bound(2) == 1.0
