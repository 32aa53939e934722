from pathlib import Path

import pytest

from tests.cli.conftest import Tocsin
from tests.harness.story import Story
from tests.stories.packs import a_copy, edit

L3 = "l3: {primary: [eli@acme.example], backup: [fay@acme.example]"


@pytest.fixture
def pack(tmp_path: Path, empty_folder: Path) -> Path:
    return a_copy(tmp_path)


async def test_a_page_would_arrive(story: Story, tocsin: Tocsin) -> None:
    ended = await tocsin("policy", "ready")
    assert (ended.code, ended.err) == (0, [])
    assert ended.out[-1].startswith("ok   a page would arrive. Looked at: now (")
    for name in ("tonight (", "the next holiday ("):
        assert name in ended.out[-1]


async def test_a_page_that_would_reach_nobody_is_found_before_it_is_sent(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    edit(pack, "roster.yaml", L3, "l3: {primary: [gone@acme.example], backup: [lost@acme.example]")
    ended = await tocsin("policy", "ready", str(pack))
    assert ended.code == 1
    assert ended.out[0].startswith("FIX  nobody         Nobody would be asked as L3 database: now, tonight")
    assert "look unmapped       gone@acme.example has not been looked up in Slack yet." in "\n".join(
        ended.out
    )
    assert ended.out[-1].startswith("NOT  a page might not arrive: 1 to put right.")


async def test_asked_live_slack_says_who_is_there(story: Story, tocsin: Tocsin, pack: Path) -> None:
    edit(pack, "roster.yaml", L3, "l3: {primary: [gone@acme.example], backup: [fay@acme.example]")
    ended = await tocsin("policy", "ready", str(pack), "--live")
    assert ended.code == 0, "the backup would be asked"
    assert "look unmapped       gone@acme.example stands for nobody in Slack." in "\n".join(ended.out)
    assert "look no_primary     L3 database has no primary: now" in "\n".join(ended.out)


async def test_without_a_bot_that_ever_ran_it_cannot_be_told(tocsin: Tocsin) -> None:
    ended = await tocsin("policy", "ready")
    assert (ended.code, ended.out) == (2, [])
    assert "tocsin run" in ended.err[0]
