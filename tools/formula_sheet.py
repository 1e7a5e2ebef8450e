"""Make a contact sheet: every formula as this project sets it, and below it as LuaLaTeX does with the same fonts.

    python tools/formula_sheet.py [-o SHEET.pdf] [--size 12] [FILE …]

A file has one formula per line, ``$ … $`` or ``$$ … $$``. Without LuaLaTeX (Debian: texlive-luatex and
texlive-latex-recommended) the sheet shows ours alone.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pypdf import PdfReader, PdfWriter, Transformation
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from generator.typeset.fonts import FILES, FOLDER
from generator.typeset.formula import FormulaError, set_formula

ROOT = Path(__file__).resolve().parents[1]
LISTS = (ROOT / "tools/formulas.txt", ROOT / "tests/typeset/formula/sources.txt")
MARGIN, GAP = 36.0, 7.0

PREAMBLE = r"""
\documentclass{article}
\usepackage{amsmath,xcolor,unicode-math}
\setmainfont{%(text)s}[Path=%(folder)s/]
\setmathfont{%(math)s}[Path=%(folder)s/]
\newcommand\reference[1]{%%
  \setbox0\hbox{\fontsize{%(size)s}{%(leading)s}\selectfont #1}%%
  \typeout{SIZE \the\wd0 \space\the\ht0 \space\the\dp0}%%
  \pagewidth=\wd0 \pageheight=\dimexpr\ht0+\dp0\relax
  \ifdim\pagewidth<1pt \pagewidth=1pt \fi \ifdim\pageheight<1pt \pageheight=1pt \fi
  \hoffset=-1in \voffset=-1in
  \shipout\box0 }
\renewcommand\_{\ifmmode\mathunderscore\else\textunderscore\fi}
\begin{document}
\let\mathbf\symbf \let\mathsf\symsf \let\mathtt\symtt \let\boldsymbol\symbfit \let\coloneqq\coloneq
"""


def formulas(file: Path) -> list[tuple[str, bool]]:
    """The formulas of a file, each with whether it is a display."""
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return [(line.strip("$").strip(), line.startswith("$$")) for line in lines if line and not line.startswith("#")]


def reference(listed: list[tuple[str, bool]], size: float, folder: Path) -> PdfReader | None:
    """One page per formula, set by LuaLaTeX; None without it."""
    if not shutil.which("lualatex"):
        print("lualatex is not installed: the sheet shows no reference", file=sys.stderr)
        return None
    fills = {
        "text": FILES["Text"], "math": FILES["Math"], "folder": FOLDER.as_posix(), "size": size,
        "leading": size * 1.2,
    }  # fmt: skip
    body = [PREAMBLE % fills]
    for tex, display in listed:
        style = r"\displaystyle " if display else ""
        body.append(rf"\reference{{${style}{tex}$}}")
    body.append(r"\end{document}")
    source = folder / "reference.tex"
    source.write_text("\n".join(body), encoding="utf-8")
    command = ["lualatex", "-interaction=nonstopmode", source.name]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    faults = [line for line in run.stdout.splitlines() if line.startswith("!")]
    print(*faults, sep="\n", file=sys.stderr)
    pages = PdfReader(folder / "reference.pdf")
    if len(pages.pages) != len(listed):
        print(f"{len(pages.pages)} reference pages for {len(listed)} formulas: left out", file=sys.stderr)
        return None
    return pages


def sheet(listed: list[tuple[str, bool]], size: float, out: Path, pages: PdfReader | None) -> None:
    """Write the sheet."""
    canvas = Canvas(str(out), pagesize=A4, invariant=1)
    places: list[tuple[int, float, float]] = []
    number, y = 0, A4[1] - MARGIN
    for index, (tex, display) in enumerate(listed):
        try:
            formula = set_formula(tex, size, display)
        except FormulaError as error:
            print(f"{index + 1}: {error}", file=sys.stderr)
            formula = set_formula(r"\text{error}", size)
        below = float(pages.pages[index].mediabox.height) if pages else 0.0
        needed = formula.height + formula.depth + below + 2.5 * GAP
        if y - needed < MARGIN:
            canvas.showPage()
            number, y = number + 1, A4[1] - MARGIN
        canvas.setFont("Helvetica", 5)
        canvas.drawString(10, y - 6, str(index + 1))
        y -= formula.height
        formula.paint(canvas, MARGIN, y)
        y -= formula.depth + GAP / 2 + below
        places.append((number, MARGIN, y))
        y -= 2 * GAP
    canvas.save()
    if pages:
        overlay(out, pages, places)


def overlay(out: Path, pages: PdfReader, places: list[tuple[int, float, float]]) -> None:
    """Put each reference page below the formula it belongs to."""
    writer = PdfWriter(clone_from=out)
    for page, (number, x, y) in zip(pages.pages, places, strict=True):
        writer.pages[number].merge_transformed_page(page, Transformation().translate(x, y), expand=False)
    writer.write(out)


def main() -> None:
    """Read the lists and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=list(LISTS), metavar="FILE")
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "output/formulas.pdf")
    parser.add_argument("--size", type=float, default=10.0)
    chosen = parser.parse_args()
    listed = [formula for file in chosen.files for formula in formulas(file)]
    with tempfile.TemporaryDirectory() as folder:
        sheet(listed, chosen.size, chosen.out, reference(listed, chosen.size, Path(folder)))
    print(f"{len(listed)} formulas: {chosen.out}")


if __name__ == "__main__":
    main()
