"""The wheel works on its own, away from the checkout."""

import subprocess
import sys
import sysconfig
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
