from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.draw import Draw


def test_the_stream_never_changes() -> None:
    """Frozen: a change here changes every exam that was ever made. The integers are SHA-256 words modulo 1000."""
    d = Draw("2026/1/q1")
    assert [d.integer(0, 999) for _ in range(8)] == [609, 811, 103, 507, 724, 104, 181, 745]
    assert Draw("2026/1/q1").shuffled("abcdef") == ("c", "a", "e", "d", "b", "f")
    assert str(Draw("2026/1/q1").normal(0, 1, 3)) == "-1.644"


def test_neighbouring_keys_have_nothing_in_common() -> None:
    streams = [Draw(key).integer(0, 10**9) for key in ("1/1/q", "1/2/q", "2/1/q", "11/q", "1/1/q2")]
    assert len(set(streams)) == len(streams)
    one, other = Draw("42"), Draw("43")
    first = [one.integer(0, 10**6) for _ in range(50)]
    second = [other.integer(0, 10**6) for _ in range(50)]
    assert not set(first[1:]) & set(second[:-1])


@given(st.text(), st.integers(-1000, 1000), st.integers(0, 2000))
def test_integers_stay_in_range(key: str, low: int, span: int) -> None:
    d = Draw(key)
    assert all(low <= d.integer(low, low + span) <= low + span for _ in range(20))


def test_integers_are_uniform() -> None:
    d = Draw("uniform")
    counts = Counter(d.integer(1, 6) for _ in range(6000))
    # Chi-square with 5 degrees of freedom: 20.5 is exceeded with probability 0.001.
    assert sum((count - 1000) ** 2 / 1000 for count in counts.values()) < 20.5


def test_nonzero_and_sample() -> None:
    d = Draw("s")
    assert 0 not in {d.nonzero(-1, 1) for _ in range(50)}
    sample = d.sample(range(10), 4)
    assert len(set(sample)) == 4
    assert set(sample) <= set(range(10))


def test_a_pinned_value_is_handed_out_and_leaves_the_stream_alone() -> None:
    free, pinned = Draw("k"), Draw("k", {"x": 5})
    assert pinned.given("x", lambda: pinned.integer(0, 9)) == 5
    assert pinned.integer(0, 999) == free.integer(0, 999)


@pytest.mark.parametrize(("low", "high"), [(3, 2), (0, 2**33)])
def test_impossible_ranges_are_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="range"):
        Draw("k").integer(low, high)


def test_normal_has_its_moments() -> None:
    d = Draw("n")
    values = [float(d.normal(2, 3, 6)) for _ in range(4000)]
    mean = sum(values) / len(values)
    assert mean == pytest.approx(2, abs=0.2)
    assert sum((value - mean) ** 2 for value in values) / len(values) == pytest.approx(9, rel=0.1)
