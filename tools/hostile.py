"""Hostile inputs for every door of the program, as Hypothesis strategies: exam files, rosters, pins, packs, folders."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from generator.batch import BuildPlan, build
from generator.draw import LEVELS
from generator.exam import numbered_variants, parse_exam
from generator.exercise import load_registry, make_instance
from tools.hostile_packs import packs
from tools.hostile_values import CODE, TEXTS, mangled, mutated, nudged, spoilt, values

EXAM = """
title = "Midterm"
course = "CS 1"
date = 2026-12-04
minutes = 90
aids = "one sheet"
instructions = "Write *clearly*."
paper = "a4"
level = "easy"
seed = 7
effort_spread = 0.3

[[section]]
title = "One"

[[section.question]]
id = "c"
exercise = "convolution/conv2d"
points = 3
parts = ["a"]
set = { kernel = [[1, 0], [2, 1]], bias = "0" }

[[section.question]]
pool = ["convolution/receptive-field", "convolution/parameter-counting"]
pick = 1
points = 8
"""
SMALL = 'title = "T"\nseed = 7\nlevel = "easy"\n[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\n'
BUILD = ("build", "exam.toml", "--out", "out", "--jobs", "1")


@dataclass(frozen=True, slots=True)
class Case:
    """One input: files that are laid into an empty folder, and the arguments of the command that is run there.

    Only what is below the folder ``out`` may be different afterwards.
    """

    files: Mapping[str, bytes]
    arguments: tuple[str, ...]


def toml(value: object) -> str:
    """A value as TOML on one line; what TOML has no form for is left to the reader to refuse."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(str(key))} = {toml(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    return hex(value) if isinstance(value, int) and value > 10**1000 else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@st.composite
def exams(draw: st.DrawFn) -> Case:
    """Valid exam files with a few things in them exchanged, dropped, doubled, misspelt; and files that are none."""
    kind = draw(st.sampled_from(("data", "data", "data", "data", "text", "text", "text", "bytes", "large")))
    if kind == "data":
        import tomllib

        # One change where it may be a change for something that is valid too; more at once are seldom valid.
        data = draw(mutated(tomllib.loads(EXAM), draw(st.sampled_from((1, 1, 2, 3)))))
        rows = data.items() if isinstance(data, dict) else [("title", data)]
        content = "".join(f"{_quoted(str(key))} = {toml(value)}\n" for key, value in rows).encode(errors="replace")
    elif kind == "text":
        content = draw(spoilt(EXAM)).encode(errors="replace")
    elif kind == "bytes":
        content = draw(st.one_of(st.binary(max_size=300), mangled(EXAM.encode())))
    else:
        unit = draw(st.sampled_from(("[", "a.", "9", "x = 1\n", "# \n", '"', "'''", "[[section]]\n", EXAM, "é", "\r")))
        content = (draw(st.sampled_from(("", "a = ", "a = [", SMALL))) + unit * draw(st.integers(1, 300_000))).encode()
        # What is larger is refused by its size: there is nothing to be learnt from still more of it.
        content = content[:1_100_000]
    return Case({"exam.toml": content}, (*BUILD, "--format", draw(st.sampled_from(("json", "pdf")))))


HEADERS = (("ID ", "Name"), ("name", "id"), ("id",), ("id", "id"), ("x", "y"), ())


@st.composite
def rosters(draw: st.DrawFn) -> Case:
    """Rosters with ids that are paths, device names, formulas, equal up to capitals; broken quotes, other encodings."""
    ids: st.SearchStrategy[str] = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,9}[A-Za-z0-9]", fullmatch=True)
    names: st.SearchStrategy[str] = st.one_of(st.sampled_from(TEXTS), st.text(max_size=20))
    if (kind := draw(st.sampled_from(("names", "names", "ids", "spoilt", "bytes")))) == "ids":
        ids = st.one_of(ids, st.sampled_from(TEXTS), st.text(max_size=8))
    elif kind == "names":
        # Names with something in them that no roster may have are refused; these are printed.
        names = st.one_of(names, st.text(st.characters(exclude_categories=("C", "Z")), max_size=40))
    header = draw(st.one_of(st.just(("id", "name")), st.just(("id", "name")), st.sampled_from(HEADERS)))
    rows = draw(st.lists(st.tuples(ids, names), min_size=1, max_size=4))
    out = io.StringIO(newline="")
    end = draw(st.sampled_from(("\n", "\r\n")))
    csv.writer(out, delimiter=draw(st.sampled_from(",;\t")), lineterminator=end).writerows([header, *rows])
    text = out.getvalue()
    if kind == "spoilt":
        text = draw(spoilt(text))
    content = text.encode(draw(st.sampled_from(("utf-8", "utf-8-sig"))), errors="replace")
    if kind == "bytes":
        content = draw(mangled(content))
    return Case({"exam.toml": SMALL.encode(), "roster.csv": content}, (*BUILD, "--roster", "roster.csv"))


