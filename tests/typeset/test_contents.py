"""Tables of contents, the outline of the file, and sheets without a code."""

from __future__ import annotations

import io
from itertools import pairwise

import pypdf
import pytest
from pypdf.generic import Destination

from generator.document.tree import Contents, Landmark, PageBreak, Paragraph, Question, Section, Sheet, Text
from generator.typeset import typeset
from generator.typeset.boxes import Link, Placed, QrCode, Run
from generator.typeset.layout import LaidOutPage, layout_sheet
from generator.typeset.style import SIDE
from tests.typeset.conftest import MakeSheet

TOPIC = Landmark("convolution", 0, "Convolution")
FIRST = Landmark("convolution/conv2d", 1, "Output of a layer")
LONG = Landmark(
    "convolution/other", 1, "Another exercise, with a title that is " + "much " * 20 + "too long for a line"
)
SECOND = Landmark("layers", 0, "Layers")


def question(landmark: Landmark) -> Question:
    return Question("1", landmark.title, "2 points", (Paragraph((Text("Compute."),)),), landmark)


def book(make_sheet: MakeSheet, code: str = "") -> Sheet:
    return make_sheet(
        Contents((TOPIC, FIRST, LONG, SECOND)),
        PageBreak(), Section(TOPIC.title, TOPIC), question(FIRST),
        PageBreak(), PageBreak(), Paragraph((Text("Between."),)),
        PageBreak(), question(LONG), Section(SECOND.title, SECOND), question(Landmark("x", 1, "Not listed")),
        code=code,
    )  # fmt: skip


def runs(page: LaidOutPage, text: str) -> list[Placed]:
    return [placed for placed in page.ink if isinstance(placed.ink, Run) and placed.ink.text == text]


def test_contents_name_the_pages_at_the_right_margin(make_sheet: MakeSheet) -> None:
    first = layout_sheet(book(make_sheet))[0]
    assert [len(runs(first, number)) for number in ("1", "2", "3", "4")] == [0, 2, 0, 2]
    for placed in (*runs(first, "2"), *runs(first, "4")):
        assert placed.x + placed.ink.width == pytest.approx(first.width - SIDE)
    (title,) = runs(first, FIRST.title)
    assert title.y == runs(first, "2")[1].y


def test_leaders_run_from_title_to_number_and_stand_below_each_other(make_sheet: MakeSheet) -> None:
    first = layout_sheet(book(make_sheet))[0]
    (title,) = runs(first, FIRST.title)
    number = runs(first, "2")[1]
    dots = [placed for placed in runs(first, ".") if placed.y == title.y]
    assert len(dots) > 20
    assert title.x + title.ink.width < dots[0].x
    assert dots[-1].x + dots[-1].ink.width < number.x
    last = {round(max(p.x for p in runs(first, ".") if p.y == y), 6) for y in {p.y for p in runs(first, ".")}}
    assert len(last) == 1


def test_links_cover_their_lines(make_sheet: MakeSheet) -> None:
    first = layout_sheet(book(make_sheet))[0]
    links = [placed for placed in first.ink if isinstance(placed.ink, Link)]
    assert [link.ink.name for link in links if isinstance(link.ink, Link)] == [
        TOPIC.name, FIRST.name, LONG.name, SECOND.name,
    ]  # fmt: skip
    (title,) = runs(first, FIRST.title)
    assert links[1].x <= title.x
    assert links[1].y < title.y < links[1].y + links[1].ink.height
    for above, below in pairwise(links):
        assert below.y + below.ink.height <= above.y + 1e-6


def test_the_outline_has_the_landmarks_and_their_pages(make_sheet: MakeSheet) -> None:
    stream = io.BytesIO()
    typeset([book(make_sheet)], stream)
    reader = pypdf.PdfReader(stream)
    found = []

    def walk(entries: object, level: int) -> None:
        assert isinstance(entries, list)
        for entry in entries:
            if isinstance(entry, Destination):
                found.append((level, entry.title, reader.get_destination_page_number(entry)))
            else:
                walk(entry, level + 1)

    walk(reader.outline, 0)
    assert found == [
        (0, TOPIC.title, 1), (1, FIRST.title, 1), (1, LONG.title, 3), (0, SECOND.title, 3), (1, "Not listed", 3),
    ]  # fmt: skip
    links = [link.get_object() for link in reader.pages[0].annotations or ()]
    assert [reader.get_page_number(link["/Dest"][0].get_object()) for link in links] == [1, 1, 3, 3]


def test_a_sheet_without_landmarks_has_no_outline(make_sheet: MakeSheet) -> None:
    stream = io.BytesIO()
    typeset([make_sheet(Section("Convolution"))], stream)
    assert pypdf.PdfReader(stream).outline == []


def test_a_landmark_that_is_on_no_page_cannot_be_listed(make_sheet: MakeSheet) -> None:
    with pytest.raises(ValueError, match="'layers' is on no page"):
        layout_sheet(make_sheet(Contents((SECOND,))))


def test_a_sheet_without_code_has_a_head_without_one(make_sheet: MakeSheet) -> None:
    (with_code,) = layout_sheet(make_sheet(Section("Convolution")))
    (without,) = layout_sheet(make_sheet(Section("Convolution"), code=""))
    assert any(isinstance(placed.ink, QrCode) for placed in with_code.ink)
    assert not any(isinstance(placed.ink, QrCode) for placed in without.ink)
    assert runs(without, "Midterm")
