import pytest

from generator.document.tree import Code, Emphasis, GridSpace, LineBreak, Mark, Math, Strong, Table, Text, plain


def test_plain_reads_inline_content_in_order() -> None:
    inlines = (Text("a "), Strong((Emphasis((Code("b"),)), Math("x^2"))), LineBreak(), Mark("1 mark"))
    assert "".join(plain(inlines)) == "a bx^2 1 mark"


def test_a_table_is_rectangular() -> None:
    with pytest.raises(ValueError, match="as long as its header"):
        Table(((Text("a"),),), (((), ()),), ("left",))
    with pytest.raises(ValueError, match="as long as its header"):
        Table((), (), ())


def test_a_grid_has_cells() -> None:
    with pytest.raises(ValueError, match="0 × 3"):
        GridSpace(0, 3)
