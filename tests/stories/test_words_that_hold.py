"""What a message says is still true when it is read, and says what to do about it."""

from typing import Any

import pytest

from tests.harness.story import Story

ROOM = "inc-1-checkout-is-down"
BRIEF = "Post exactly this text (executive brief)."


async def opens(story: Story, **more: Any) -> None:
    answers: dict[str, Any] = {"Business": "3", "Users": "2", "Data": "0", "Regulatory": "0", **more}
    await story.opens("ana", "Checkout is down", **answers)


def newest(story: Story, who: str, words: str, channel: str = ROOM) -> str:
    return str([text for text in story.person(who).reads(channel) if words in text][-1])


@pytest.mark.promise("S0-51")
async def test_at_half_time_the_text_to_approve_stands_there(story: Story) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")

    await story.minutes_pass(30)

    reminder = [text for text in story.mona.inbox if "half the time has gone" in text][-1]
    assert "Why this severity: SEV2 because Business impact is 3" in reminder
    assert reminder.index("Why this severity") < reminder.index("To decide: comms lead")


@pytest.mark.promise("M-03")
async def test_a_draft_of_another_severity_warns_whoever_would_approve_it(story: Story) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")
    assert not any(":warning: This text says" in text for text in story.mona.inbox)

    await story.ivan.runs("/incident", "sev 1 Everybody sees it", channel=ROOM)

    draft = [text for text in story.mona.inbox if BRIEF in text][-1]
    assert "This text says SEV2; the incident is SEV1 now. Change it before you approve it" in draft


async def test_a_draft_about_a_private_incident_says_who_would_read_it(story: Story) -> None:
    await opens(story, Which_of_these=["Keep it private"])

    draft = [text for text in story.mona.inbox if BRIEF in text][-1]
    assert ":lock: This incident is private. Once approved, everybody in the channel" in draft


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        ("External", "Customers: not told anything yet"),
        ("Internal", "Customers: not affected as far as we know"),
    ],
)
async def test_a_stage_says_of_customers_what_the_triage_found(story: Story, reach: str, said: str) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")
    await story.ivan.runs("/incident", "next Roll back @dev", channel=ROOM)
    await story.ivan.submits()
    await story.triages("ivan", ROOM, How_far=reach)

    await story.ivan.clicks("Contain", channel=ROOM)

    assert said in newest(story, "ivan", "moved to contain")


async def test_a_stage_says_that_what_is_late_is_late(story: Story) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")
    await story.ivan.runs("/incident", "next Roll back @dev", channel=ROOM)
    await story.ivan.submits()
    await story.triages("ivan", ROOM)
    await story.minutes_pass(31)

    await story.ivan.clicks("Contain", channel=ROOM)

    text = newest(story, "ivan", "moved to contain")
    assert "Next step: Roll back (@dev, overdue since 10:30)" in text
    assert "Next update: overdue since 10:30" in text


async def test_the_severity_by_advice_is_one_plain_sentence(story: Story) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")
    await story.caro.says("All customers see errors now", channel=ROOM)
    await story.ivan.clicks("Approve", channel=ROOM, on="AI suggestion")

    incident = await story.incident()
    assert (
        incident.severity_reason
        == "SEV1 because all users are said to be affected (Users affected: 50% or more, or all tenants)."
    )
    assert "rule users-everyone" in newest(story, "ivan", "AI suggestion"), "where it comes from stays there"


@pytest.mark.promise("S3-27")
async def test_whoever_had_it_is_asked_again_in_the_second_person(story: Story) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")

    await story.minutes_pass(61)

    page = [text for text in story.ivan.inbox if "you are asked to take" in text][-1]
    assert "Why you: you had it, and nothing was heard from you for a while." in page


async def test_a_page_that_went_on_offers_no_way_to_decline(story: Story) -> None:
    await opens(story)
    assert any("[Decline]" in text for text in story.ivan.inbox)

    await story.until(9, 15, 1)

    page = next(text for text in story.ivan.inbox if "as incident manager" in text)
    assert "You can still take it" in page
    assert "[Decline]" not in page
    assert "[Acknowledge]" in page


async def test_what_was_never_done_is_not_ticked_off_by_the_close(story: Story) -> None:
    await story.opens("ben", "Checkout is down", Business="0", Users="0", Data="0", Regulatory="0")
    await story.ana.joins(ROOM)
    await story.ana.clicks("Acknowledge")
    await story.ana.runs("/incident", "next Tidy up @ben", channel=ROOM)
    await story.ana.submits()
    await story.minutes_pass(60 * 24 * 12)
    assert any("overdue since" in text and "Tidy up" in text for text in story.ben.inbox)

    await story.ana.runs("/incident", "close", channel=ROOM)
    await story.ana.fills(
        {
            "What caused it": "Dust",
            "How sure": "Root cause",
            "What was done": "Nothing",
            "How do you know": "Seen by ana",
        }
    )
    await story.ana.submits()

    told = [text for text in story.ben.inbox if "Tidy up" in text]
    assert told
    assert not any(":white_check_mark:" in text for text in told)
    closed = newest(story, "ana", "is closed after")
    assert "UTC" not in closed
    assert "This channel is archived" in closed


async def test_what_is_late_is_late_in_my_list_and_on_my_home_too(story: Story) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")

    await story.minutes_pass(31)

    (owed, *_) = await story.ivan.runs("/incident", "mine", channel=ROOM)
    assert "say what the next step is, :warning: overdue since today at 10:30" in owed
    await story.ivan.opens_home()
    assert ":warning: overdue since today at 10:30" in story.ivan.home


async def test_a_task_says_who_does_what_by_when(story: Story) -> None:
    await opens(story)
    await story.ivan.clicks("Acknowledge")

    await story.ivan.runs("/incident", "stop S-03 The key stands in the build log", channel=ROOM)

    asked = next(text for text in story.sam.inbox if "please do this by" in text)
    assert "@sam: on INC-1 (SEV2): Checkout is down, as security, please do this by" in asked


async def test_the_card_asks_for_an_answer_only_while_one_is_owed(story: Story) -> None:
    await opens(story)
    assert "Acknowledge by" in newest(story, "ivan", "Internal update by")

    await story.ivan.clicks("Acknowledge")
    await story.caro.clicks("Acknowledge")

    assert "Acknowledge by" not in newest(story, "ivan", "Internal update by")
