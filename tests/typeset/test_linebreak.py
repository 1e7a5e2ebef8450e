from hypothesis import given
from hypothesis import strategies as st

from generator.document.tree import LineBreak, Math, Text
from generator.typeset.inline import FILL, LINE_END, Item, Voice, inline_items
from generator.typeset.linebreak import break_lines, ensure_breaks

SPACE = Item(None, 3.0, 2.0, 1.0, cost=0.0, vanishes=True)


def words(*widths: float) -> list[Item]:
    items: list[Item] = []
    for width in widths:
        items += [SPACE, Item(None, width)] if items else [Item(None, width)]
    return [*items, *LINE_END]


def set_width(items: list[Item], start: int, end: int, ratio: float) -> float:
    return sum(i.width + ratio * (i.stretch if ratio > 0 else i.shrink) for i in items[start:end])


def test_text_that_fits_is_one_line() -> None:
    assert len(break_lines(words(10, 10), 23)) == 1


def test_lines_are_stretched_to_the_measure() -> None:
    items = words(10, 10, 10, 10, 10)
    first, second = break_lines(items, 24)[:2]
    assert set_width(items, *first) == 24
    assert set_width(items, *second) == 24


def test_the_whole_paragraph_decides() -> None:
    # Greedy breaking fills the first line with "20 20" and leaves 45 alone on a line that nothing can stretch
    # to 60; looking ahead, 20 | 20 45-ish lines are no better, so the least uneven total must win.
    items = words(20, 20, 12, 45, 10)
    lines = break_lines(items, 60)
    best = min(_all_breaks(items, 60))
    assert sum((10 + min(100 * abs(line.ratio) ** 3, 1e5)) ** 2 for line in lines) == best


def _all_breaks(items: list[Item], measure: float) -> list[float]:
    """The demerits of every way to break, by enumeration; contrasts of neighbours are not in play here."""
    places = [place for place, item in enumerate(items[:-1]) if item.cost is not None]
    totals = []
    for choice in range(2 ** len(places)):
        ends = [p for bit, p in enumerate(places) if choice >> bit & 1] + [len(items) - 1]
        total, start = 0.0, 0
        for end in ends:
            natural = sum(i.width for i in items[start:end])
            spare = measure - natural
            if spare >= 0 and any(i.fill for i in items[start:end]):
                ratio = 0.0
            else:
                give = sum(i.stretch if spare > 0 else i.shrink for i in items[start:end])
                ratio = spare / give if give else (0.0 if spare == 0 else 1e9)
            if ratio < -1 or (spare < 0 and not give):
                break
            total += (10 + min(100 * abs(ratio) ** 3, 1e5)) ** 2
            start = end + 1
        else:
            totals.append(total)
    return totals


def test_spaces_vanish_at_the_ends_of_lines() -> None:
    items = words(20, 20)
    lines = break_lines(items, 25)
    assert [(line.start, line.end) for line in lines] == [(0, 1), (2, 4)]


def test_a_forced_end_is_kept_in_short_text() -> None:
    items = inline_items((Text("a"), LineBreak(), Text("b")), Voice(), 100.0)
    assert len(break_lines([*items, *LINE_END], 100.0)) == 2


def test_no_line_ends_between_a_formula_and_its_punctuation() -> None:
    items = inline_items((Text("so ("), Math("x"), Text("), then")), Voice(), 500.0)
    inside = [item for item in items[items.index(next(i for i in items if i.vanishes)) + 1 :] if item.cost is not None]
    assert len(inside) == 1  # the space before "then"


def test_a_space_that_does_not_break_does_not() -> None:
    items = inline_items((Text("Question\u00a03"),), Voice(), 500.0)
    assert [item.cost for item in items if item.cost is not None] == []


def test_a_word_may_end_a_line_after_its_hyphen() -> None:
    items = inline_items((Text("maximum-likelihood x-axis -3"),), Voice(), 500.0)
    assert sum(item.cost is not None and item.width == 0 for item in items) == 1


@given(
    st.lists(st.floats(1, 60), min_size=1, max_size=60),
    st.floats(60, 200),
    st.booleans(),
)
def test_no_line_is_wider_than_the_measure(widths: list[float], measure: float, ragged: bool) -> None:
    items = words(*widths)
    lines = break_lines(items, measure, ragged)
    for line in lines:
        natural = sum(item.width for item in items[line.start : line.end])
        squeezed = natural + min(line.ratio, 0.0) * sum(item.shrink for item in items[line.start : line.end])
        assert squeezed <= measure + 1e-6
    # Every word is on some line, in order.
    shown = [item for line in lines for item in items[line.start : line.end] if not item.vanishes and item != FILL]
    assert [item.width for item in shown] == widths


def test_unbreakable_stretches_get_a_way_out() -> None:
    items = [*(Item(None, 30.0) for _ in range(5)), *LINE_END]
    lines = break_lines(ensure_breaks(items, 70.0), 70.0)
    assert len(lines) == 3
