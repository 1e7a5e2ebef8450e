"""Where things stand on the laid-out page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.document.markdown import read_markdown
from generator.document.tree import (
    AnswerBox,
    BlankBox,
    Block,
    Boxes,
    BulletList,
    Code,
    DisplayMath,
    Emphasis,
    Field,
    FigureBlock,
    GridSpace,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Lines,
    Listing,
    Mark,
    Math,
    PageBreak,
    Paper,
    Paragraph,
    Part,
    PointsTable,
    Question,
    Section,
    Solution,
    Strong,
    Table,
    Text,
)
from generator.figure import Figure
from generator.typeset.boxes import Picture, Placed, Rule, Run
from generator.typeset.error import GlyphError, WideFormulaError, WideTableError
from generator.typeset.formula import Formula, FormulaError
from generator.typeset.formula.spacing import Kind
from generator.typeset.layout import LaidOutPage, layout_sheet
from generator.typeset.style import BOTTOM, PAPERS, SIDE, TOP
from tests.typeset.conftest import MakeSheet

LOOSE = 0.5  # a rule may stand on the edge itself


def texts(page: LaidOutPage) -> list[str]:
    return [placed.ink.text for placed in page.ink if isinstance(placed.ink, Run)]


def find(page: LaidOutPage, text: str) -> Placed:
    return next(p for p in page.ink if isinstance(p.ink, Run) and p.ink.text.startswith(text))


def assert_within_frame(page: LaidOutPage) -> None:
    for placed in page.ink:
        ink = placed.ink
        assert placed.x >= SIDE - LOOSE
        assert placed.x + ink.width <= page.width - SIDE + LOOSE, placed
        in_text = placed.y - ink.depth >= BOTTOM - 1.0 and placed.y + ink.height <= page.height - TOP + 1.0
        in_head = placed.y - ink.depth >= page.height - TOP and placed.y + ink.height <= page.height
        in_foot = placed.y - ink.depth >= 0 and placed.y + ink.height <= BOTTOM
        assert in_text or in_head or in_foot, placed


WORDS = st.text("abcdefghijklmnopqrstuvwxyzÄéőĳß.,;()-–’“0123456789", min_size=1, max_size=14)
LONG_WORDS = st.text("wm", min_size=80, max_size=120)
FORMULAS = st.sampled_from(
    [
        r"x",
        r"\frac{\partial \ell}{\partial \lambda}",
        r"\sum_{i=1}^N x_i^2",
        r"\begin{pmatrix} 1 & 0 \\ 2 & 1 \end{pmatrix}",
    ]
)


def inline_content(words: st.SearchStrategy[str]) -> st.SearchStrategy[Inlines]:
    sentences = st.lists(words, min_size=1, max_size=40).map(" ".join)
    inline: st.SearchStrategy[Inline] = st.one_of(
        sentences.map(lambda text: Text(text + " ")),
        sentences.map(lambda text: Strong((Text(text),))),
        sentences.map(lambda text: Emphasis((Text(text),))),
        sentences.map(Code),
        FORMULAS.map(Math),
        st.just(LineBreak()),
        st.just(Mark("2 marks")),
    )
    return st.lists(inline, min_size=1, max_size=12).map(tuple)


INLINES = inline_content(st.one_of(WORDS, LONG_WORDS))
CELLS = inline_content(WORDS)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    INLINES.map(Paragraph),
    INLINES.map(lambda inlines: Heading(2, inlines)),
    FORMULAS.map(lambda tex: DisplayMath(tex, "1 mark")),
    st.lists(st.text("abc de\t", max_size=150), max_size=4).map(lambda lines: Listing("\n".join(lines))),
    st.builds(lambda left, right: Table((left, right), ((right, left),), ("left", "right")), CELLS, CELLS),
    st.integers(1, 40).map(Lines),
    st.builds(GridSpace, st.integers(1, 30), st.integers(1, 30)),
    st.floats(1, 900).map(BlankBox),
    st.lists(FORMULAS.map(lambda tex: (Math(tex),)), min_size=1, max_size=8).map(lambda names: Boxes(tuple(names))),
    st.builds(
        lambda width, height: FigureBlock(Figure(width, height, (), "a box"), (Text("A box."),)),
        st.floats(10, 900),
        st.floats(10, 900),
    ),
)
BLOCKS = st.lists(BLOCK, max_size=4).map(tuple)
NESTED = st.one_of(
    BLOCK,
    BLOCKS.map(AnswerBox),
    BLOCKS.map(lambda blocks: Solution("Solution", blocks)),
    st.lists(BLOCKS, min_size=1, max_size=3).map(lambda items: BulletList(tuple(items))),
    st.builds(Part, st.just("(a)"), st.just("2 points"), BLOCKS),
)


@settings(max_examples=60)
@given(st.lists(NESTED, max_size=5), st.sampled_from(["a4", "letter"]))
def test_nothing_leaves_the_frame(make_sheet: MakeSheet, blocks: list[Block], paper: Paper) -> None:
    sheet = make_sheet(Question("1", "Title", "12 points", tuple(blocks)), paper=paper, badge="Answer key")
    try:
        pages = layout_sheet(sheet)
    except WideTableError:
        return  # said so, rather than printed
    for page in pages:
        assert (page.width, page.height) == PAPERS[paper]
        assert_within_frame(page)


def test_lines_of_a_justified_paragraph_end_at_the_margin(make_sheet: MakeSheet) -> None:
    words = "The estimator that makes the observed sample most probable is found where the derivative vanishes. " * 4
    (page,) = layout_sheet(make_sheet(Paragraph((Text(words),))))
    lines = [p for p in page.ink if isinstance(p.ink, Run) and p.ink.spacing != 0.0]
    assert len(lines) == 3
    for line in lines:
        assert line.x + line.ink.width == pytest.approx(page.width - SIDE, abs=0.01)


def test_a_part_has_its_label_hanging_and_its_points_at_the_margin(make_sheet: MakeSheet) -> None:
    (page,) = layout_sheet(make_sheet(Part("(a)", "4 points", (Paragraph((Text("Derive it."),)),))))
    label, text, points = find(page, "(a)"), find(page, "Derive"), find(page, "[4 points]")
    assert label.y == text.y == points.y
    assert label.x == SIDE < text.x
    assert points.x + points.ink.width == pytest.approx(page.width - SIDE)


def test_points_move_to_a_line_of_their_own_where_the_last_is_full(make_sheet: MakeSheet) -> None:
    for length in range(60, 110):
        text = ("abcde fghi " * 12)[:length]
        (page,) = layout_sheet(make_sheet(Part("(a)", "4 points", (Paragraph((Text(text),)),))))
        points = find(page, "[4 points]")
        assert points.x + points.ink.width == pytest.approx(page.width - SIDE)
        beside = [p for p in page.ink if isinstance(p.ink, Run) and p.y == points.y and p.x < points.x]
        assert all(p.x + p.ink.width < points.x - 10 for p in beside)


def test_marks_stand_at_the_right_margin_of_their_line(make_sheet: MakeSheet) -> None:
    blocks = read_markdown("First step. [1 mark](#mark)\n\n$$x = 1$$ [2 marks](#mark)", {})
    (page,) = layout_sheet(make_sheet(Solution("Solution", blocks)))
    for text in ("1 mark", "2 marks"):
        mark = find(page, text)
        assert mark.x + mark.ink.width == pytest.approx(page.width - SIDE)
    assert find(page, "1 mark").y == find(page, "First").y
    formula = next(p for p in page.ink if isinstance(p.ink, Formula))
    assert find(page, "2 marks").y == formula.y


def test_a_mark_stays_with_the_word_before_it(make_sheet: MakeSheet) -> None:
    for length in range(70, 110):
        text = ("abcde fghi " * 12)[:length] + "z"
        (page,) = layout_sheet(make_sheet(Paragraph((Text(text + " "), Mark("1 mark")))))
        last = [p for p in page.ink if isinstance(p.ink, Run) and p.ink.text.endswith("z")][-1]
        assert find(page, "1 mark").y == last.y


def test_a_heading_is_never_the_last_on_a_page(make_sheet: MakeSheet) -> None:
    for filler in range(10, 50):
        blocks = [
            *(Paragraph((Text("text"),)) for _ in range(filler)),
            Section("Section"),
            Question("1", "Question", "2 points", (Part("(a)", "", (Paragraph((Text("Part text"),)),)),)),
        ]
        pages = layout_sheet(make_sheet(*blocks))
        for page in pages:
            words = texts(page)
            if "Section" in words:
                assert "Part text" in words


def test_a_figure_stays_with_its_caption(make_sheet: MakeSheet) -> None:
    figure = FigureBlock(Figure(100.0, 90.0, (), "a box"), (Text("Caption"),))
    for filler in range(10, 50):
        pages = layout_sheet(make_sheet(*(Paragraph((Text("text"),)) for _ in range(filler)), figure))
        for page in pages:
            assert ("Caption" in texts(page)) == any(isinstance(p.ink, Picture) for p in page.ink)


def test_a_long_derivation_goes_on_over_the_page(make_sheet: MakeSheet) -> None:
    rows = r"\\".join(rf"a_{{{n}}} &= \sum_{{k=1}}^{{{n}}} k" for n in range(40))
    pages = layout_sheet(make_sheet(DisplayMath(rf"\begin{{aligned}} {rows} \end{{aligned}}")))
    counts = [sum(isinstance(p.ink, Formula) for p in page.ink) for page in pages]
    assert len(counts) > 1
    assert sum(counts) == 40
    lefts = {round(p.x, 6) for page in pages for p in page.ink if isinstance(p.ink, Formula)}
    assert len(lefts) == 1
    for page in pages:
        assert_within_frame(page)


def test_a_formula_too_wide_is_broken_at_a_relation(make_sheet: MakeSheet) -> None:
    tex = "S = " + " = ".join(f"a_{{{n}}} + b_{{{n}}} + c_{{{n}}}" for n in range(12))
    (page,) = layout_sheet(make_sheet(DisplayMath(tex)))
    assert sum(isinstance(p.ink, Formula) for p in page.ink) > 1
    assert_within_frame(page)


@pytest.mark.parametrize("block", [DisplayMath("x" * 120), Paragraph((Text("So "), Math("x" * 120)))])
def test_a_formula_that_cannot_be_broken_is_named(make_sheet: MakeSheet, block: Block) -> None:
    with pytest.raises(WideFormulaError, match="xxxx"):
        layout_sheet(make_sheet(block))


@pytest.mark.parametrize("block", [DisplayMath(r"\nonsense"), Paragraph((Math(r"\nonsense"),))])
def test_a_formula_that_is_none_is_named(make_sheet: MakeSheet, block: Block) -> None:
    with pytest.raises(FormulaError, match="nonsense"):
        layout_sheet(make_sheet(block))


def test_a_table_that_does_not_fit_is_named(make_sheet: MakeSheet) -> None:
    header = tuple((Text(f"incomprehensibility{n}"),) for n in range(9))
    with pytest.raises(WideTableError, match="incomprehensibility0"):
        layout_sheet(make_sheet(Table(header, (), ("left",) * 9)))


def test_a_letter_that_no_font_has_is_named(make_sheet: MakeSheet) -> None:
    with pytest.raises(GlyphError, match=r"U\+674E"):
        layout_sheet(make_sheet(Paragraph((Text("李"),))))


def test_letters_are_lent_by_other_faces(make_sheet: MakeSheet) -> None:
    (page,) = layout_sheet(make_sheet(Paragraph((Text("go ✓ on"),))))
    lent = find(page, "✓")
    assert isinstance(lent.ink, Run)
    assert lent.ink.font == "Math"


def test_the_page_head_gives_way_to_what_stands_beside_it(make_sheet: MakeSheet) -> None:
    (page,) = layout_sheet(replace(make_sheet(badge="Answer key"), running_title="word " * 60))
    title = find(page, "word")
    assert isinstance(title.ink, Run)
    assert title.ink.text.endswith("…")
    badge = next(p for p in page.ink if isinstance(p.ink, Run) and p.ink.text == "Answer key" and p.y == title.y)
    assert title.x + title.ink.width < badge.x


def test_every_page_tells_a_key_from_a_question_sheet(make_sheet: MakeSheet) -> None:
    blocks = [Lines(60)]
    for page in layout_sheet(make_sheet(*blocks, badge="Answer key")):
        assert "Answer key" in texts(page)
    for page in layout_sheet(make_sheet(*blocks)):
        assert "Answer key" not in texts(page)


def test_a_points_table_for_many_questions_is_folded(make_sheet: MakeSheet) -> None:
    table = PointsTable(tuple((str(n), "2") for n in range(1, 31)), "60")
    (page,) = layout_sheet(make_sheet(table))
    assert_within_frame(page)
    assert texts(page).count("Question") > 1
    assert "60" in texts(page)


def test_grids_have_as_many_rules_as_cells_need(make_sheet: MakeSheet) -> None:
    bare = layout_sheet(make_sheet())[0].ink
    (page,) = layout_sheet(make_sheet(GridSpace(3, 5)))
    rules = [p for p in page.ink if isinstance(p.ink, Rule) and p not in bare]
    assert len(rules) == (3 + 1) + (5 + 1)


def test_long_program_lines_go_on_behind_an_arrow(make_sheet: MakeSheet) -> None:
    code = "x = 1\n" + "value = " + "function(argument) + " * 8 + "1"
    (page,) = layout_sheet(make_sheet(Listing(code)))
    mono = [p.ink.text for p in page.ink if isinstance(p.ink, Run) and p.ink.font == "Mono" and p.y < page.height - TOP]
    assert texts(page).count("↪") == len(mono) - 2 >= 1
    assert "".join(mono) == code.replace("\n", "")


def test_the_right_option_is_ticked_in_a_key_only(make_sheet: MakeSheet) -> None:
    def ticked(text: str) -> list[float]:
        (page,) = layout_sheet(make_sheet(*read_markdown(text, {})))
        ticks = [p.y for p in page.ink if isinstance(p.ink, Run) and p.ink.text == "✓"]
        assert all(y == find(page, "falls").y for y in ticks)
        return ticks

    assert len(ticked("- [ ] rises\n- [x] falls")) == 1
    assert ticked("- [ ] rises\n- [ ] falls") == []


def test_an_answer_is_framed_as_closely_as_it_needs(make_sheet: MakeSheet) -> None:
    (page,) = layout_sheet(make_sheet(AnswerBox((DisplayMath("x = 1"),))))
    formula = next(p for p in page.ink if isinstance(p.ink, Formula))
    bars = [p for p in page.ink if isinstance(p.ink, Rule) and p.ink.width < 2 < p.ink.height and p.y < formula.y + 10]
    left, right = min(p.x for p in bars), max(p.x + p.ink.width for p in bars)
    assert left == pytest.approx(SIDE)
    assert left < formula.x < formula.x + formula.ink.width < right < SIDE + formula.ink.width + 20


def test_a_prompt_stays_with_the_beginning_of_its_solution(make_sheet: MakeSheet) -> None:
    solution = Solution("Solution", (Paragraph((Text("Because."),)),))
    part = Part("(a)", "2 points", (Paragraph((Text("Why?"),)), solution))
    for filler in range(10, 50):
        for page in layout_sheet(make_sheet(*(Paragraph((Text("text"),)) for _ in range(filler)), part)):
            words = texts(page)
            assert ("Why?" in words) == ("Because." in words)


def test_long_names_get_a_line_of_their_own(make_sheet: MakeSheet) -> None:
    sheet = make_sheet()
    name = "Maximiliane-Theodora von und zu Hohenlohe-Langenburg-Weikersheim"
    student = (Field("Name", name), Field("Student number", None))
    (page,) = layout_sheet(replace(sheet, title=replace(sheet.title, student=student)))
    assert find(page, "Student number").x == pytest.approx(SIDE)
    assert find(page, "Name").y > find(page, "Student number").y
    assert_within_frame(page)


def test_nested_lists_hang(make_sheet: MakeSheet) -> None:
    (page,) = layout_sheet(make_sheet(*read_markdown("1. one\n2. two\n   - inner", {})))
    assert find(page, "1.").x + find(page, "1.").ink.width == find(page, "2.").x + find(page, "2.").ink.width
    assert find(page, "one").x < find(page, "•").x < find(page, "inner").x
    assert find(page, "•").y == find(page, "inner").y


def test_a_page_break_below_a_heading_takes_it_along(make_sheet: MakeSheet) -> None:
    blocks = (Paragraph((Text("before"),)), Section("Section"), PageBreak(), Question("1", "Question", "", ()))
    first, second = layout_sheet(make_sheet(*blocks))
    assert "Section" not in texts(first)
    assert {"Section", "1.\u2002Question"} <= set(texts(second))


def test_few_ruled_lines_are_never_left_alone(make_sheet: MakeSheet) -> None:
    for filler in range(5, 45):
        part = Part("(a)", "", (Paragraph((Text("Why?"),)), Lines(9)))
        pages = layout_sheet(make_sheet(*(Paragraph((Text("text"),)) for _ in range(filler)), part))
        counts = [sum(isinstance(p.ink, Rule) and p.ink.grey > 0 for p in page.ink) for page in pages]
        assert 7 <= sum(counts) <= 13  # two of them give way
        assert all(count == 0 or count >= 3 for count in counts)


def test_answer_boxes_stand_in_columns(make_sheet: MakeSheet) -> None:
    names: tuple[Inlines, ...] = tuple(
        (Math(tex),) for tex in ("r_1", r"\frac{\partial y}{\partial w_{11}}", "y", "s", "t")
    )
    (page,) = layout_sheet(make_sheet(Boxes(names)))
    bare = layout_sheet(make_sheet())[0].ink
    boxes = [p for p in page.ink if isinstance(p.ink, Rule) and p not in bare and p.ink.width > 50]
    lefts, rows = {round(p.x, 6) for p in boxes}, {p.y for p in boxes}
    assert len(lefts) == 3  # five boxes as three and two
    assert len(rows) == 2 * 2


def test_a_small_table_is_not_divided_and_a_long_one_is(make_sheet: MakeSheet) -> None:
    def table(rows: int) -> Table:
        return Table(((Text("head"),),), tuple(((Text("cell"),),) for _ in range(rows)), ("left",))

    for filler in range(15, 45):
        pages = layout_sheet(make_sheet(*(Paragraph((Text("text"),)) for _ in range(filler)), table(5)))
        assert sorted(texts(page).count("cell") for page in pages)[-1] == 5
    pages = layout_sheet(make_sheet(table(60)))
    assert [texts(page).count("head") for page in pages] == [1, 1]
    assert sum(texts(page).count("cell") for page in pages) == 60


def test_a_table_that_goes_on_has_its_head_again_and_ends_above_the_margin(make_sheet: MakeSheet) -> None:
    rows = tuple(((Text(f"cell {number}"),),) for number in range(90))
    _, *others = layout_sheet(make_sheet(Table(((Text("head"),),), rows, ("left",))))
    assert others
    for page in others:
        assert texts(page).count("head") == 1
        top = max(p.y for p in page.ink if isinstance(p.ink, Run) and p.ink.text.startswith("cell"))
        assert find(page, "head").y > top
        assert min(p.y for p in page.ink if isinstance(p.ink, Run) and p.ink.text.startswith("cell")) >= BOTTOM


def test_what_wrong_methods_give_is_not_left_alone_on_a_page(make_sheet: MakeSheet) -> None:
    slips = Table(((Text("wrong"),), (Text("gives"),)), (((Text("a"),), (Text("b"),)),), ("left", "left"))
    for filler in range(25, 45):
        worked = Solution("Solution", tuple(Paragraph((Text("step"),)) for _ in range(filler)))
        *_, last = layout_sheet(make_sheet(Part("(a)", "", (Paragraph((Text("why"),)), worked, slips))))
        assert "step" in texts(last)


@pytest.mark.parametrize("text", ["The minimum is at {0}, so that {1} holds and {2} follows from it. ", "So {0}. "])
def test_no_line_of_text_ends_in_an_equals_sign(make_sheet: MakeSheet, text: str) -> None:
    inlines: list[Inline] = []
    for number in range(60):
        formula = Math(rf"c_{{{number}}} = \tfrac{{{number}}}{{7}} + d")
        inlines += [Text("word " * (number % 7) + "and "), formula, Text(" ")]
    for page in layout_sheet(make_sheet(Paragraph(tuple(inlines)))):
        formulas = [p.ink for p in page.ink if isinstance(p.ink, Formula)]
        assert formulas
        assert all(formula._parts[-1].kind is not Kind.REL for formula in formulas)


def test_short_formulas_in_text_are_kept_whole(make_sheet: MakeSheet) -> None:
    for number in range(20):
        words = Text("word " * number + "a" * (number % 5) + " and then the value is ")
        (page,) = layout_sheet(make_sheet(Paragraph((words, Math("c_1 = -3"), Text(" as before, and so on " * 9)))))
        formulas = [p for p in page.ink if isinstance(p.ink, Formula)]
        assert len({p.y for p in formulas}) == 1


def test_fractions_of_a_boxed_answer_are_as_large_as_in_a_display(make_sheet: MakeSheet) -> None:
    tex = r"y = \frac{3}{4}"
    (boxed,) = layout_sheet(make_sheet(AnswerBox((Paragraph((Math(tex),)),))))
    (display,) = layout_sheet(make_sheet(DisplayMath(tex)))
    (text,) = layout_sheet(make_sheet(Paragraph((Math(tex),))))

    def height(page: LaidOutPage) -> float:
        return max(p.ink.height + p.ink.depth for p in page.ink if isinstance(p.ink, Formula))

    assert height(boxed) == pytest.approx(height(display), abs=1.0)
    assert height(text) < height(boxed) - 2


def test_a_wide_figure_reaches_below_the_marks(make_sheet: MakeSheet) -> None:
    words = Paragraph((Text("Because."), Mark("2 marks")))
    for width, scale in ((370.0, 1.0), (415.0, 1.0), (900.0, None)):
        figure = FigureBlock(Figure(width, 60.0, (), "a box"))
        (page,) = layout_sheet(make_sheet(Part("(a)", "", (Solution("Solution", (words, figure)),))))
        (found,) = [p.ink.scale for p in page.ink if isinstance(p.ink, Picture)]
        assert found == scale or (scale is None and found < 0.5)
        assert_within_frame(page)


def test_a_page_is_filled_although_a_figure_and_its_text_are_parted(make_sheet: MakeSheet) -> None:
    figure = FigureBlock(Figure(100.0, 270.0, (), "a box"))
    solution = Solution("Solution", (Paragraph((Text("This is the drawing."),)), figure))
    blocks = [
        *(Paragraph((Text("text"),)) for _ in range(20)),
        Part("(a)", "", (Paragraph((Text("Draw."),)), solution)),
    ]
    first, second = layout_sheet(make_sheet(*blocks))
    assert "This is the drawing." in " ".join(texts(first))
    assert any(isinstance(p.ink, Picture) for p in second.ink)


def test_a_table_of_three_rows_is_whole_and_one_of_five_has_two_on_every_page(make_sheet: MakeSheet) -> None:
    def table(rows: int) -> Table:
        return Table(
            ((Text("head"),),), tuple(((Math(r"\displaystyle \frac{c}{2}"),),) for _ in range(rows)), ("left",)
        )

    for rows in (3, 5):
        parted = False
        for filler in range(15, 38):
            text = [Paragraph((Text("text"),)) for _ in range(filler)]
            worked = Solution("Solution", tuple(text))
            pages = layout_sheet(make_sheet(Part("(a)", "", (Paragraph((Text("why"),)), worked, table(rows)))))
            counts = [sum(isinstance(p.ink, Formula) for p in page.ink) for page in pages]
            assert sum(counts) == rows
            assert all(count != 1 for count in counts)
            parted = parted or len([count for count in counts if count]) > 1
        assert parted == (rows == 5)


def test_a_boxed_answer_that_is_too_wide_with_large_fractions_is_set_smaller(make_sheet: MakeSheet) -> None:
    def boxed(terms: int) -> tuple[LaidOutPage, ...]:
        tex = rf"\frac{{{'x' * terms}}}{{y}}"
        return layout_sheet(make_sheet(AnswerBox((Paragraph((Math(tex),)),))))

    assert_within_frame(boxed(90)[0])
    with pytest.raises(WideFormulaError):
        boxed(150)
