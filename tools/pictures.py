"""Make the picture at the top of the README: a page of a question sheet beside its key; needs pdftoppm (Poppler)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from generator.exam import Variant, parse_exam, resolve
from generator.exercise import load_registry
from generator.sheets import make_sheets
from generator.typeset import typeset

ROOT = Path(__file__).parent.parent
EXAM = """
title = "Machine Learning I: midterm"
course = "CS 4780"
date = 2026-12-04
minutes = 30
aids = "one hand-written A4 sheet"
seed = 2026

[[section]]


[[section.question]]
exercise = "convolution/conv2d"

[[section.question]]
exercise = "differentiation/network-backprop"
"""
RESOLUTION = 100


def picture(pdf: Path) -> Image.Image:
    """The first page in greys."""
    stem = pdf.with_suffix("")
    command = ["pdftoppm", "-r", str(RESOLUTION), "-gray", "-png", "-singlefile"]
    subprocess.run([*command, str(pdf), str(stem)], check=True)
    with Image.open(stem.with_suffix(".png")) as page:
        return page.convert("L")


def main() -> None:
    """Write docs/images/question-and-key.png."""
    registry = load_registry()
    exam = parse_exam(EXAM, "picture")
    variant = Variant("1", "1", "K7Q2MX")
    pair = make_sheets(exam, variant, resolve(exam, registry, variant))
    with tempfile.TemporaryDirectory() as folder:
        pages = []
        for sheet, name in ((pair.questions, "q"), (pair.key, "k")):
            path = Path(folder) / f"{name}.pdf"
            typeset([sheet], path)
            pages.append(picture(path))
    width, height = pages[0].size
    both = Image.new("L", (2 * width + 30, height + 20), 190)
    for place, page in enumerate(pages):
        both.paste(page, (10 + place * (width + 10), 10))
    target = ROOT / "docs" / "images" / "question-and-key.png"
    target.parent.mkdir(exist_ok=True)
    both.quantize(16).save(target, optimize=True)
    print(target)


if __name__ == "__main__":
    main()
