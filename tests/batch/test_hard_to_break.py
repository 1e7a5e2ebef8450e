"""Full disks, folders that cannot be written, two builds at once, faulty packs, texts that are code elsewhere."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from generator.batch import BuildPlan, FolderError, build
from generator.batch.folder import LOCK
from generator.batch.lock import alone
from generator.cli import main
from generator.errors import PackError, TemplateError
from generator.exam import ExamFileError, Student, numbered_variants, parse_exam, read_exam, student_variants
from generator.exercise import Registry, load_registry, make_instance, time_limit
from generator.wording import word
from tests.batch.packs import skeleton_pack

TEXT = 'title = "T"\nseed = 7\nlevel = "easy"\n[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\n'
EXAM = parse_exam(TEXT, "exam.toml")
PROGRAM = "import sys; from generator.cli import main; sys.exit(main())"
NOBODY = 65534
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")


def plan(out: Path, variants: int = 2, **changes: Any) -> BuildPlan:
    return replace(BuildPlan(EXAM, numbered_variants(EXAM, variants), out), **changes)


def contents(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@contextmanager
def failing(patch: pytest.MonkeyPatch, owner: object, name: str, call: int) -> Iterator[list[int]]:
    """Have one call of a function find the disk full; the list gets the number of that call when it comes."""
    original: Callable[..., Any] = getattr(owner, name)
    calls, failed = [0], []

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        if calls[0] == call:
            failed.append(call)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(*args, **kwargs)

    with patch.context() as inside:
        inside.setattr(owner, name, wrapped)
        yield failed


def message_of(made: BuildPlan) -> str:
    """What a build says that is refused; nothing where it is not."""
    try:
        build(made)
    except FolderError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(("owner", "name"), [(os, "fsync"), (Path, "replace"), (Path, "mkdir")])
def test_a_full_disk_at_any_write_leaves_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    build(plan(tmp_path / "whole", formats=("pdf", "json"), combined=True))
    expected, failures = contents(tmp_path / "whole"), 0
    for call in range(1, 100):
        out = tmp_path / f"out{call}"
        with failing(monkeypatch, owner, name, call) as failed:
            said = message_of(plan(out, formats=("pdf", "json"), combined=True))
        if not failed:
            assert said == ""
            break
        failures += 1
        assert said.endswith(": cannot be written: No space left on device")
        assert "\n" not in said
        there = contents(out) if out.exists() else {}
        own = {file: data for file, data in there.items() if not file.startswith("unfinished/")}
        assert own.items() <= expected.items()
        assert not [file for file in there if file.endswith((".part", "lock"))]
        build(plan(out, formats=("pdf", "json"), combined=True))
        assert contents(out) == expected
    assert failures >= 10


def test_a_full_disk_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(plan(tmp_path))
    before = {name: data for name, data in contents(tmp_path).items() if name.endswith(".pdf")}
    for call in (1, 2, 4):
        with failing(monkeypatch, os, "fsync", call) as failed, pytest.raises(FolderError):
            build(plan(tmp_path, 3))
        assert failed
        assert before.items() <= contents(tmp_path).items()


def limited(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that may write no file of more than 4 kB."""
    import resource

    return subprocess.run(
        [sys.executable, "-B", "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )


@POSIX
def test_files_that_may_not_grow(tmp_path: Path) -> None:
    (tmp_path / "exam.toml").write_text(TEXT, encoding="utf-8")
    done = limited(["build", "exam.toml", "--out", "out"], tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("examwright: out")
    assert done.stderr.endswith(": cannot be written: File too large\n")
    assert done.stderr.count("\n") == 1
    assert not list((tmp_path / "out").rglob("*.p*"))
    build(plan(tmp_path / "out"))


@POSIX
def test_a_result_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "old.pdf").write_bytes(b"old")
    done = limited(["show", "convolution/conv2d", "--format", "pdf", "-o", "old.pdf"], tmp_path)
    assert done.stderr == "examwright: old.pdf: cannot be written: File too large\n"
    assert contents(tmp_path) == {"old.pdf": b"old"}
    done = limited(["roster", "--count", "500", "-o", "new.csv"], tmp_path)
    assert done.stderr.endswith("new.csv: cannot be written: File too large\n")
    assert not (tmp_path / "new.csv").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_an_output_that_is_full_is_one_clear_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.stderr == "examwright: the output cannot be written: No space left on device\n"
    assert done.returncode == 1


def test_a_result_goes_where_a_link_points(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    try:
        (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    except OSError:
        pytest.skip("links need rights here")
    assert main(["show", "convolution/conv2d", "-o", str(tmp_path / "link.txt")]) == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert "Question" in (tmp_path / "real.txt").read_text(encoding="utf-8")


@pytest.fixture
def own_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of somebody to whom things can be forbidden: for root, who may do everything, this is nobody."""
    if not hasattr(os, "geteuid"):
        pytest.skip("Windows has other rights")
    # What is loaded now need not be readable later.
    build(plan(tmp_path / "before"))
    with tempfile.TemporaryDirectory() as name:
        root = os.geteuid() == 0
        if root:
            os.chown(name, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if root:
                os.seteuid(0)


@pytest.mark.parametrize("mode", [0o000, 0o500])
def test_a_folder_without_rights_is_one_clear_line(own_folder: Path, mode: int) -> None:
    (own_folder / "locked").mkdir(mode=mode)
    try:
        with pytest.raises(FolderError, match=r"locked.*cannot be (read|written): Permission denied"):
            build(plan(own_folder / "locked" / "out"))
        with pytest.raises(FolderError, match=r"locked.*cannot be (read|written): Permission denied"):
            build(plan(own_folder / "locked"))
    finally:
        (own_folder / "locked").chmod(0o700)
    assert contents(own_folder) == {}


def test_an_exam_whose_folder_lost_its_rights_is_not_harmed(own_folder: Path) -> None:
    out = own_folder / "out"
    build(plan(out))
    before = contents(out)
    (out / "keys" / "01.pdf").unlink()
    (out / "keys").chmod(0o500)
    try:
        with pytest.raises(FolderError, match=r"keys.*cannot be written: Permission denied"):
            build(plan(out))
    finally:
        (out / "keys").chmod(0o700)
    build(plan(out))
    assert contents(out) == before


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    build(plan(tmp_path))
    (tmp_path / "keys" / "01.pdf").unlink()
    (tmp_path / "keys" / "02.pdf").unlink()
    (tmp_path / "keys").rmdir()
    (tmp_path / "keys").write_text("x", encoding="utf-8")
    with pytest.raises(FolderError, match=r"keys.*: cannot be (read|written): "):
        build(plan(tmp_path))
    assert (tmp_path / "keys").read_text(encoding="utf-8") == "x"


SUMS = {
    "one after the other": "functools.reduce(operator.add, terms, start)",
    "exactly": "start + math.fsum(terms) if any(type(term) is float for term in terms) else plain(terms, start)",
}


def test_how_a_python_adds_up_changes_no_byte(tmp_path: Path) -> None:
    """Python 3.12 began to add floating-point numbers more precisely: the last digit of a width differs."""
    exam = Path(__file__).parents[2] / "templates" / "exams" / "midterm.toml"
    for name, rule in SUMS.items():
        program = (
            "import builtins, functools, math, operator\nplain = sum\n"
            f"def added(terms, /, start=0):\n    terms = list(terms)\n    return {rule}\n"
            f"builtins.sum = added\n{PROGRAM}"
        )
        arguments = ["build", str(exam), "--format", "pdf,json", "--out", str(tmp_path / name)]
        subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)
    first, second = (contents(tmp_path / name) for name in SUMS)
    assert first == second


def test_two_builds_at_once_do_not_mix(tmp_path: Path) -> None:
    """The second is refused while the first is at work, and goes on where the first was killed."""
    exam, out = tmp_path / "exam.toml", tmp_path / "out"
    exam.write_text(TEXT, encoding="utf-8")
    arguments = ["build", str(exam), "--variants", "60", "--jobs", "1", "--out", str(out)]
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments])
    try:
        deadline = time.monotonic() + 60
        # The first variant is finished when there is something of the second.
        while not (out / "questions" / "02.pdf").exists():
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
        with pytest.raises(FolderError, match="another build is at work in it"):
            build(plan(out, 60))
    finally:
        process.kill()
        process.wait()
    # The lock of the killed build is there, and holds nobody up.
    assert (out / LOCK).exists()
    assert build(plan(out, 60)).kept >= 1
    assert not (out / "unfinished").exists()


def test_a_build_that_comes_in_between_is_noticed(tmp_path: Path) -> None:
    """The one that has chosen its candidates meanwhile does not write over what the other has finished."""

    def overtaken(done: int, total: int) -> None:
        if done == 1:
            build(plan(tmp_path / "out", 2))

    with pytest.raises(FolderError, match="another build has just changed it; run the same command again"):
        build(plan(tmp_path / "out", 3), overtaken)
    assert build(plan(tmp_path / "out", 3)).kept == 2


def test_a_lock_is_for_one(tmp_path: Path) -> None:
    path = tmp_path / "a" / "lock"
    with alone(path), pytest.raises(FolderError, match="another build is at work"), alone(path):
        pass
    assert not path.parent.exists()
    with alone(path):
        assert path.exists()


def test_a_build_that_finished_nothing_holds_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its first mistake an exam is corrected, and is another one then."""
    with failing(monkeypatch, os, "fsync", 2), pytest.raises(FolderError):
        build(plan(tmp_path))
    other = parse_exam(TEXT.replace("7", "8"), "exam.toml")
    assert build(BuildPlan(other, numbered_variants(other, 1), tmp_path)).built == 1


CODE = (
    r"\input{/etc/passwd} $x_1$ \alpha{",
    "*a* **b** _c_ `d` # e [l](http://x) ![i](x) [9](#mark)",
    "<b>x</b> &amp; <script>alert(1)</script> ]]>",
    "{{ 7 * 7 }} << q >> <% raw %> {% for %} <# x #>",
    "%s {0} ${x} $(true) `true`",
)


@pytest.mark.parametrize("text", CODE)
def test_texts_that_are_code_elsewhere_are_printed_as_they_are(tmp_path: Path, text: str) -> None:
    exam = replace(EXAM, title=text, course=text, aids=text)
    exam = replace(exam, sections=(replace(exam.sections[0], title=text),))
    build(BuildPlan(exam, student_variants(exam, [Student("1", text)]), tmp_path))
    for folder in ("questions", "keys"):
        found = PdfReader(tmp_path / folder / "1.pdf").pages[0].extract_text()
        # Spaces stand where lines and words were set apart.
        assert "".join(found.split()).count("".join(text.split())) >= 5


UNPRINTABLE = ["title", "course", "aids", "instructions"]


@pytest.mark.parametrize("key", UNPRINTABLE)
def test_letters_that_no_font_has_are_refused_with_their_line(tmp_path: Path, registry: Registry, key: str) -> None:
    text = TEXT.replace('title = "T"\n', "") if key == "title" else TEXT
    (tmp_path / "exam.toml").write_text(f'\n{key} = "a \u674e"\n{text}', encoding="utf-8")
    with pytest.raises(ExamFileError, match=rf"line 2: {key}: the fonts have no glyph for '\u674e'"):
        read_exam(tmp_path / "exam.toml", registry)


LARGE = [
    ("x" * 300_000, "is larger than 250 kB"),
    ("# " + "x" * 30_000 + "\n" + TEXT, "line 1: is longer than 25000 characters"),
    ("a." * 1000 + "b = 1\n" + TEXT, "line 1: has more than 500 dots"),
    (TEXT.replace("7", "7" * 5000), "line 2: has a number with more than 300 digits"),
    (TEXT.replace("7", "0x" + "f" * 5000), "line 2: has a number with more than 300 digits"),
    (TEXT + '[[section.question]]\nexercise = "convolution/conv2d"\n' * 200, "at most 200 questions"),
    ("[" * 5000, "not TOML"),
    ("a = " + "[" * 5000, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "message"), LARGE, ids=[message for _, message in LARGE])
def test_what_is_too_large_is_refused(tmp_path: Path, registry: Registry, text: str, message: str) -> None:
    (tmp_path / "exam.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ExamFileError, match=message):
        read_exam(tmp_path / "exam.toml", registry)


TEMPLATES = [
    "<< ''.__class__.__mro__ >>",
    "<< q.draw.__func__.__globals__ >>",
    "<% for i in range(10 ** 9) %>x<% endfor %>",
    "<% for i in range(999999999) %>x<% endfor %>",
    "<% for i in range(9000) %><% for j in range(9000) %><% endfor %><% endfor %>",
    "<< 'x' * 10000000000 >>",
    "<< 10 ** 10 ** 10 >>",
    "<< '%10000000000d' % 1 >>",
    "<< 'x' | center(1000000000) >>",
    "<< 'x' | indent(1000000000) >>",
    "<< q.weights | random >>",
    "<< lipsum() >>",
    "<% include '../../../../../../etc/passwd' %>",
    "<% macro f() %><< f() >><% endmacro %><< f() >>",
    "<< nothing >>",
    "<< 1 / 0 >>",
]


@pytest.mark.parametrize("piece", TEMPLATES)
def test_a_template_reaches_nothing_and_ends(tmp_path: Path, piece: str) -> None:
    pack = skeleton_pack(tmp_path, ("Compute the weighted sum", f"\n{piece}\nCompute the weighted sum"))
    kind = load_registry([pack]).get("topic/skeleton")
    with pytest.raises(TemplateError) as caught:
        word(make_instance(kind, "1/1/x", "easy"))
    assert caught.value.line == 7
    assert len(str(caught.value)) < 400


def test_a_template_that_makes_too_much_is_refused(tmp_path: Path) -> None:
    words = "<% for i in range(9000) %>all these words again and again<% endfor %>"
    pack = skeleton_pack(tmp_path, ("Compute the", f"{words}\nCompute the"))
    instance = make_instance(load_registry([pack]).get("topic/skeleton"), "1/1/x", "easy")
    with pytest.raises(TemplateError, match="it makes more than 200000 characters"):
        word(instance)


FAULTS = [
    (("import numpy as np", "import numpy as np\nimport sys\nsys.exit(0)"), "cannot be imported: SystemExit"),
    (("return cls(weights, inputs)", "return 1 / 0"), "line 48: ZeroDivisionError: division by zero"),
    (("return cls(weights, inputs)", "return None"), "AttributeError: "),
    (("all(self.weights) and all(self.inputs)", "self.weights[99]"), "line 53: IndexError: "),
    (('yield Slip("a"', 'yield Slip("z"'), "KeyError: 'z'"),
    (("yield agree(", "raise SystemExit(0)\n        yield agree("), "line 63: SystemExit: 0"),
]


@pytest.mark.parametrize(("change", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_a_fault_in_a_pack_is_told_with_its_place(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    pack = skeleton_pack(tmp_path, change)
    with pytest.raises(PackError) as caught:
        make_instance(load_registry([pack]).get("topic/skeleton"), "1/1/x", "easy")
    assert str(caught.value).startswith(str(pack / "exercises" / "topic" / "skeleton.py"))
    assert message in str(caught.value)


ENDLESS = {
    "module": ("import numpy as np", "import numpy as np\nwhile True:\n    pass"),
    "draw": ("return cls(weights, inputs)", "while True:\n            pass"),
    "condition": ("all(self.weights) and all(self.inputs)", "not any(False for _ in iter(int, 1))"),
    "pattern": ("def slips(self)", "def pattern(self):\n        while True:\n            pass\n\n    def slips(self)"),
    "macro": (
        "Compute the weighted sum",
        "<% macro f(n) %><% if n %><<f(n - 1)>><<f(n - 1)>><% endif %><% endmacro %><<f(99)>>",
    ),
}


@pytest.mark.parametrize("place", ENDLESS)
def test_what_never_ends_in_a_pack_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    monkeypatch.setattr(time_limit, "SECONDS", 0.5)
    pack = skeleton_pack(tmp_path / "pack", ENDLESS[place])
    exam = tmp_path / "exam.toml"
    exam.write_text(TEXT.replace("convolution/conv2d", "topic/skeleton"), encoding="utf-8")
    out = tmp_path / "out"
    for command in (
        ["build", str(exam), "--out", str(out)],
        ["check", "topic/skeleton", "--draws", "3", "--jobs", "1"],
    ):
        assert main([*command, "--pack", str(pack)]) == 1
        assert re.fullmatch(r"examwright: .*skeleton.*: not finished after 0.5 seconds; .*\n", capsys.readouterr().err)
    assert not list(out.rglob("*.pdf"))


def test_a_fault_in_the_package_stays_a_traceback(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = registry.get("convolution/conv2d")
    monkeypatch.setattr(kind.cls, "solve", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_instance(kind, "1/1/x", "easy")
