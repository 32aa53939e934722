import re
import struct
import tomllib
from pathlib import Path

import pytest

from tests.docs import pages

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets: small letters, hyphens for spaces, nothing else but word characters."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(pages.prose(path.read_text())):
        if link.startswith("https://"):
            continue
        name, _, place = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.is_relative_to(pages.ROOT), link
        assert target.exists(), link
        if place:
            assert place in map(anchor, pages.headings(target.read_text())), link


def test_every_page_is_reached_from_the_readme() -> None:
    linked = set(LINK.findall(pages.page("README.md")))
    assert {f"docs/{path.name}" for path in pages.DOCS.glob("*.md")} | {"CHANGELOG.md", "LICENSE"} <= linked


def test_the_picture_is_one_that_a_page_can_carry() -> None:
    picture = (pages.DOCS / "sandbox.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1280, 800)
    assert len(picture) < 300_000


def test_the_changelog_begins_with_this_version() -> None:
    version = tomllib.loads((pages.ROOT / "pyproject.toml").read_text())["project"]["version"]
    first = pages.headings(pages.page("CHANGELOG.md"))[1]
    assert first in ("[Unreleased]", f"[{version}]") or first.startswith(f"[{version}] - ")
