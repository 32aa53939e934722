import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.packs import DEFAULT, PackError, load

Edit = Callable[[str, str, str], None]
Refused = Callable[[], list[str]]


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
