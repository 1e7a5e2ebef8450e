"""The skeleton as a pack of exercise types, with some things in it replaced."""

from __future__ import annotations

from pathlib import Path

from generator.exercise.registry import templates_folder

SKELETON = templates_folder() / "skeleton"
MODULE = "exercises/topic/skeleton.py"
TEMPLATE = "templates/topic/skeleton.md.j2"


def skeleton_pack(folder: Path, *replacements: tuple[str, str]) -> Path:
    """Write the pack into a folder; each replacement must apply to the module or to the template."""
    texts = {name: (SKELETON / name).read_text(encoding="utf-8") for name in (MODULE, TEMPLATE)}
    for old, new in replacements:
        assert any(old in text for text in texts.values())
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
