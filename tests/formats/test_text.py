from __future__ import annotations

from generator.exercise import Registry, make_instance
from generator.formats import instance_text


def test_question_and_solution_stand_one_after_the_other(registry: Registry) -> None:
    instance = make_instance(registry.get("convolution/conv2d"), "1/1/q", "medium")
    text = instance_text(instance)
    head = "convolution/conv2d, level medium, stream 1/1/q, 11 points"
    assert text.startswith(f"# {instance.type.about.title}\n\n{head}\n")
    question, solution = text.split("## Solution")
    assert "Compute the output" in question
    assert all(f"**({part})**" in question and f"**({part})**" in solution for part in "abc")
    assert "3 points" in question


def test_figures_are_described_and_marks_readable(registry: Registry) -> None:
    text = instance_text(make_instance(registry.get("convolution/conv2d"), "1/1/q", "medium"))
    assert "[Figure: " in text
    assert "](figure:" not in text
    assert "[1 mark]" in text
    assert "#mark" not in text
    assert "\n\n\n" not in text


def test_wrong_methods_are_listed(registry: Registry) -> None:
    instance = make_instance(registry.get("convolution/conv2d"), "1/1/q", "medium")
    rows = [row for row in instance_text(instance).splitlines() if row.startswith("- (")]
    assert len(rows) == len(instance.slips)
    assert "- (a) kernel turned by 180 degrees: $" in rows[0]
