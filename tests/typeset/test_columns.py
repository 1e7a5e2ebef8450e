import pytest

from generator.document.tree import Inlines, Math, Table, Text
from generator.typeset.boxes import Column
from generator.typeset.columns import CELL_PAD, fit_columns
from generator.typeset.error import WideTableError
from generator.typeset.inline import Voice
from generator.typeset.paragraph import natural_width
from generator.typeset.tables import table_flow

SHORT: Inlines = (Text("slip"),)
LONG: Inlines = (Text("took the mean of the sample instead of its inverse and forgot the sample size on the way"),)
SUM: Inlines = (Math(" = ".join(f"a_{{{n}}} + b_{{{n}}}" for n in range(12))),)


def test_columns_are_as_wide_as_what_they_hold() -> None:
    fit = fit_columns([[SHORT, SHORT], [LONG]], 1000.0, 0.0)
    assert fit.widths == tuple(natural_width(cell, Voice()) + 2 * CELL_PAD for cell in (SHORT, LONG))
    assert fit.comfort == 1


def test_columns_give_way_until_they_fit() -> None:
    fit = fit_columns([[SHORT], [LONG]], 300.0, 0.0)
    assert sum(fit.widths) == pytest.approx(300.0)
    assert fit.widths[0] >= natural_width(SHORT, Voice()) + 2 * CELL_PAD - 1e-9
    assert fit.voice == Voice()


def test_cells_to_fill_have_room_to_write() -> None:
    assert fit_columns([[()], [()]], 500.0, 36.0).widths == (36.0 + 2 * CELL_PAD,) * 2


def test_a_long_formula_is_broken_before_words_stand_below_each_other() -> None:
    fit = fit_columns([[LONG], [SUM]], 420.0, 0.0)
    assert sum(fit.widths) == pytest.approx(420.0)
    assert fit.widths[0] > 150.0


def test_words_are_not_broken_for_it() -> None:
    words: Inlines = (Text("incomprehensibility"),)
    assert fit_columns([[words]] * 9, 300.0, 0.0).comfort < 0


def test_a_table_with_a_broken_formula_is_set() -> None:
    flow = table_flow(Table((SHORT, SHORT), ((LONG, SUM),), ("left", "left")), Column(0.0, 400.0))
    reach = max(p.x + p.ink.width for strip in flow.strips for p in strip.placed)
    assert reach <= 400.0 + 1e-6


def test_too_many_words_are_an_error() -> None:
    with pytest.raises(WideTableError):
        table_flow(Table(((Text("incomprehensibility"),),) * 9, (), ("left",) * 9), Column(0.0, 300.0))


def test_a_column_is_as_wide_as_its_formulas_where_words_can_give_way() -> None:
    formula: Inlines = (Math(r"\theta^{\text{new}} = \theta - \eta \nabla L(\theta) = (1, 2, 3)^{\top}"),)
    fit = fit_columns([[LONG], [formula]], 330.0, 0.0)
    assert fit.widths[1] >= natural_width(formula, fit.voice) + 2 * CELL_PAD - 1e-9
