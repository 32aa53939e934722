from pathlib import Path

import pytest

from tests.cli.conftest import Tocsin
from tests.harness.story import Story
from tests.stories.packs import a_copy, edit

L3 = "l3: {primary: [eli@acme.example], backup: [fay@acme.example]"
GONE = "l3: {primary: [gone@acme.example], backup: [fay@acme.example]"


@pytest.fixture
def pack(tmp_path: Path, empty_folder: Path) -> Path:
    made = a_copy(tmp_path)
    edit(made, "roster.yaml", L3, GONE)
    return made


async def test_a_case_is_explained_with_whoever_is_there_now(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    asked = ("policy", "explain", str(pack), "--severity", "SEV1", "--at", "2026-11-18T09:00Z")
    believed, live = await tocsin(*asked), await tocsin(*asked, "--live")

    assert (believed.code, live.code, live.err) == (0, 0, [])
    assert "gone (L3 database)" in "\n".join(believed.out)
    told = " ".join(" ".join(live.out).split())
    assert "gone" not in told
    assert "L3 database - rung 1: primary; nobody holds the place" in told


async def test_a_simulation_plays_the_people_of_the_workspace(
    story: Story, tocsin: Tocsin, pack: Path
) -> None:
    played = await tocsin("policy", "simulate", str(pack), "--incidents", "60", "--processes", "1", "--live")
    assert (played.code, played.err) == (0, [])
    assert not [line for line in played.out if line.strip().startswith("gone")]


@pytest.mark.parametrize("command", ["explain", "simulate"])
async def test_without_a_workspace_it_says_what_is_missing(tocsin: Tocsin, command: str) -> None:
    asked = await tocsin("policy", command, "--live")
    assert (asked.code, asked.out) == (2, [])
    assert asked.err[0].startswith("--live asks your workspace.")
    assert "SLACK_BOT_TOKEN" in asked.err[0]


async def test_a_calendar_that_nobody_reads_here_is_said(tocsin: Tocsin, pack: Path) -> None:
    text = (pack / "schedules.yaml").read_text()
    feed = '    feed: {url: "https://calendar.acme.example/on-call.ics"}\n'
    (pack / "schedules.yaml").write_text(text.replace("    timezone: UTC\n", f"    timezone: UTC\n{feed}", 1))
    asked = await tocsin("policy", "explain", str(pack), "--severity", "SEV1")
    assert asked.code == 0
    assert asked.err[0].startswith("Calendar feeds are not read here (Support, week about)")
