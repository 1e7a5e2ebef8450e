"""What a template cannot do; each of these would otherwise fill the memory or never end."""

import random
import string
from fractions import Fraction
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError, TemplateRuntimeError

from generator.wording.environment import environment
from generator.wording.sandbox import LONGEST, limited_range


def rendered(text: str, **names: object) -> str:
    template = environment((Path("nowhere"),)).from_string(text)
    return "".join(template.generate(range=limited_range(), **names))


def doubled(step: str, times: int = 60) -> str:
    """A text that starts with ``a`` and takes the step again and again."""
    return '<% set a = "x" %>' + step * times


GROWING = {
    "join operator": doubled("<% set a = a ~ a %>"),
    "sum": doubled("<% set a = a + a %>"),
    "captured text": doubled("<% set b %><<a>><<a>><% endset %><% set a = b %>"),
    "macro": "<% macro m(a) %><<a>><<a>><% endmacro %>" + doubled("<% set a = m(a) %>"),
    "call": "<% macro m() %><<caller()>><<caller()>><% endmacro %>"
    + doubled("<% set a %><% call m() %><<a>><% endcall %><% endset %>"),
    "join": doubled("<% set a = [a, a] | join %>"),
    "separator": doubled('<% set a = ["", "", ""] | join(a) %>'),
    "listed": doubled("<% set a = [a, a] | listed %>"),
    "aligned": doubled("<% set a = [a, a] | aligned %>"),
    "list": '<% set a = ["x"] %>' + "<% set a = a + a %>" * 60,
    "number": "<% set a = 10 %>" + "<% set a = a * a %>" * 60,
    "fraction": "<% set a = q %>" + "<% set a = a * a %>" * 60,
    "nested list": '<% set a = ["x"] %>' + "<% set a = [a, a] %>" * 60 + "<<a>>",
    "nested list joined": '<% set a = ["x"] %>' + "<% set a = [a, a] %>" * 60 + "<<a | join>>",
    "nested list beside a text": '<% set a = ["x"] %>' + "<% set a = [a, a] %>" * 60 + '<<a ~ "">>',
    "places": "<<q | rounded(1000000000)>>",
    "power": "<<10 ** 1000000000>>",
    "copies": "<<'x' * 1000000000>>",
    "padding": "<<'%1000000000d' % 1>>",
    "ranges": "<% for i in range(1000000000) %><% endfor %>",
}


@pytest.mark.parametrize("name", GROWING)
def test_nothing_grows_without_end(name: str) -> None:
    with pytest.raises(SecurityError):
        rendered(GROWING[name], q=Fraction(1, 3))


@pytest.mark.parametrize(
    "call",
    [
        "'x'.ljust(9)",
        "'x'.center(9)",
        "'7'.zfill(9)",
        "'x'.replace('x', 'yy')",
        "'\\t'.expandtabs(9)",
        "','.join(['x', 'y'])",
        "'{:>9}'.format(1)",
        "'{x:>9}'.format_map({'x': 1})",
        "(1).to_bytes(9)",
        "[1].copy()",
        "['x'] | map(attribute='ljust') | first",
    ],
)
def test_methods_that_could_make_long_things_are_refused(call: str) -> None:
    with pytest.raises((SecurityError, TemplateRuntimeError)):
        rendered(f"<<{call}>>")


def test_what_templates_need_is_allowed() -> None:
    assert rendered('<% for k, v in {"a": 1}.items() %><<k>>=<<v>><% endfor %>') == "a=1"
    assert rendered('<<("x" ~ 3) + "y">>, <<1 + 2 * 3>>, <<q * 2>>, <<"xy".startswith("x")>>', q=Fraction(1, 3)) == (
        "x3y, 7, 2/3, True"
    )
    assert rendered("<% for row in ([1, 2] + [3]) | batch(2) %><<row | join(',')>>;<% endfor %>") == "1,2;3;"


def test_random_programs_stay_small() -> None:
    names = random.Random(5)
    steps = (
        "<% set {0} = {1} ~ {2} %>",
        "<% set {0} = {1} + {2} %>",
        "<% set {0} = [{1}, {2}] | join({0}) %>",
        "<% set {0} %><<{1}>>-<<{2}>><% endset %>",
        "<% set {0} = [{1}, {2}, {1}] | listed({2}) %>",
    )
    for _ in range(50):
        program = "".join(f'<% set {name} = "{name}" %>' for name in "abc")
        program += "".join(
            names.choice(steps).format(*names.choices(string.ascii_lowercase[:3], k=3)) for _ in range(60)
        )
        try:
            assert len(rendered(program + "<<a>>")) <= LONGEST
        except SecurityError:
            continue
