from __future__ import annotations

import ast
from pathlib import Path

import pytest

from generator.exercise import load_registry
from tests.batch.packs import skeleton_pack
from tools.mutant_cases import Outcome, make_cases
from tools.mutant_modules import choose, find_modules
from tools.mutant_runs import Finding, find, judge
from tools.mutation import mutants_of, mutated, shown

OPERATORS = [
    ("a + b", {"a - b"}),
    ("a - b", {"a + b", "b - a"}),
    ("a * b", {"a / b", "a + b"}),
    ("a ** b", {"a * b", "b ** a", "a ** (b + 1)"}),
    ("a < b", {"a <= b", "a > b"}),
    ("a == b", {"a != b"}),
    ("-a", {"a"}),
    ("7", {"8", "6"}),
    ("min(a)", {"max(a)"}),
    ("math.sin(a)", {"math.cos(a)"}),
    ("a[i]", {"a[i + 1]"}),
    ("a[0]", {"a[1]", "a[-1]"}),
    ("range(a, b)", {"range(a, b - 1)"}),
    ("a and b", {"a or b"}),
    ("not a", {"a"}),
    ("a if b else c", {"a if not b else c"}),
    ("[a for a in b if c]", {"[a for a in b if not c]"}),
    ("abs(a)", {"a"}),
    ("True", set()),
    ("'text'", set()),
]


def sources(source: str) -> set[str]:
    return {ast.unparse(mutated(source, mutant)) for mutant in mutants_of("m", source)}


@pytest.mark.parametrize(("source", "expected"), OPERATORS, ids=[source for source, _ in OPERATORS])
def test_operators(source: str, expected: set[str]) -> None:
    assert sources(source) == expected


def test_left_alone() -> None:
    source = '''
@dataclass(slots=1)
class A:
    """Text 1."""
    x: Annotated[int, Between(1, 2)]
    def draw(self): return 1
    def conditions(self): return 1
    def solve(self): return 5
Matrix = tuple[1]
'''
    assert [mutant.line for mutant in mutants_of("m", source)] == [8, 8]


def test_one_change_at_a_time_and_the_source_unchanged() -> None:
    source = "x = a + b\ny = c - 1\n"
    assert sources(source) == {
        "x = a - b\ny = c - 1",
        "x = a + b\ny = c + 1",
        "x = a + b\ny = 1 - c",
        "x = a + b\ny = c - 2",
        "x = a + b\ny = c - 0",
    }


def test_shown() -> None:
    source = "if x:\n    y = 'ä' + f(a + b)\n    z = f'{k - 1}'\n"
    by_kind = {(mutant.kind, mutant.line): shown(source, mutant) for mutant in mutants_of("m", source)}
    assert by_kind["branch", 1] == ("if x:", "if (not x):")
    assert by_kind["operator", 2] == ("y = 'ä' + f(a + b)", "y = 'ä' + f((a - b))")
    assert by_kind["operator", 3][1] in ("(k + 1)", "z = f'{(k + 1)}'")


def verdict(pack: Path, before: str, after: str, seconds: float = 5) -> Finding:
    """The verdict on the one mutant of a pack's exercise type whose line goes from one text to another."""
    registry = load_registry([pack])
    (module,) = [module for module in find_modules(registry) if module.slugs == ("topic/skeleton",)]
    shows = [(mutant, *shown(module.source, mutant)) for mutant in mutants_of(module.name, module.source)]
    (mutant,) = [mutant for mutant, old, new in shows if before in old and after in new]
    cases = make_cases(registry, module.slugs, 2)
    (judged,) = judge([(module, mutant)], registry, cases, jobs=1, seconds=seconds)
    assert judged.types == {"topic/skeleton": judged.finding}
    return judged.finding


ONCE = ("product([w, x])", "product([w, x * 1])")
SHARED = ("int(np.dot(self.weights, self.inputs))", "self.solve().parts[0].answer")
ENDLESS = ("work = line(", "while not terms:\n            pass\n        work = line(")


def test_a_wrong_answer_is_caught_by_the_other_route(tmp_path: Path) -> None:
    judged = verdict(skeleton_pack(tmp_path, ONCE), "product([w, x * 1])", "product([w, x * 2])")
    assert judged.verdict == "answer"
    assert "the inner product by NumPy gives" in judged.message


def test_a_check_that_shares_the_fault_lets_it_through(tmp_path: Path) -> None:
    judged = verdict(skeleton_pack(tmp_path, ONCE, SHARED), "product([w, x * 1])", "product([w, x * 2])")
    assert judged.verdict == "survivor"
    assert "answers" in judged.changed


def test_other_verdicts(tmp_path: Path) -> None:
    pack = skeleton_pack(tmp_path, ENDLESS)
    assert verdict(pack, "abs(w * x)", "(w / x)").verdict == "slips"
    assert verdict(pack, "work.result, 2", "work.result, 3").verdict == "crash"  # the marks do not add up
    assert verdict(pack, '"easy": 2', '"easy": 3').verdict == "nothing"
    assert verdict(pack, "while not terms", "while terms").verdict == "timeout"


def test_sample_is_seeded() -> None:
    modules = find_modules(load_registry())
    assert choose(modules, 30, 1) == choose(modules, 30, 1) != choose(modules, 30, 2)
    assert len(choose(modules, 30, 1)) == 30
    assert "generator.solver.agreement" not in {module.name for module in modules}


MADE = Outcome("made")
WRONG = Outcome("made", ("answers", "working"))
NOTICED = Outcome("made", ("answers", "working"), replayed=True)
CAUGHT = Outcome("disagreement", ("answers",), message="routes")


def test_one_wrong_answer_weighs_more_than_many_that_are_caught() -> None:
    assert find([CAUGHT, CAUGHT, WRONG]).verdict == "survivor"
    assert find([CAUGHT, Outcome("made", ("working",)), Outcome("crash")]).verdict == "answer"
    assert find([Outcome("disagreement"), Outcome("crash")]).verdict == "check"
    assert find([Outcome("line off", ("answers", "working")), MADE]).verdict == "answer"
    assert find([Outcome("line off", ("working",)), MADE]).verdict == "working"
    assert find([Outcome("line off", ("working",)), Outcome("made", ("working",))]).verdict == "text"
    assert find([Outcome("made", ("slips",)), MADE]).verdict == "slips"
    assert find([MADE, MADE]).verdict == "nothing"


def test_the_replay_notices_a_fault_where_it_does_so_in_every_wrong_answer() -> None:
    assert find([NOTICED, NOTICED, MADE]).replayed
    assert not find([NOTICED, WRONG]).replayed
    # Other text that was not noticed does not make a wrong answer noticed, or not.
    assert find([NOTICED, Outcome("made", ("working",))]).replayed
    assert not find([MADE, CAUGHT]).replayed


def test_what_stops_a_build() -> None:
    stopped = {find([outcome]).verdict: find([outcome]).stopped for outcome in (MADE, WRONG, CAUGHT, Outcome("crash"))}
    assert stopped == {"nothing": False, "survivor": False, "answer": True, "crash": True}
