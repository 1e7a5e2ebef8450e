"""Speed, side by side with pdflatex and Typst in one run; `make bench`.

Prints medians: one instance drawn, solved and checked per exercise type; a formula set from scratch; one question
sheet with its key. The other typesetters get the same sheets (`benchmarks/peers.py`: figures become empty frames of
the same size, which is easier for them) and are left out where they are not installed.
"""

from __future__ import annotations

import datetime
import importlib
import io
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from benchmarks.peers import Latex, Typst
from generator.exam import Exam, QuestionSpec, SectionSpec, Variant, resolve
from generator.exercise import Registry, load_registry, make_instance
from generator.sheets import SheetPair, make_sheets
from generator.typeset import typeset

SEVEN = (
    "convolution/conv2d",
    "convolution/receptive-field",
    "likelihood/mle-estimator",
    "differentiation/reverse-mode",
    "differentiation/network-backprop",
    "regression/ridge-regression",
    "regression/logistic-regression-loss",
)


def milliseconds(action: Callable[[int], Any], repeats: int, warm_up: int = 3) -> float:
    """The median time of an action that is given the number of the repetition."""
    times = []
    for number in range(repeats + warm_up):
        start = time.perf_counter()
        action(number)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[warm_up:])


def instances(registry: Registry) -> None:
    """One line per exercise type: drawn, solved and checked, warm, with new values every time."""
    print("\nOne instance drawn, solved and checked (median of 200, level medium)")
    for slug in registry.slugs:
        kind = registry.get(slug)
        taken = milliseconds(lambda n, kind=kind: make_instance(kind, f"{n}/bench", "medium"), 200, 50)  # type: ignore[misc]  # mypy does not infer lambdas with defaults
        print(f"  {slug:42} {taken:8.2f} ms")


def exam() -> Exam:
    """The seven exercise types of the sample exam at level medium."""
    questions = tuple(QuestionSpec(slug, (slug,), "medium") for slug in SEVEN)
    sections = (SectionSpec("", questions),)
    date = datetime.date(2026, 12, 4)
    return Exam("Midterm", "Machine Learning", date, 90, "none", "", "a4", "en", 1, sections, "")


def pair(registry: Registry, number: int) -> SheetPair:
    """Question sheet and key of one variant."""
    variant = Variant(str(number), str(number), "BENCH1")
    return make_sheets(exam(), variant, resolve(exam(), registry, variant))


def pairs(registry: Registry) -> None:
    """Question sheet and key, and the same pages by the other typesetters."""
    made = [pair(registry, number) for number in range(24)]

    def ours(number: int) -> None:
        for sheet in (made[number].questions, made[number].key):
            typeset([sheet], io.BytesIO())

    def everything(number: int) -> None:
        both = pair(registry, 1000 + number)
        for sheet in (both.questions, both.key):
            typeset([sheet], io.BytesIO())

    print("\nA question sheet with its key, the seven exercise types of the sample exam (median of 20, one process)")
    print(f"  examwright, from drawing to PDF            {milliseconds(everything, 20):8.1f} ms")
    written = [io.BytesIO(), io.BytesIO()]
    for sheet, stream in zip((made[0].questions, made[0].key), written, strict=True):
        typeset([sheet], stream)
    rows = [("examwright, typesetting alone", milliseconds(ours, 20), pages(*written))]
    with tempfile.TemporaryDirectory() as folder:
        rows += peers(made, Path(folder))
    for name, taken, count in rows:
        print(
            f"  {name:42} {taken:8.1f} ms   {taken / rows[0][1]:6.1f} ×   {count} pages, {taken / count:.1f} ms a page"
        )


def pages(*files: io.BytesIO) -> int:
    """The number of pages of some PDFs together."""
    return sum(len(PdfReader(file).pages) for file in files)


def peers(made: list[SheetPair], folder: Path) -> list[tuple[str, float, int]]:
    """The median times of the other typesetters for question sheet and key, where they are installed."""
    rows = []
    if shutil.which("pdflatex"):
        for name, both in (("q", made[0].questions), ("k", made[0].key)):
            (folder / f"{name}.tex").write_text(Latex().source(both), encoding="utf-8")

        def latex(_: int) -> None:
            for name in ("q", "k"):
                command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
                subprocess.run(command, cwd=folder, check=True, capture_output=True)

        taken = milliseconds(latex, 5, 1)
        rows.append(("pdflatex, one pass each", taken, pages(*(_stream(folder / f"{name}.pdf") for name in "qk"))))
    else:
        print("  (pdflatex is not installed)")
    try:
        typst = importlib.import_module("typst")
    except ImportError:
        print("  (Typst is not installed: pip install typst)")
        return rows
    sources = [[Typst().source(sheet) for sheet in (both.questions, both.key)] for both in made[:8]]

    def compiled(number: int) -> None:
        for source in sources[number]:
            typst.compile(source.encode())

    # Every repetition gets another variant: Typst remembers what it has compiled.
    taken = milliseconds(compiled, 6, 2)
    rows.append(("Typst, in process, warm", taken, pages(*(io.BytesIO(typst.compile(s.encode())) for s in sources[0]))))
    return rows


def _stream(path: Path) -> io.BytesIO:
    return io.BytesIO(path.read_bytes())


def main() -> None:
    """Run all of it."""
    print(f"Python {sys.version.split()[0]}")
    registry = load_registry()
    instances(registry)
    pairs(registry)


if __name__ == "__main__":
    main()
