import pytest

from bot.domain.incident import Severity
from tests.harness.story import Story

ROOM = "inc-1-search-is-slow"
SEV1 = {"Business": "4", "Users": "4", "Data": "0", "Regulatory": "0"}


async def sev1_is_led(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV1)
    for name in ("ivan", "eli", "tess", "mona"):
        await story.person(name).clicks("Acknowledge", on="you are asked")


@pytest.mark.promise("S1-05")
async def test_the_first_card_shows_four_times_by_the_clock(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV1)
    [card, *_] = [text.splitlines() for text in story.ana.reads(ROOM) if "Contain by" in text]
    shown = {line: card[at + 1] for at, line in enumerate(card) if line.endswith(" by")}
    assert {
        label: shown[f"{label} by"] for label in ("Acknowledge", "Contain", "Resolve", "Internal update")
    } == {
        "Acknowledge": "10:05",
        "Contain": "11:00",
        "Resolve": "14:00",
        "Internal update": "10:15",
    }, "by the clock of who reads: ana's is an hour ahead of UTC"


@pytest.mark.promise("S0-29", "S3-02")
async def test_a_missed_target_reaches_the_lead_the_next_level_and_the_card(story: Story) -> None:
    await sev1_is_led(story)
    await story.until(9, 59)
    assert not await story.audit("target.missed")
    await story.until(10, 1)
    [missed] = await story.audit("target.missed")
    assert (missed.data["target"], missed.rule) == ("contain", "target.contain")
    for name in ("ivan", "eli"):
        assert any("was to be contained by" in text for text in story.person(name).inbox), name
    assert any("is it worse than SEV1?" in text for text in story.ivan.inbox), "asked to reconsider"
    assert story.ana.sees("not contained in time", channel=ROOM)

    await story.until(13, 1)
    assert [e.data["target"] for e in await story.audit("target.missed")] == ["contain", "resolve"]
    assert any("was to be resolved by" in text for text in story.xena.inbox), "the level above"
    await story.until(15)
    assert len(await story.audit("target.missed")) == 2, "each is said once"


async def test_a_target_that_is_met_is_not_missed_and_one_step_back_is(story: Story) -> None:
    await sev1_is_led(story)
    await story.triages("ivan", ROOM)
    await story.ivan.clicks("Contain", channel=ROOM)
    await story.until(9, 30)
    await story.ivan.clicks("Diagnose", channel=ROOM)
    await story.until(10, 5)
    assert not await story.audit("target.missed"), "it was contained in time"
    await story.ivan.clicks("Contain", channel=ROOM)
    await story.until(10, 10)
    assert [e.data["target"] for e in await story.audit("target.missed")] == ["contain"], "the harm is back"


async def test_a_worse_severity_has_targets_of_its_own_to_miss(story: Story) -> None:
    await story.opens("ana", "Search is slow", Business="3", Users="2", Data="0", Regulatory="0")
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.until(10, 30)
    await story.ivan.runs("/incident", "sev 1 everything is down", channel=ROOM)
    assert (await story.incident()).severity is Severity.SEV1
    await story.until(10, 39)
    assert not await story.audit("target.missed"), "nobody is late at once"
    await story.until(10, 41)
    assert [e.data["target"] for e in await story.audit("target.missed")] == ["contain"]
