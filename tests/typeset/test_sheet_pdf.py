"""What a reader finds in the printed file."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from generator.document.markdown import read_markdown
from generator.document.tree import (
    Lines,
    PageBreak,
    Paragraph,
    Part,
    PointsTable,
    Question,
    Section,
    Sheet,
    Text,
)
from generator.typeset import typeset
from generator.typeset.formula import FormulaError
from tests.typeset.conftest import MakeSheet


def printed(*sheets: Sheet) -> pypdf.PdfReader:
    stream = io.BytesIO()
    typeset(sheets, stream)
    return pypdf.PdfReader(stream)


def words(page: pypdf.PageObject) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


QUESTION = Question(
    "1",
    "Maximum likelihood",
    "12 points",
    (
        *read_markdown("Efficient offices affix *AVAST* to **Tübingen** `np.log`; let $\\hat\\lambda > 0$.", {}),
        Part("(a)", "4 points", (Paragraph((Text("Write it down."),)), Lines(4))),
    ),
)


def test_words_come_in_reading_order_with_the_right_letters(make_sheet: MakeSheet) -> None:
    (page,) = printed(make_sheet(PointsTable((("1", "12"),), "12"), Section("Likelihood"), QUESTION)).pages
    text = words(page)
    wanted = [
        "Midterm",
        "K7QF",
        "CS 4780",
        "Machine Learning I: midterm",
        "Date 4 December 2026 · Duration 90 minutes",
        "Name Zoë Łukasz-Müller",
        "Student number",
        "Question 1 Total Points 12 12 Score",
        "Likelihood",
        "1. Maximum likelihood [12 points]",
        "Efficient offices affix AVAST to Tübingen np.log; let",
        "λ",
        "> 0.",
        "(a) Write it down. [4 points]",
        "Page 1 of 1",
    ]
    places = [text.find(piece) for piece in wanted]
    assert -1 not in places, wanted[places.index(-1)] + " in " + text
    assert places == sorted(places)


def test_every_page_has_its_number_and_the_code(make_sheet: MakeSheet) -> None:
    reader = printed(make_sheet(Lines(70)))
    assert len(reader.pages) == 3
    for number, page in enumerate(reader.pages, 1):
        assert f"Page {number} of 3" in words(page)
        assert "K7QF" in words(page)


def test_sheets_in_one_file_count_their_own_pages_and_begin_on_the_right(make_sheet: MakeSheet) -> None:
    long = make_sheet(
        Paragraph((Text("one"),)), PageBreak(), Paragraph((Text("two"),)), PageBreak(), Lines(1), code="A1"
    )
    reader = printed(long, make_sheet(code="B2"), make_sheet(code="C3"))
    texts = [words(page) for page in reader.pages]
    assert [("Page 1 of 3" in t, "Page 1 of 1" in t, t.strip() == "") for t in texts] == [
        (True, False, False),
        (False, False, False),
        (False, False, False),
        (False, False, True),
        (False, True, False),
        (False, False, True),
        (False, True, False),
    ]
    assert "B2" in texts[4]
    assert "A1" not in texts[4]


def test_same_sheet_same_bytes(make_sheet: MakeSheet, tmp_path: Path) -> None:
    stream = io.BytesIO()
    typeset([make_sheet(QUESTION)], stream)
    typeset([make_sheet(QUESTION, code="X")], io.BytesIO())
    typeset([make_sheet(QUESTION)], tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes() == stream.getvalue()


def test_metadata_name_the_document_and_its_language(make_sheet: MakeSheet) -> None:
    reader = printed(make_sheet(language="de-CH", badge="Answer key"))
    assert reader.metadata is not None
    assert reader.metadata.title == "Midterm – Answer key – K7QF"
    assert reader.metadata.author == "Department"
    assert reader.metadata.subject == "Exam"
    root: Any = reader.root_object
    assert root["/Lang"] == "de-CH"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@pytest.mark.parametrize(("paper", "size"), [("a4", (595.276, 841.89)), ("letter", (612.0, 792.0))])
def test_paper(make_sheet: MakeSheet, paper: str, size: tuple[float, float]) -> None:
    (page,) = printed(make_sheet(QUESTION, paper=paper)).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=0.01)


def test_every_font_is_embedded(make_sheet: MakeSheet) -> None:
    (page,) = printed(make_sheet(QUESTION)).pages
    resources: Any = page["/Resources"]
    fonts = resources["/Font"]
    assert len(fonts) >= 4
    for font in fonts.values():
        assert "/FontFile2" in font["/FontDescriptor"]


def test_a_question_sheet_holds_nothing_that_is_not_shown(make_sheet: MakeSheet) -> None:
    reader = printed(make_sheet(QUESTION))
    assert set(reader.root_object) == {"/Type", "/Pages", "/PageMode", "/Lang", "/ViewerPreferences"}
    assert reader.attachments == {}
    for page in reader.pages:
        assert "/Annots" not in page


def test_nothing_is_written_when_a_sheet_cannot_be_set(make_sheet: MakeSheet, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    with pytest.raises(FormulaError):
        typeset([make_sheet(*read_markdown(r"$\nonsense$", {}))], path)
    assert not path.exists()


def test_no_sheet_is_an_error() -> None:
    with pytest.raises(ValueError, match="no sheet"):
        typeset([], io.BytesIO())


def test_stretched_word_spaces_do_not_reach_into_formulas(make_sheet: MakeSheet) -> None:
    text = (
        "The estimator that makes the observed sample most probable, $\\text{if and only if}$ it exists, unique. " * 5
    )
    (page,) = printed(make_sheet(*read_markdown(text, {}))).pages
    contents = page.get_contents()
    assert contents is not None
    texts = re.findall(rb"BT(.*?)ET", contents.get_data(), re.DOTALL)
    spaced = [re.findall(rb"(\S+) Tw", piece) for piece in texts if b" Tw" in piece]
    assert sum(float(values[0]) != 0 for values in spaced) >= 4
    assert all(float(values[-1]) == 0 for values in spaced)
