"""How long the formulas of the sources take: set for the first time, painted, and the font's start."""

from __future__ import annotations

import io
import statistics
import time
from pathlib import Path

FORMULAS = Path(__file__).resolve().parents[1] / "tests/typeset/formula/sources.txt"
ROUNDS = 5


def main() -> None:
    """Print medians in milliseconds."""
    start = time.perf_counter()
    from reportlab.pdfgen.canvas import Canvas

    from generator.typeset.formula import set_formula

    imported = time.perf_counter()
    set_formula("x", 10.0)
    print(f"import                        {(imported - start) * 1000:8.1f} ms")
    print(f"fonts and first formula       {(time.perf_counter() - imported) * 1000:8.1f} ms")

    lines = FORMULAS.read_text(encoding="utf-8").splitlines()
    formulas = [(line.strip("$ "), line.startswith("$$")) for line in lines]
    setting: list[float] = []
    painting: list[float] = []
    for round_ in range(ROUNDS):
        set_formula.cache_clear()
        canvas = Canvas(io.BytesIO(), invariant=1)
        for tex, display in formulas:
            begun = time.perf_counter()
            formula = set_formula(tex, 10.0, display)
            done = time.perf_counter()
            formula.paint(canvas, 50, 50)
            if round_:  # the first round reads the glyphs
                setting.append((done - begun) * 1000)
                painting.append((time.perf_counter() - done) * 1000)
    for name, times in (("set, uncached", setting), ("painted", painting)):
        median, longest = statistics.median(times), max(times)
        print(f"{name:<20} median {median:6.3f} ms, mean {statistics.mean(times):6.3f} ms, longest {longest:6.2f} ms")


if __name__ == "__main__":
    main()
