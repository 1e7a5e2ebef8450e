"""What is handed on works on its own: the wheel, the source archive, and a checkout wherever it lies."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, cwd=folder)
    return next(folder.glob("examwright-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel in it; the dependencies are lent by the one that runs tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    scheme = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(scheme)
    # A plain path in a .pth file lends the packages there, but not the checkout, which is named in a .pth there.
    (Path(scheme) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists())


def test_the_wheel_holds_templates_fonts_and_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "generator/templates/convolution/conv2d.md.j2" in names
    assert "generator/templates/exams/midterm.toml" in names
    assert "generator/typeset/fonts/STIXTwoMath-Regular.ttf" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any("LICENSE-STIX" in name for name in names)
    assert not any(name.startswith(("tests", "output")) for name in names)


def test_it_lists_and_builds_from_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        command = [str(installed), "-c", "import sys; from generator.cli import main; sys.exit(main())", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [str(installed), "-c", "import generator; print(generator.__file__)"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert str(ROOT) not in where.stdout
    assert "convolution/conv2d" in run("list")
    run("show", "convolution/conv2d", "--format", "pdf", "-o", "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_the_source_archive_holds_all_that_its_makefile_and_its_tests_need(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)], check=True, cwd=ROOT
    )
    with tarfile.open(next(tmp_path.glob("examwright-*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    files = ("Makefile", "constraints.txt", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE")
    folders = ("tools/mutation.py", "benchmarks/run.py", "templates/convolution/conv2d.md.j2", "tests/conftest.py")
    assert names.issuperset((*files, *folders, "examples/pack/exercises/classification/confusion_metrics.py"))
    assert not any(name.startswith(("output/", ".venv/")) for name in names)


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_installs_in_a_folder_with_a_space(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    folder.mkdir()
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    # In place of installing: the constraints are read before anything is looked for, and pip itself is there already.
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    pip = f'"{sys.executable}" -m pip --disable-pip-version-check install --dry-run --no-index pip'
    python.write_text(f"#!/bin/sh\n{pip}\n", encoding="utf-8")
    python.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE", "MFLAGS"))}
    command = ["make", "PYTHON=true", ".venv/installed"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "already satisfied: pip" in done.stdout


def test_every_room_but_typeset_is_kept_from_reportlab() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contracts = {contract["name"]: contract for contract in settings["contracts"]}
    layers = contracts["a room imports only the rooms below it"]["layers"]
    rooms = {f"generator.{room}" for layer in layers for room in layer.split(" : ")}
    assert set(contracts["only typeset knows reportlab"]["source_modules"]) == rooms - {"generator.typeset"}
