from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from generator.cli import main
from generator.exercise import Registry, make_instance
from generator.formats.record import instance_record
from generator.wording import word


def words(page: str) -> str:
    return re.sub(r"\s+", " ", page)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gallery") / "gallery.pdf"
    assert main(["gallery", "--level", "easy", "--seed", "3", "-o", str(path)]) == 0
    return path


def test_every_type_is_in_the_outline_by_topic_and_on_its_page(gallery: Path, registry: Registry) -> None:
    reader = PdfReader(gallery)
    kinds = list(registry)
    topics = [entry.title for entry in reader.outline if isinstance(entry, Destination)]
    assert topics == list(dict.fromkeys(kind.topic.capitalize() for kind in kinds))
    groups = [group for group in reader.outline if isinstance(group, list)]
    entries = [entry for group in groups for entry in group if isinstance(entry, Destination)]
    assert [entry.title for entry in entries] == [kind.about.title for kind in kinds]
    contents = words("".join(page.extract_text() for page in reader.pages[:2]))
    for entry, kind in zip(entries, kinds, strict=True):
        number = reader.get_destination_page_number(entry)
        assert number is not None
        text = words(reader.pages[number].extract_text())
        assert kind.slug in text
        assert kind.about.title in text
        assert re.search(rf"{re.escape(kind.about.title)}[ .]* {number + 1}\b", contents)


def test_every_question_is_followed_by_its_key(gallery: Path, registry: Registry) -> None:
    text = words(" ".join(page.extract_text() for page in PdfReader(gallery).pages[1:]))
    for kind in registry:
        question, key = text.index(f"{kind.slug} "), text.index(f"{kind.about.title}: answer key")
        assert question < key
        assert "Solution" not in text[question:key]


def test_it_shows_the_instances_of_the_command_show(gallery: Path, registry: Registry) -> None:
    instance = make_instance(registry.get("convolution/receptive-field"), "3/1/convolution/receptive-field", "easy")
    answer = instance_record(instance, word(instance))["parts"][0]["answer"]["exact"]
    text = words(" ".join(page.extract_text() for page in PdfReader(gallery).pages))
    shown = text[text.index("Receptive field of a convolutional network: answer key") :]
    for name, value in answer.items():
        assert f"{name[0]}{name[-1]} = {value}" in shown.replace("_", "")


def test_the_same_command_gives_the_same_bytes(gallery: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pdf"
    assert main(["gallery", "--level", "easy", "--seed", "3", "--output", str(again)]) == 0
    assert again.read_bytes() == gallery.read_bytes()


def test_a_template_at_fault_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "pack"
    assert main(["new", "topic/wrong", "--pack", str(pack)]) == 0
    template = pack / "templates" / "topic" / "wrong.md.j2"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("Compute", "![](figure:none)\n\nCompute"), encoding="utf-8")
    for command in (["gallery"], ["show", "topic/wrong", "--format", "pdf"]):
        capsys.readouterr()
        assert main([*command, "--pack", str(pack), "-o", str(tmp_path / "out.pdf")]) == 1
        error = capsys.readouterr().err
        assert "template of topic/wrong: in the finished text, line 1: there is no figure 'none'" in error
    assert not (tmp_path / "out.pdf").exists()


def test_mistakes_are_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gallery", "--level", "esy"]) == 1
    assert "easy" in capsys.readouterr().err
    assert main(["gallery", "-o", str(tmp_path / "missing" / "gallery.pdf")]) == 1
    assert "cannot be written" in capsys.readouterr().err
