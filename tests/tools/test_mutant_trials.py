"""The tests of a made-up checkout, run against faults in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutant_modules import Module
from tools.mutant_suite import Suite
from tools.mutant_trials import Checkout, Trial, UnfitSuiteError, checkouts, try_out
from tools.mutation import Mutant, mutants_of, shown

PRICE = "def total(a, b):\n    return a + b  # a remark\n\n\ndef half(a):\n    return a / 2\n"
FILES = {
    "shop/price.py": PRICE,
    "tests/solver/test_price.py": "from shop.price import total\ndef test_total():\n    assert total(2, 3) == 5\n",
    "tests/solver/test_other.py": "def test_other():\n    assert False\n",
    "tests/exercises/a/test_one.py": "def test_one():\n    pass\n",
    "tests/exercises/test_every_type.py": (
        "import pytest\nfrom shop.price import half\n"
        "@pytest.mark.parametrize('slug', ['a/one', 'a/two'])\n"
        "def test_golden_words(slug):\n    assert half(4) == 2 if slug == 'a/one' else False\n"
        "@pytest.mark.parametrize('slug', ['a/one', 'a/two'])\n"
        "@pytest.mark.parametrize('level', ['easy'])\n"
        "def test_level(slug, level):\n    assert slug == 'a/one'\n"
    ),
    "tests/formats/test_golden_records.py": "def test_nothing():\n    pass\n",
    "tests/exam/test_sources.py": (
        "import pytest\n@pytest.mark.parametrize('row', ['A1 sum', 'B2 (i) loss'])\n"
        "def test_the_answer_is_right(row):\n    assert row == 'A1 sum'\n"
    ),
    "docs/sources.md": "| A1 | sum | `a/one` | a1 (a) |\n| B2 (i) | loss | `a/two` | b2 (a) |\n",
    "pyproject.toml": "[tool.pytest.ini_options]\nmarkers = ['long']\n",
}


def made(folder: Path) -> tuple[Path, Module]:
    """A checkout with one module that faults can be put into; tests that fail belong to another exercise type."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder, Module("shop.price", folder / "shop" / "price.py", PRICE, ("shop.price",), ("a/one",))


def fault(after: str) -> Mutant:
    return next(mutant for mutant in mutants_of("shop.price", PRICE) if after in shown(PRICE, mutant)[1])


def test_faults_are_caught_by_the_tests_that_belong_to_them(tmp_path: Path) -> None:
    root, module = made(tmp_path)
    minus, double = (fault(after) for after in ("a - b", "a * 2"))
    with checkouts(root, [module], 2) as (copies, suite):
        assert len({copy.root for copy in copies} | {root}) == 3
        tests = suite.belonging(module)
        found = dict(try_out([(module, minus), (module, double)], copies, suite, 60))
        again = copies[0].pytest(tests, 60)
    assert tests == (
        "tests/solver/test_price.py",
        "tests/exercises/a/test_one.py",
        "tests/exam/test_sources.py::test_the_answer_is_right[A1 sum]",
        "tests/exercises/test_every_type.py::test_golden_words[a/one]",
        "tests/exercises/test_every_type.py::test_level[easy-a/one]",
    )
    assert (found[minus].end, found[minus].test) == ("failed", "tests/solver/test_price.py::test_total")
    assert not found[minus].golden
    assert found[double].caught
    assert found[double].golden
    assert again[0] == 0, "a fault was left behind"
    assert not any(copy.root.exists() for copy in copies)
    assert (root / "shop" / "price.py").read_text(encoding="utf-8") == PRICE


def test_a_fault_that_no_test_sees_passes_and_one_without_end_is_stopped(tmp_path: Path) -> None:
    root, module = made(tmp_path)
    copy = Checkout(root, root)
    (mutant, *_) = mutants_of(module.name, module.source)
    assert copy.attempt(module, mutant, ["tests/exercises/a/test_one.py"], 60).end == "passed"
    endless = root / "tests" / "solver" / "test_other.py"
    endless.write_text("def test_other():\n    while True:\n        pass\n", encoding="utf-8")
    trial = copy.attempt(module, mutant, ["tests/solver/test_other.py"], 3)
    assert (trial.end, trial.caught) == ("timeout", True)


def test_tests_that_fail_without_a_fault_say_nothing(tmp_path: Path) -> None:
    root, module = made(tmp_path)
    (root / "tests" / "exercises" / "a" / "test_one.py").write_text("def test_one():\n    assert 0\n", encoding="utf-8")
    with pytest.raises(UnfitSuiteError, match="test_one"), checkouts(root, [module], 1):
        pass


def test_nothing_is_written_outside_the_copy(tmp_path: Path) -> None:
    _, module = made(tmp_path / "elsewhere")
    (mutant, *_) = mutants_of(module.name, module.source)
    with pytest.raises(ValueError, match="subpath"):
        Checkout(tmp_path / "here", tmp_path / "copy").attempt(module, mutant, [], 1)
    assert module.path.read_text(encoding="utf-8") == PRICE


def test_users_of_a_module_bring_their_tests() -> None:
    tests = {
        "tests/solver/test_sums.py": "s.sums",
        "tests/solver/test_fit.py": "s.fit",
        "tests/solver/test_x.py": "s.x",
    }
    suite = Suite({path: frozenset({name}) for path, name in tests.items()}, {})
    module = Module("s.sums", Path("s/sums.py"), "", ("s.fit", "s.sums"), ("a/one",))
    assert suite.belonging(module) == ("tests/solver/test_sums.py", "tests/solver/test_fit.py")


def test_only_tests_that_pass_miss_a_fault() -> None:
    assert [Trial(end, "", 1.0).caught for end in ("failed", "timeout", "passed")] == [True, True, False]
