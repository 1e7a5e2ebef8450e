"""Compares what a manifest says of a question with what is made now, part by part: answers, points and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Kind = Literal["missing", "changed", "not listed", "not reproduced", "content", "compared"]
Record: TypeAlias = Mapping[str, Any]

REWORDED = "is worded otherwise now"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the manifest says: which file or variant, and what is wrong with it."""

    kind: Kind
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs in a question, and the names of its parts that are the same, differ, or could not be compared.

    ``reworded`` parts have the same answer and points; so have ``unread`` ones, whose words an earlier version did not
    note.
    """

    findings: tuple[Finding, ...]
    same: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def compared(before: Record, after: Record, where: str) -> Compared:
    """Compare a recorded question with one that is made from the same values."""
    found = {part["id"]: part for part in after["parts"]}
    groups: dict[str, list[str]] = {"same": [], "reworded": [], "other": [], "unread": [], "unknown": []}
    findings = [Finding("content", where, text) for text in _question(before, after)]
    for name, part in zip(names_of_parts(before), before["parts"], strict=True):
        reasons = list(_part(part, found.pop(part["id"], None)))
        findings += [Finding("content", where, f"part {part['id']} {reason}") for reason in reasons]
        groups[_degree(part, reasons)].append(name)
    findings += [Finding("content", where, f"part {name} was not there") for name in found]
    return Compared(tuple(findings), **{name: tuple(parts) for name, parts in groups.items()})


def names_of_parts(question: Record) -> tuple[str, ...]:
    """The parts of a question by the number of the question and their letter: ``2b``."""
    return tuple(f"{question['number']}{part['id']}" for part in question["parts"])


def _question(before: Record, after: Record) -> Iterator[str]:
    if before["instance"] != after["instance"]:
        yield "its question is worded otherwise now"
    elif before.get("words") not in (None, after["words"]):
        yield "what stands before its parts, or a figure, is another now"


def _part(before: Record, after: Record | None) -> Iterator[str]:
    if after is None:
        yield "does not exist any more"
        return
    old, new = before["answer"] or {}, after["answer"] or {}
    if old.get("exact") != new.get("exact"):
        yield "has another answer now"
    elif old != new:
        yield "has its answer in another form now"
    if before["points"] != after["points"]:
        yield "has other points now"
    if before.get("words") not in (None, after["words"]):
        yield REWORDED


def _degree(part: Record, reasons: Sequence[str]) -> str:
    if reasons:
        return "reworded" if part["answer"] and reasons == [REWORDED] else "other"
    if part.get("words") is not None:
        return "same"
    # A derivation or figure is answered by its words alone.
    return "unread" if part["answer"] else "unknown"


def part_by_part(questions: Sequence[Compared]) -> Iterator[str]:
    """What became of each part of a variant, made again from its recorded values: a line for each thing to say."""
    lines = (
        ("same", "the same answer, points and words in"),
        ("reworded", "the same answer and points, but other words in"),
        ("unread", "the same answer and points (words were not noted when it was built) in"),
        ("unknown", "could not compare (it has no answer but its words, which were not noted when it was built):"),
        ("other", "NOT the same content in"),
    )
    for group, text in lines:
        if names := [name for question in questions for name in getattr(question, group)]:
            yield f"made again from its recorded values: {text} {', '.join(names)}"
