from bot.domain.decision import NoticeKind
from bot.domain.incident import ChannelState, Incident
from storage import outbox
from tests.harness.story import ACME, Story

SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
OUTSIDE = ("esc-catchall", "esc-incidents", "general", "executive-briefs")


async def a_private_one_without_a_channel(story: Story) -> Incident:
    story.sandbox.workspace.restricted.add("conversations.create")
    return await story.opens("ana", "Payroll was copied", **SEV2, Which=["Keep it private"])


async def test_nothing_of_it_is_told_outside_and_people_are_asked_in_person(story: Story) -> None:
    incident = await a_private_one_without_a_channel(story)
    await story.minutes_pass(40)

    assert (incident.channel_state, incident.channel_id) == (ChannelState.FALLBACK, None)
    assert story.ana.sees("private incident INC-1 (SEV2) has no channel of its own", channel="esc-catchall")
    for place in OUTSIDE:
        assert not story.ana.sees("Payroll", channel=place)
        assert not story.ana.sees("key function", channel=place), "nor why it is so bad"
    for name in ("ivan", "judy", "eli"):
        assert any("Payroll was copied" in text for text in story.person(name).inbox), name
    await story.judy.clicks("Acknowledge")
    assert len(await story.audit("ack.received")) == 1
    aside = await story.reads(outbox.aside_ones, ACME)
    assert [one.kind for one in aside] == [NoticeKind.CREATE_CHANNEL], "everything else arrived, or waits"


async def test_what_was_meant_for_its_channel_stands_there_once_it_is_made(story: Story) -> None:
    await a_private_one_without_a_channel(story)
    await story.ana.clicks("Make the channel", channel="esc-catchall")
    assert (await story.incident()).channel_state is ChannelState.FALLBACK, "nothing was mended yet"

    story.sandbox.workspace.restricted.clear()
    await story.minutes_pass(1)
    await story.ana.clicks("Make the channel", channel="esc-catchall")
    made = await story.incident()
    assert made.channel_state is ChannelState.READY
    assert made.channel_name == "inc-1-private"
    assert story.ivan.sees("Payroll was copied", channel="inc-1-private")
    assert story.ana.sees("private incident INC-1 (SEV2) has its channel now", channel="esc-catchall")
    assert not story.gus.sees("Payroll", channel="inc-1-private")


async def test_of_a_night_of_alarms_its_new_channel_hears_the_last(story: Story) -> None:
    incident = await a_private_one_without_a_channel(story)
    await story.minutes_pass(60 * 10)
    story.sandbox.workspace.restricted.clear()
    await story.ana.clicks("Make the channel", channel="esc-catchall")

    room = (await story.incident()).channel_name
    assert room is not None
    alarms = [text for text in story.ana.reads(room) if "Nobody has answered for" in text]
    assert len(alarms) == len([i for i in await story.items() if i.state == "exhausted"])
    kinds = {event.data["notice"] for event in await story.audit("notify.failed")}
    assert NoticeKind.ALARM.value not in kinds, incident.key
