from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from generator.exercise.marks import counted, points_text, share

weights = st.lists(st.integers(1, 9), min_size=1, max_size=8)


@given(st.integers(1, 80).map(lambda halves: Fraction(halves, 2)), weights)
def test_shares_are_positive_and_add_up(total: Fraction, parts: list[int]) -> None:
    shares = share(total, parts)
    assert sum(shares) == total
    assert all(worth > 0 for worth in shares)


@given(weights)
def test_weights_that_add_up_are_kept(parts: list[int]) -> None:
    assert share(Fraction(sum(parts)), parts) == tuple(parts)


@given(st.integers(4, 40), weights)
def test_equal_weights_differ_by_at_most_half_a_point(total: int, parts: list[int]) -> None:
    shares = share(Fraction(total), [1] * len(parts))
    assert max(shares) - min(shares) <= Fraction(1, 2)


def test_a_larger_weight_never_earns_less() -> None:
    for total in range(3, 30):
        shares = share(Fraction(total), [1, 2, 4])
        assert shares[0] <= shares[1] <= shares[2]


def test_points_as_text() -> None:
    assert [points_text(Fraction(n, 4)) for n in (2, 3, 4, 5, 6)] == ["½", "¾", "1", "1¼", "1½"]
    assert counted(Fraction(1), "mark") == "1 mark"
    assert counted(Fraction(3, 2), "mark") == "1½ marks"
