"""Packs that a story edits, as an organisation edits its own."""

import shutil
from pathlib import Path

from bot import packs


def a_copy(home: Path) -> Path:
    """Return a copy of the default pack."""
    folder = home / "policy"
    shutil.copytree(packs.DEFAULT, folder)
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change one thing in one file of a pack."""
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text, f"{name} does not say {old!r}"
    file.write_text(text.replace(old, new, 1), "utf-8")
