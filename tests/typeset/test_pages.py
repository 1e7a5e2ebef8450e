from dataclasses import replace

import pytest

from generator.typeset.boxes import Bar, Placed, Rule, Strip
from generator.typeset.error import TallBlockError
from generator.typeset.flow import Flow, stack
from generator.typeset.pages import break_pages, page_ink
from generator.typeset.style import CLUB, FORCED, KEEP, TOGETHER, WITHIN_PARAGRAPH


def heights(strips: list[Strip], room: float) -> list[list[float]]:
    return [[strip.height for strip in page] for page in break_pages(strips, room)]


def test_pages_are_filled() -> None:
    assert heights([Strip(10.0)] * 7, 30.0) == [[10.0] * 3, [10.0] * 3, [10.0]]


def test_the_gap_at_the_head_of_a_page_is_dropped() -> None:
    strips = [Strip(10.0, gap=5.0)] * 4
    assert heights(strips, 25.0) == [[10.0] * 2, [10.0] * 2]


def test_a_heading_goes_with_its_text() -> None:
    strips = [Strip(11.0), Strip(12.0), Strip(13.0, cost=TOGETHER)]
    assert heights(strips, 30.0) == [[11.0], [12.0, 13.0]]


def test_an_answer_space_goes_with_its_prompt_where_a_page_can_hold_both() -> None:
    strips = [Strip(40.0), Strip(40.0), Strip(10.0), Strip(35.0, cost=KEEP)]
    assert heights(strips, 100.0) == [[40.0, 40.0], [10.0, 35.0]]


def test_a_third_of_a_page_is_not_left_empty_for_it() -> None:
    strips = [Strip(30.0), Strip(30.0), Strip(10.0), Strip(35.0, cost=KEEP)]
    assert heights(strips, 100.0) == [[30.0, 30.0, 10.0], [35.0]]


def test_the_last_line_of_a_paragraph_does_not_begin_a_page() -> None:
    strips = [Strip(60.0), Strip(10.0), Strip(10.0, cost=WITHIN_PARAGRAPH), Strip(10.0, cost=WITHIN_PARAGRAPH)]
    strips += [Strip(15.0, cost=CLUB), Strip(30.0)]
    assert heights(strips, 100.0) == [[60.0, 10.0, 10.0], [10.0, 15.0, 30.0]]


def test_the_last_page_is_not_left_to_next_to_nothing() -> None:
    strips = [Strip(20.0) for _ in range(5)] + [Strip(2.0, cost=WITHIN_PARAGRAPH)]
    assert heights(strips, 100.0) == [[20.0] * 4, [20.0, 2.0]]


def test_a_writing_line_is_left_out_where_one_is_too_many() -> None:
    line = Strip(10.0, spare=True, cost=TOGETHER)
    assert heights([Strip(75.0), line, line, Strip(10.0, cost=KEEP)], 100.0) == [[75.0, 10.0, 10.0]]


def test_writing_lines_are_added_where_a_page_has_room() -> None:
    line = Strip(10.0, spare=True, cost=TOGETHER)
    first, last = heights([Strip(55.0), line, Strip(60.0), line], 100.0)
    assert first == [55.0, 10.0, 10.0, 10.0]
    assert last == [60.0, 10.0]  # nothing need be filled up at the end


def test_no_writing_line_is_repeated_without_end() -> None:
    first, _ = heights([Strip(10.0), Strip(10.0, spare=True), Strip(0.0, cost=FORCED), Strip(5.0)], 100.0)
    assert first == [10.0, 10.0]
    first, _ = heights([Strip(10.0), Strip(10.0, spare=True), Strip(95.0)], 100.0)
    assert first == [10.0, 10.0, 10.0, 10.0]


def test_a_page_is_not_left_empty_for_it() -> None:
    strips = [Strip(10.0), Strip(10.0), Strip(95.0, cost=KEEP)]
    assert heights(strips, 100.0) == [[10.0, 10.0], [95.0]]


def test_what_cannot_stay_together_is_parted_in_the_end() -> None:
    strips = [Strip(40.0), *(Strip(40.0, cost=TOGETHER) for _ in range(3))]
    assert heights(strips, 100.0) == [[40.0, 40.0], [40.0, 40.0]]


def test_a_forced_break_neither_repeats_nor_leaves_an_empty_page() -> None:
    forced = Strip(0.0, cost=FORCED)
    assert heights([forced, Strip(10.0), forced, forced, Strip(20.0), forced], 100.0) == [[10.0], [20.0]]


def test_what_follows_a_forced_break_begins_at_the_head_of_the_page() -> None:
    (_, page) = break_pages([Strip(10.0), Strip(0.0, cost=FORCED), Strip(95.0, gap=20.0)], 100.0)
    (placed,) = page_ink((replace(page[0], placed=(Placed(0.0, -95.0, Rule(1.0, 95.0)),)),), 100.0)
    assert placed.y == 5.0


def test_what_is_higher_than_a_page_is_refused() -> None:
    with pytest.raises(TallBlockError, match="101 pt high"):
        break_pages([Strip(101.0)], 100.0)


def test_an_empty_sheet_is_one_page() -> None:
    assert break_pages([], 100.0) == [()]


def test_of_two_spaces_that_meet_the_larger_counts() -> None:
    strip = Strip(10.0)
    first, second, third = stack([Flow((strip,), 9.0, 2.0), Flow((strip,), 5.0, 7.0), Flow((strip,), 3.0)])
    assert (first.gap, second.gap, third.gap) == (0.0, 5.0, 7.0)


def test_what_leads_and_what_speaks_of_the_next_block_stays_with_it() -> None:
    strips = (Strip(10.0),)
    table = Flow(strips, announced=KEEP)
    _, after_heading, after_text, after_table = stack(
        [Flow(strips, leads=True), Flow(strips, speaks=True), table, table]
    )
    assert (after_heading.cost, after_text.cost, after_table.cost) == (TOGETHER, KEEP, 0.0)


def test_a_bar_bridges_the_gap_between_strips_but_not_above_the_first() -> None:
    bar = Bar(1.0, 2.0)
    page = (Strip(10.0), Strip(10.0, gap=4.0, bars=(bar,)), Strip(10.0, gap=4.0, bars=(bar,)))
    rules = [(p.y, p.ink.height) for p in page_ink(page, 100.0) if isinstance(p.ink, Rule)]
    assert rules == [(62.0, 24.0)]


def test_a_bar_is_interrupted_where_a_strip_has_none() -> None:
    bar = Bar(1.0, 2.0)
    barred, bare = Strip(10.0, bars=(bar,)), Strip(5.0)
    rules = [(p.y, p.ink.height) for p in page_ink((barred, bare, barred), 100.0) if isinstance(p.ink, Rule)]
    assert rules == [(90.0, 10.0), (75.0, 10.0)]
