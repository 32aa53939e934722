from bot.domain.incident import Status
from bot.domain.items import ItemKind
from tests.harness.story import Story

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
FOUND = {
    "What caused it": "A full disk",
    "How sure": "Root cause",
    "What was done": "Grew the disk",
    "How do you know": "60 minutes without errors",
}


async def answers(story: Story) -> dict[str | None, str | None]:
    return {item.role: item.answered_by for item in await story.items() if item.kind is ItemKind.ACKNOWLEDGE}


async def test_a_double_click_on_the_card_takes_no_page_of_another_role(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    button = story.ivan.button("Acknowledge", channel=ROOM)
    await story.ivan.clicks_again(button)
    told = await story.ivan.clicks_again(button)

    assert "Still asked: caro as L2 platform" in " ".join(told)
    assert await answers(story) == {"incident_manager": "U0IVAN", "l2": None}


async def test_somebody_who_is_not_asked_is_told_who_is(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.eli.joins(ROOM)
    told = await story.eli.runs("/incident", "ack", channel=ROOM)

    assert "You are not asked on INC-1" in " ".join(told)
    assert set((await answers(story)).values()) == {None}


async def test_a_reminder_of_a_finished_step_says_who_finished_it(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.runs("/incident", "next Roll back @eli", channel=ROOM)
    await story.ivan.submits()
    await story.minutes_pass(25)
    await story.eli.clicks("Done")

    assert not any("has INC-1" in text for text in story.eli.inbox)
    assert all("done by @eli" in text for text in story.eli.inbox)


async def test_an_old_reminder_does_not_go_on_asking_who_has_declined(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.minutes_pass(8)
    await story.caro.clicks("Decline")

    assert not any("still waits for you" in text for text in story.caro.inbox)
    assert all("Asked in your place: @dev" in text for text in story.caro.inbox)


async def test_a_close_asked_before_a_raise_needs_what_the_higher_severity_needs(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ana.clicks("Close", channel=ROOM)
    await story.ana.fills(FOUND)
    await story.ana.submits()
    seen = story.ivan.button("Approve", channel=ROOM, on="Close to approve")
    await story.ivan.runs("/incident", "sev 1 every tenant is down", channel=ROOM)

    told = await story.ivan.clicks_again(seen)
    assert "changed after you saw it" in " ".join(told)
    await story.ivan.clicks("Approve", channel=ROOM, on="Close to approve")
    assert (await story.incident()).status is not Status.CLOSED
    await story.tess.clicks("Approve", on="Close to approve")
    assert (await story.incident()).status is Status.CLOSED


async def test_an_update_that_slack_refuses_is_said_to_be_missing(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    story.room("executive-briefs").members.remove("U0TOCSIN")
    await story.mona.clicks("Approve", on="executive brief")

    assert story.ivan.sees("the update could not be posted in the channel for executives", channel=ROOM)


async def test_the_alarm_of_a_private_incident_does_not_name_it_outside(story: Story) -> None:
    await story.opens("ana", "Payroll was copied", **SEV2, Which=["Keep it private"])
    await story.minutes_pass(60 * 4)

    assert story.ana.sees("Nobody has answered for the private incident INC-1 (SEV2)", channel="esc-catchall")
    for place in ("esc-catchall", "esc-incidents", "general"):
        assert not story.ana.sees("Payroll", channel=place)


async def test_a_guest_opens_nothing_and_takes_nothing(story: Story) -> None:
    guest = story.person("gus")
    told = await guest.runs("/incident", "open Let me in")
    assert "guests from outside cannot" in " ".join(told)
    assert guest.form is None

    await story.opens("ana", "Checkout is down", **SEV2)
    await story.minutes_pass(60 * 4)
    alarm = story.ivan.button("Acknowledge", channel="esc-catchall")
    await guest.clicks_again(alarm)
    assert set((await answers(story)).values()) == {None}


async def test_a_guest_a_leaver_or_a_stranger_cannot_be_given_a_step(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    for name in ("gus", "dela", "extern"):
        await story.ivan.runs("/incident", "next Roll back", channel=ROOM)
        await story.ivan.fills({"Who does it": name})
        await story.ivan.submits()
        assert "active person of this workspace" in story.ivan.form.errors["Who does it?"], name
        await story.ivan.closes()
    assert not await story.audit("nextstep.set")