@lru_cache(maxsize=1)
def _records() -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Slug, level and all parameters of one instance of every type at every level."""
    return tuple(
        (kind.slug, level, make_instance(kind, f"hostile/{level}", level).parameters)
        for kind in load_registry()
        for level in LEVELS
    )


@st.composite
def pins(draw: st.DrawFn) -> Case:
    """Pinned parameters of every exercise type: those of a real instance, with something in them changed."""
    slug, level, record = draw(st.sampled_from(_records()))
    names = draw(st.sets(st.sampled_from(sorted(record)), min_size=1))
    chosen: dict[str, Any] = {name: record[name] for name in sorted(names)}
    victim = draw(st.sampled_from(sorted(chosen)))
    strategies = {"near": nudged(record[victim]), "mutated": mutated(record[victim]), "wild": values}
    chosen[victim] = draw(strategies[draw(st.sampled_from(("near", "near", "mutated", "wild")))])
    if draw(st.integers(0, 2)) == 0:
        data = {"title": "T", "seed": 7, "level": level, "section": [{"question": [{"exercise": slug, "set": chosen}]}]}
        text = "".join(f"{key} = {toml(value)}\n" for key, value in data.items())
        return Case({"exam.toml": text.encode(errors="replace")}, (*BUILD, "--format", "json"))
    settings = [f"--set={name}={_setting(value)}" for name, value in chosen.items()]
    form = draw(st.sampled_from(("text", "text", "text", "json", "pdf")))
    return Case({}, ("show", slug, "--level", level, f"--format={form}", *settings))


def _setting(value: object) -> str:
    # What a shell passes on has no NUL in it.
    return (value if isinstance(value, str) else json.dumps(value)).replace("\0", "")


@lru_cache(maxsize=1)
def _built() -> Mapping[str, bytes]:
    """The files of a finished build of the small exam."""
    from tempfile import TemporaryDirectory

    exam = parse_exam(SMALL, "exam.toml")
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        build(BuildPlan(exam, numbered_variants(exam, 2), out, ("pdf", "json")))
        return {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
        }


ANSWERS = (("1/0", 1.0), ("1e99999999", 1.0), ("x", 10**400), ("\ud800", None), ([[["1"]]], 1.0), ("nan", 1e308))
"""Answers, exact and in decimals, that no instance has."""

STRANGERS = (
    "x",
    "keys.pdf",
    "keys/03.pdf",
    "records/03.json",
    "unfinished/build.json",
    "unfinished/variants/01.json",
    "unfinished/01.pdf.1.part",
)


@st.composite
def folders(draw: st.DrawFn) -> Case:
    """Folders of a finished build in which something was changed, given to verify or to a further build."""
    files = {"exam.toml": SMALL.encode(), **_built()}
    manifest = "out/manifest.json"
    kind = draw(st.sampled_from(("data", "data", "answer", "text", "bytes", "gone", "more")))
    if kind == "answer":
        data = json.loads(files[manifest])
        exact, decimal = draw(st.sampled_from(ANSWERS))
        data["variants"][0]["questions"][0]["parts"][0]["answer"] |= {"exact": exact, "decimal": decimal}
        files[manifest] = json.dumps(data).encode()
    elif kind == "data":
        files[manifest] = json.dumps(draw(mutated(json.loads(files[manifest])))).encode()
    elif kind == "text":
        files[manifest] = draw(spoilt(files[manifest].decode())).encode(errors="replace")
    else:
        name = draw(st.sampled_from(sorted(_built())))
        if kind == "gone":
            del files[name]
        elif kind == "bytes":
            files[name] = draw(mangled(files[name]))
        else:
            files[f"out/{draw(st.sampled_from(STRANGERS))}"] = files[name]
    verify = draw(st.booleans())
    return Case(
        files, ("verify", "out", "--jobs", "1") if verify else (*BUILD, "--variants", "2", "--format", "pdf,json")
    )


OPTIONS = ("--seed", "--count", "--level", "--set", "--part", "--format", "--topic", "--json", "--draws", "--variants")
WORDS = ("show", "list", "check", "build", "verify", "convolution/conv2d", "exam.toml", "easy", "json", "1", "-1", "a")


@st.composite
def commands(draw: st.DrawFn) -> Case:
    """Command lines of words that belong there and words that do not."""
    first = draw(st.sampled_from(("show", "list", "build", "verify", "completion", "")))
    word = st.one_of(st.sampled_from(OPTIONS), st.sampled_from(WORDS), st.sampled_from(CODE), st.sampled_from(TEXTS))
    rest = [text.replace("\0", "")[:3000] for text in draw(st.lists(word, max_size=5))]
    # One draw of a thousand instances is slow, not hostile.
    rest = [text for text in rest if text not in ("--count", "--draws", "-o") and "draws" not in text]
    return Case({"exam.toml": SMALL.encode()}, (first, *rest))


TARGETS: dict[str, Callable[[], st.SearchStrategy[Case]]] = {
    "exam files": exams,
    "rosters": rosters,
    "pinned values": pins,
    "packs": lambda: packs().map(lambda made: Case(*made)),
    "output folders": folders,
    "command lines": commands,
}
"""The strategies by name of what they attack."""
