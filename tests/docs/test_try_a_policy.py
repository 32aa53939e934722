import re
import shlex
import shutil
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import packs
from bot.cli.commands import app
from bot.rehearsal import habits
from tests.docs import pages

PAGE = pages.page("try-a-policy.md")
SHOWN = re.findall(r"^```sh\n(tocsin [^\n]*)\n```\n\n```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def two_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default pack as `policy`, and as `new` with the change that the page tells."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.clock.system_clock", lambda: datetime(2026, 11, 21, 9, tzinfo=UTC))
    for name in ("policy", "new"):
        shutil.copytree(packs.DEFAULT, name)
    changed = Path("new/severities.yaml")
    before, sev2, rest = changed.read_text().partition("  SEV2:\n")
    rest = rest.replace("ask: [primary], wait: {minutes: 15}", "ask: [primary], wait: {minutes: 10}", 1)
    changed.write_text(before + sev2 + rest)


@pytest.mark.usefixtures("two_packs")
@pytest.mark.parametrize(("line", "excerpt"), SHOWN, ids=[line for line, _ in SHOWN])
def test_each_command_prints_what_the_page_shows(line: str, excerpt: str) -> None:
    printed = CliRunner().invoke(app, shlex.split(line)[1:]).output
    assert pages.shows(excerpt, printed), printed


def test_most_commands_are_shown_with_what_they_print() -> None:
    assert {line.split()[2] for line, _ in SHOWN} == {"check", "matrix", "explain", "diff", "simulate"}


def test_the_habits_are_those_that_can_be_said() -> None:
    assert set(re.findall(r"--habit (\w+)=", PAGE)) == set(habits.Awake)


def test_the_picture_of_a_simulation_is_one_that_a_page_can_carry() -> None:
    picture = (pages.DOCS / "simulation.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    assert 1000 < width < 2000 > height > 600
    assert len(picture) < 300_000
