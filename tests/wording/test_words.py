from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from generator.errors import TemplateError, UnknownNameError
from generator.exercise import Registry, load_registry, make_instance
from generator.wording import word

MODULE = """
from dataclasses import dataclass
from generator.exercise import Exercise, Part, Solution, agree, exercise
from generator.working import line, num

@exercise(title="Sum of two integers")
@dataclass(frozen=True, slots=True)
class Addition(Exercise):
    a: int
    b: int

    @classmethod
    def draw(cls, d, level):
        return cls(d.given("a", lambda: d.integer(1, 9)), d.given("b", lambda: d.integer(1, 9)))

    def solve(self):
        worked = line("a + b", num(self.a) + self.b)
        return Solution((Part("a", "integer", worked.result, 3, {"sum": worked}),))

    def check(self, solution):
        yield agree("a", "counting", solution["a"].answer, len("x" * self.a + "x" * self.b))
"""
TEMPLATE = """<% extends "layout/exercise.md.j2" %>
<% block question %>
Let $a = <<q.a>>$.

## (a)
Add.
<% endblock %>
<% block solution %>
## (a)
Count. <<1 | mark>>

> $<<s.a.work.sum | line>>$ <<2 | mark>>
<% endblock %>
"""


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[str], Registry]:
    def make(template: str) -> Registry:
        for folder, name, text in (("exercises", "add.py", MODULE), ("templates", "add.md.j2", template)):
            (tmp_path / folder / "sums").mkdir(parents=True)
            (tmp_path / folder / "sums" / name).write_text(text, encoding="utf-8")
        return load_registry([tmp_path])

    return make


def test_a_pack_is_found_worded_and_scaled(pack: Callable[[str], Registry]) -> None:
    instance = make_instance(pack(TEMPLATE).get("sums/add"), "k", "easy", {"a": 2, "b": 3})
    worded = word(instance, points=Fraction(6))
    assert worded.stem == "Let $a = 2$."
    assert worded.parts[0].prompt == "Add."
    assert worded.parts[0].solution == "Count. [2 marks](#mark)\n\n> $a + b = 2 + 3 = 5$ [4 marks](#mark)"
    assert worded.question == "Let $a = 2$.\n\n**(a)** Add."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<<2 | mark>>", "<<1 | mark>>", "add up to 2, its points are 3"),
        ("Add.", "<<q.c>>", "line 6: .*no attribute 'c'"),
        ("Add.", "<% if %>", "line 6"),
        ("## (a)\nCount", "## (b)\nCount", "the solution has the parts b where"),
        ('<% extends "layout/exercise.md.j2" %>', "", "must start with"),
        ("Add.", "<<q.__class__.__mro__>>", "line 6"),
        ("Add.", "<<q.a | line>>", "line 6: AttributeError: 'int' object has no attribute 'tex'"),
    ],
)
def test_a_faulty_template_is_named_with_its_line(
    pack: Callable[[str], Registry], old: str, new: str, said: str
) -> None:
    instance = make_instance(pack(TEMPLATE.replace(old, new)).get("sums/add"), "k", "easy")
    with pytest.raises(TemplateError, match=said):
        word(instance)


def test_an_unknown_part_is_refused(pack: Callable[[str], Registry]) -> None:
    instance = make_instance(pack(TEMPLATE).get("sums/add"), "k", "easy")
    with pytest.raises(UnknownNameError, match="no part 'b'"):
        word(instance, parts=["b"])
