import pytest

from blocks.lists import COMMANDS
from tests.harness.story import Story

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
SEV4 = {"Business": "1", "Users": "0", "Data": "0", "Regulatory": "0"}


async def answer(story: Story, name: str, words: str, channel: str = "general") -> str:
    return "\n".join(await story.person(name).runs("/incident", words, channel=channel))


@pytest.mark.promise("S3-06")
async def test_who_is_asked_now_who_is_next_and_when(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    before = await answer(story, "caro", "who", ROOM)
    assert "Asked now as incident manager: @ivan, answer by 10:15. Next: @judy at 10:15." in before
    assert "Why: your role is called in at this severity." in before

    await story.minutes_pass(16)
    await story.dev.clicks("Acknowledge")
    after = await answer(story, "ana", "who", ROOM)
    assert "incident manager: @judy" in after
    assert "L2 platform: @dev has it since 10:16." in after
    assert story.caro.told[-1] == before, "an answer stays with whoever asked"


async def test_the_list_shows_the_worst_first_and_says_when_there_is_none(story: Story) -> None:
    assert "No incident is open." in await answer(story, "ana", "list")
    await story.opens("ana", "A report is wrong", **SEV4)
    await story.opens("ana", "Checkout is down", **SEV2)
    listed = await answer(story, "ben", "list")
    assert listed.index("INC-2 (SEV2): Checkout is down") < listed.index("INC-1 (SEV4): A report is wrong")
    assert "#inc-2-checkout-is-down" in listed


async def test_mine_is_what_i_owe_soonest_first(story: Story) -> None:
    assert await answer(story, "ivan", "mine") == "You owe nothing now."
    await story.opens("ana", "Checkout is down", **SEV2)
    mine = await answer(story, "ivan", "mine")
    assert mine.index("acknowledge as incident manager, by today at 10:15") < mine.index(
        "say what the next step is, by today at 10:45"
    )

    await story.ivan.clicks("Acknowledge")
    assert "acknowledge" not in await answer(story, "ivan", "mine")


@pytest.mark.parametrize("words", ["help", ""])
async def test_help_lists_every_word(story: Story, words: str) -> None:
    told = await answer(story, "ana", words)
    assert all(f"/incident {usage}" in told for usage in COMMANDS)
    assert "/escalate" in told


async def test_what_i_owe_names_my_role_as_people_do(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    assert "acknowledge as L2 platform" in await answer(story, "caro", "mine")


async def test_home_shows_what_i_owe_with_buttons_that_work(story: Story) -> None:
    await story.ivan.opens_home()
    assert "Nothing now." in story.ivan.home
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.opens_home()
    assert (
        "INC-1 (SEV2): Checkout is down: acknowledge as incident manager, by today at 10:15"
        in story.ivan.home
    )
    assert "waiting for an answer" in story.ivan.home

    await story.ivan.clicks("Acknowledge")
    assert [event.actor for event in await story.audit("ack.received")] == ["U0IVAN"]
    await story.ivan.opens_home()
    assert "acknowledge as" not in story.ivan.home
    assert "being worked on" in story.ivan.home

    await story.ben.opens_home()
    await story.ben.clicks("Open an incident")
    assert story.ben.form.title == "Open an incident"
