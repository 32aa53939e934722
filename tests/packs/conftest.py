import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.packs import DEFAULT, PackError, load

Edit = Callable[[str, str, str], None]
Refused = Callable[[], list[str]]
Misfit = Callable[[str, str, str, str], None]
Change = Callable[[str, Callable[[Any], object]], None]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT, tmp_path / "pack"))


@pytest.fixture
def edit(pack: Path) -> Edit:
    def edited(name: str, old: str, new: str) -> None:
        path = pack / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return edited


@pytest.fixture
def refused(pack: Path) -> Refused:
    def problems() -> list[str]:
        with pytest.raises(PackError) as broken:
            load(pack)
        return [str(problem) for problem in broken.value.problems]

    return problems


@pytest.fixture
def misfit(edit: Edit, refused: Refused) -> Misfit:
    """Put into a file what does not fit: the pack is refused, saying what and where, and nothing of any other file."""

    def is_named(file: str, old: str, new: str, expected: str) -> None:
        edit(file, old, new)
        problems = refused()
        assert any(expected in problem for problem in problems), problems
        assert all(problem.startswith(f"{file}:") for problem in problems)

    return is_named


@pytest.fixture
def change(pack: Path) -> Change:
    """Change a file of the pack as data."""

    def changed(name: str, how: Callable[[Any], object]) -> None:
        yaml = YAML(typ="safe", pure=True)
        path = pack / name
        content = yaml.load(path.read_text())
        how(content)
        with path.open("w") as out:
            yaml.dump(content, out)

    return changed
