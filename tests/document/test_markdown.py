import pickle

import pytest

from generator.document.error import DocumentError
from generator.document.markdown import read_markdown
from generator.document.tree import (
    AnswerBox,
    Blocks,
    BulletList,
    Choice,
    Choices,
    Code,
    DisplayMath,
    Emphasis,
    FigureBlock,
    Heading,
    LineBreak,
    Listing,
    Mark,
    Math,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    Text,
)
from generator.figure import Figure

NET = Figure(30.0, 20.0, (), "a network of two units")


def read(text: str) -> Blocks:
    return read_markdown(text, {"net": NET})


def test_inline_content() -> None:
    (paragraph,) = read("Let *x* be **bold $a_1$** and `np.log`, so $x < 1$.")
    assert paragraph == Paragraph(
        (
            Text("Let "),
            Emphasis((Text("x"),)),
            Text(" be "),
            Strong((Text("bold "), Math("a_1"))),
            Text(" and "),
            Code("np.log"),
            Text(", so "),
            Math("x < 1"),
            Text("."),
        )
    )


def test_lines_run_on_and_break_where_asked() -> None:
    assert read("one\ntwo  \nthree") == (Paragraph((Text("one two"), LineBreak(), Text("three"))),)


def test_quotes_become_curly_but_labels_stay() -> None:
    assert read("""(c) the "mode" isn't it""") == (Paragraph((Text("(c) the “mode” isn’t it"),)),)


def test_html_is_text() -> None:
    assert read("a <b>c</b> & d") == (Paragraph((Text("a <b>c</b> & d"),)),)
    assert read("<div>x</div>") == (Paragraph((Text("<div>x</div>"),)),)


def test_what_is_indented_is_text() -> None:
    assert read("    four spaces") == (Paragraph((Text("four spaces"),)),)


def test_a_reference_definition_does_not_vanish() -> None:
    assert read("[a]: b") == (Paragraph((Text("[a]: b"),)),)


def test_tex_is_kept_as_written() -> None:
    tex = r"\begin{aligned} a &= b_1 * c_1 \\ &= \{ d \} \end{aligned}"
    assert read(f"$$\n{tex}\n$$") == (DisplayMath(tex),)
    assert read(r"$a_1 * b_1 * \{c\}$") == (Paragraph((Math(r"a_1 * b_1 * \{c\}"),)),)


def test_a_display_formula_ends_a_paragraph_and_its_lines_are_no_list() -> None:
    text = "Then\n$$\na\n- b\n+ c\n= d\n$$\nholds."
    assert read(text) == (Paragraph((Text("Then"),)), DisplayMath("a\n- b\n+ c\n= d"), Paragraph((Text("holds."),)))


@pytest.mark.parametrize("text", ["$$x$$ [2 marks](#mark)", "$$\nx\n$$\n[2 marks](#mark)", "$$x$$\n\n[2 marks](#mark)"])
def test_marks_after_a_display_formula_belong_to_it(text: str) -> None:
    assert read(text) == (DisplayMath("x", "2 marks"),)


def test_marks_in_a_line() -> None:
    assert read("So. [1 mark](#mark)") == (Paragraph((Text("So. "), Mark("1 mark"))),)


def test_figures_stand_alone() -> None:
    assert read("![The net $N$](figure:net)") == (FigureBlock(NET, (Text("The net "), Math("N"))),)


def test_lists() -> None:
    assert read("- a\n- b\n\n3. c\n4. d") == (
        BulletList(((Paragraph((Text("a"),)),), (Paragraph((Text("b"),)),))),
        NumberedList(((Paragraph((Text("c"),)),), (Paragraph((Text("d"),)),)), start=3),
    )


def test_options_to_tick() -> None:
    assert read("- [ ] it grows\n- [x] $x$ falls\n- [ ] $y$") == (
        Choices(
            (
                Choice((Text("it grows"),)),
                Choice((Math("x"), Text(" falls")), right=True),
                Choice((Math("y"),)),
            )
        ),
    )


def test_boxed_answers() -> None:
    assert read("> $$x$$") == (AnswerBox((DisplayMath("x"),)),)


def test_tables_and_where_they_are_filled_in() -> None:
    (table,) = read("| n | $v$ |\n|:-:|--:|\n| a | $1$ |")
    assert table == Table(((Text("n"),), (Math("v"),)), (((Text("a"),), (Math("1"),)),), ("center", "right"))
    (table,) = read("| n | v |\n|---|---|\n| a | |")
    assert isinstance(table, Table)
    assert table.to_fill
    assert table.alignments == ("left", "left")


def test_listings_and_headings() -> None:
    assert read("```python\na = 1\n\n  b\n```") == (Listing("a = 1\n\n  b"),)
    assert read("## Step $1$") == (Heading(2, (Text("Step "), Math("1"))),)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("one\n\n[site](http://example.org)", 3, "links"),
        ("one\ntwo ![x](figure:net)", 2, "alone"),
        ("\n![x](figure:nett)", 2, "'net'"),
        ("![x](photo.png)", 1, "figure:NAME"),
        ("a\n\n---\n", 3, "hr"),
        ("- [ ] a\n- b", 1, "every item"),
        ("- [ ] a\n\n  b\n- [ ] c", 1, "single paragraph"),
        ("it costs\n$5", 2, "dollar"),
        ("| a |\n|---|\n| $$x$$ |", 3, "lines of its own"),
    ],
)
def test_what_has_no_place_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError, match=f"line {line}: .*{words}"):
        read(text)


def test_an_escaped_dollar_is_a_dollar() -> None:
    assert read(r"it costs \$5") == (Paragraph((Text("it costs $5"),)),)


def test_the_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(DocumentError(3, "no")))
    assert (error.line, error.problem, str(error)) == (3, "no", "line 3: no")
