"""Make the pictures of the README and of docs/gallery.md from real sheets; needs pdftoppm (Poppler)."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

from generator.cli import main as examwright
from generator.document.tree import Sheet
from generator.exam import Variant, parse_exam, resolve
from generator.exercise import load_registry
from generator.sheets import make_sheets
from generator.typeset import typeset

IMAGES = Path(__file__).parent.parent / "docs" / "images"
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
GALLERY = {
    "gallery-contents": ("Gallery of exercise types", "Output of a convolutional layer: answer key"),
    "gallery-reverse-mode": ("differentiation/reverse-mode", "Reverse-mode differentiation: answer key"),
    "gallery-drawings": ("Weight-space symmetries of a network: answer key", "The curves of all sets"),
}
"""Pages of the gallery that are shown side by side: the first that have these words."""
RESOLUTION = 100
GREYS = 16


def picture(pdf: Path, page: int = 1) -> Image.Image:
    """One page in greys."""
    stem = pdf.with_suffix("")
    command = ["pdftoppm", "-r", str(RESOLUTION), "-gray", "-png", "-singlefile", "-f", str(page)]
    subprocess.run([*command, str(pdf), str(stem)], check=True)
    with Image.open(stem.with_suffix(".png")) as image:
        return image.convert("L")


def save(pages: Sequence[Image.Image], name: str) -> None:
    """Write pages side by side as one picture."""
    width, height = pages[0].size
    together = Image.new("L", (len(pages) * (width + 10) + 10, height + 20), 190)
    for place, page in enumerate(pages):
        together.paste(page, (10 + place * (width + 10), 10))
    IMAGES.mkdir(exist_ok=True)
    target = IMAGES / f"{name}.png"
    together.quantize(GREYS).save(target, optimize=True)
    print(target, target.stat().st_size)


def first_page(sheet: Sheet, folder: Path) -> Image.Image:
    """The first page of a sheet."""
    path = folder / "sheet.pdf"
    typeset([sheet], path)
    return picture(path)


def main() -> None:
    """Write all pictures into docs/images/."""
    exam = parse_exam(EXAM, "picture")
    variant = Variant("1", "1", "K7Q2MX")
    pair = make_sheets(exam, variant, resolve(exam, load_registry(), variant))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save([first_page(sheet, folder) for sheet in (pair.questions, pair.key)], "question-and-key")
        gallery = folder / "gallery.pdf"
        examwright(["gallery", "-o", str(gallery)])
        texts = [" ".join(page.extract_text().split()) for page in PdfReader(gallery).pages]
        for target, pages in GALLERY.items():
            save([picture(gallery, page_with(words, texts)) for words in pages], target)


def page_with(words: str, texts: Sequence[str]) -> int:
    """The first page that has these words, counted from 1."""
    return next(number for number, text in enumerate(texts, 1) if words in text)


if __name__ == "__main__":
    main()
