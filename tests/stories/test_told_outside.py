from tests.harness.story import Story

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}


async def told(story: Story, audience: str) -> list[str]:
    return [e.data["text"] for e in await story.audit("comms.posted") if e.data["audience"] == audience]


async def test_whoever_moves_the_stage_may_approve_the_bots_own_draft(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.mona.joins(ROOM)
    await story.triages("mona", ROOM)
    await story.mona.clicks("Contain", channel=ROOM)
    assert story.mona.sees("Proposed by Tocsin", channel=ROOM)
    await story.mona.clicks("Approve", channel=ROOM, on="entered Contain")

    assert story.xena.sees("next brief by 10:00 UTC", channel="executive-briefs")
    assert not story.xena.sees("Decisions needed", channel="executive-briefs")
    moved = await story.audit("stage.entered")
    assert [e.data["by"] for e in moved] == ["U0MONA"]


async def test_a_text_counts_as_told_when_it_stands_there_and_not_before(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    story.room("executive-briefs").members.remove("U0TOCSIN")
    await story.mona.clicks("Approve", on="executive brief")
    assert len(await story.audit("comms.approved")) == 1
    assert await told(story, "executive") == []

    story.room("executive-briefs").members.append("U0TOCSIN")
    await story.triages("ivan", ROOM)
    await story.ivan.clicks("Contain", channel=ROOM)
    await story.mona.clicks("Approve", channel=ROOM, on="entered Contain")
    assert len(await told(story, "executive")) == 1
    assert len(await told(story, "internal")) == 1
    assert story.mona.sees("Approved by @mona at 09:00, and posted", channel=ROOM)


async def test_a_finished_step_is_said_in_one_line_and_an_overdue_one_is_marked(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.clicks("Acknowledge")
    await story.ivan.runs("/incident", "next Roll back release 41 @eli", channel=ROOM)
    await story.ivan.submits()
    assert not story.ivan.sees("overdue since", channel=ROOM)
    await story.minutes_pass(95)
    assert story.ivan.sees("(@eli, :warning: overdue since 10:30)", channel=ROOM)

    reminders = [text for text in story.eli.inbox if "the next step is overdue" in text]
    assert len(reminders) == 1, "only the newest goes on asking"
    await story.eli.clicks("Done", on="the next step is overdue")
    assert story.ivan.sees("@eli finished at 11:35: Roll back release 41", channel=ROOM)


async def test_every_alarm_is_a_new_message_and_an_answer_redraws_only_the_newest(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.minutes_pass(60 * 10)
    alarms = [text for text in story.ana.reads("esc-catchall") if "INC-1" in text]
    assert len([text for text in alarms if "sounded again since" in text]) >= 10
    loud = [text for text in alarms if "Nobody has answered for" in text]
    exhausted = [item for item in await story.items() if item.state == "exhausted"]
    assert len(loud) == len(exhausted) == 2, "one for each role"

    before = len(story.calls("chat.update"))
    await story.ana.clicks("Acknowledge", channel="esc-catchall")
    assert story.ivan.sees("@ana has INC-1", channel="esc-catchall")
    catch_all = story.room("esc-catchall").id
    assert [call.args["channel"] for call in story.calls("chat.update")[before:]].count(catch_all) == 1
