import json
from pathlib import Path

import pytest

from tests.cli.conftest import Tocsin
from tests.harness.story import Story


async def test_a_case_is_explained_as_a_timeline_with_its_outcome(tocsin: Tocsin) -> None:
    ended = await tocsin(
        "policy", "explain", "--severity", "sev2", "--answers", "ivan=4m", "--answers", "caro=1m"
    )
    assert ended.code == 0
    assert ended.out[0].startswith("SEV2 major")
    assert any("asked" in line and "ivan (incident manager)" in line for line in ended.out)
    assert (
        "Outcome: Caro answers as L2 platform after 1 min; ivan answers as incident manager after 4 min."
        in " ".join(ended.out)
    )


async def test_a_case_is_explained_to_machines(tocsin: Tocsin) -> None:
    ended = await tocsin(
        "policy", "explain", "--lane", "financial", "--format", "json", "--at", "2027-03-28T01:30+01:00"
    )
    told = json.loads("\n".join(ended.out))
    assert told["opens_at"] == "2027-03-28T00:30:00+00:00"
    assert {row["kind"] for row in told["timeline"]} >= {"lane.asked", "lane.reminded", "lane.timed_out"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--severity", "sev9"),
            "There is no severity 'sev9'. Write SEV1 to SEV5, for example --severity SEV2.",
        ),
        (("--silent", "bob"), "Nobody here is called 'bob'."),
        (("--zone", "Oslo"), "There is no time zone 'Oslo'. Did you mean Europe/Oslo?"),
        (("--score", "users=3", "--severity", "sev1"), "scores make the severity"),
        (("--lane", "financial", "--answers", "caro=1m"), "leave out answers, or leave out the lane."),
    ],
)
async def test_a_case_that_cannot_be_computed_is_one_sentence(
    tocsin: Tocsin, words: tuple[str, ...], sentence: str
) -> None:
    ended = await tocsin("policy", "explain", *words)
    assert (ended.code, ended.out, len(ended.err)) == (2, [], 1)
    assert sentence in ended.err[0]


@pytest.mark.promise("S1-69")
async def test_two_packs_are_compared_by_key_and_by_case(tocsin: Tocsin, tmp_path: Path) -> None:
    for name in ("old", "new"):
        await tocsin("policy", "init", name)
    assert (await tocsin("policy", "diff", "old", "new")).code == 0

    severities = tmp_path / "new" / "severities.yaml"
    severities.write_text(
        severities.read_text().replace("contain: {minutes: 60}", "contain: {minutes: 45}", 1)
    )
    ended = await tocsin("policy", "diff", "old", "new")
    assert ended.code == 1
    assert any("severities.SEV1.contain" in line and "45" in line for line in ended.out)
    assert any("cases go another way" in line for line in ended.out)
    assert any(line.startswith("  +45 min") for line in ended.out)
    assert any(line.endswith("| target missed ivan, eli: to contain") for line in ended.out)
    assert "  In the same way: 23 more." in ended.out, "said once, not for every kind and hour"
    assert max(map(len, ended.out)) <= 110

    (tmp_path / "new" / "roster.yaml").write_text("roles: 3")
    assert (await tocsin("policy", "diff", "old", "new")).code == 2


@pytest.mark.promise("S1-69")
async def test_a_comparison_says_what_moving_open_incidents_would_do(
    story: Story, tocsin: Tocsin, tmp_path: Path
) -> None:
    await story.opens("ana", "Checkout is down", Business="4", Users="3", Data="0", Regulatory="0")
    for name in ("old", "new"):
        await tocsin("policy", "init", name)
    severities = tmp_path / "new" / "severities.yaml"
    severities.write_text(
        severities.read_text().replace("contain: {minutes: 60}", "contain: {minutes: 45}", 1)
    )

    ended = await tocsin("policy", "diff", "old", "new", "--against-database")
    assert ended.code == 1
    assert "1 open incident in the database" in ended.out
    said = next(line for line in ended.out if "INC-1 SEV1 Checkout is down: " in line)
    assert "contain target: 20 Nov 10:00 UTC -> " in said
    assert (await story.incident()).policy_version == (await story.audit("incident.opened"))[0].policy_version


async def test_a_simulation_prints_its_finding_and_draws_it(tocsin: Tocsin, tmp_path: Path) -> None:
    words = ("--incidents", "40", "--days", "7", "--since", "2026-11-20T00:00", "--processes", "1")
    ended = await tocsin("policy", "simulate", *words, "--plot", "found.png")
    assert ended.code == 0
    assert ended.out[0].startswith("40 incidents over 7 days from 20 November 2026, seed 1")
    assert any(line.startswith("The first people called answer ") for line in ended.out)
    assert (tmp_path / "found.png").stat().st_size > 10_000

    again = await tocsin("policy", "simulate", *words, "--format", "json")
    assert json.loads("\n".join(again.out))["finding"] in " ".join(ended.out)
    assert max(map(len, ended.out)) <= 110


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--processes", "0"), "--processes 0 is out of range. Give 1 to 256."),
        (("--incidents", "0"), "--incidents 0 is out of range. Give 1 to 1,000,000."),
        (("--mix", "sev1"), "'sev1' is no mix. Write it like sev1=3%"),
        (("--habit", "asleep"), "'asleep' is no habit. Write it like asleep=9m,0.9,25%"),
        (("--incidents", "3", "--plot", "no/such/folder.png"), "cannot be written"),
    ],
)
async def test_a_simulation_that_cannot_be_meant_is_one_sentence(
    tocsin: Tocsin, words: tuple[str, ...], sentence: str
) -> None:
    ended = await tocsin("policy", "simulate", *words)
    assert ended.code == 2
    assert sentence in ended.err[0]
