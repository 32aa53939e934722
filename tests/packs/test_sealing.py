import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import packs
from bot.packs import sealing


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(packs.DEFAULT, tmp_path / "pack")
    return tmp_path / "pack"


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (folder := tmp_path / "rules").mkdir()
    (folder / "rule.py").write_text("at_most = 5\n")
    monkeypatch.setattr(sealing, "_RULES", (folder,))
    return folder


def sealed(pack: Path) -> str:
    return packs.seal(packs.gather(pack))


def test_the_same_pack_has_the_same_seal_wherever_it_lies(pack: Path) -> None:
    assert sealed(pack) == sealed(packs.DEFAULT)


@pytest.mark.parametrize(
    "change",
    [
        lambda pack: (pack / "policy.yaml").write_text((pack / "policy.yaml").read_text() + "# Seen.\n"),
        lambda pack: (pack / "policy.yaml").rename(pack / "other.yaml"),
        lambda pack: next((pack / "templates").glob("*.j2")).write_text("Nothing."),
        lambda pack: next((pack / "templates").glob("*.j2")).unlink(),
        lambda pack: (pack / "more.yaml").write_text("\n"),
        lambda pack: (pack / "more.yml").write_text("\n"),
    ],
    ids=["a letter", "a name", "a text", "a text less", "a file more", "a file that is not read"],
)
def test_whatever_a_pack_is_made_of_changes_its_seal(pack: Path, change: Callable[[Path], object]) -> None:
    before = sealed(pack)
    change(pack)
    assert sealed(pack) != before


def test_another_rule_changes_the_seal(pack: Path, rules: Path) -> None:
    before = sealed(pack)
    (rules / "rule.py").write_text("at_most = 4\n")
    assert sealed(pack) != before


def test_another_version_of_a_library_changes_the_seal(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealed(pack)
    monkeypatch.setattr(sealing, "version", lambda name: "0" if name == "rule-engine" else "1")
    assert sealed(pack) != before
