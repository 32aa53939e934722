from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.sandbox.ui_bot import MANIFEST
from tests.sandbox.ui_stage import Stage, on_stage

pytestmark = pytest.mark.browser


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with on_stage() as running:
        yield running


async def test_a_click_reaches_the_bot_and_the_card_shows_who_made_it(stage: Stage) -> None:
    await stage.bot.open_card()
    page = await stage.page(place="C0ESCINCIDENTS")

    await page.get_by_role("button", name="Acknowledge").click()

    await expect(page.locator(".section-fields")).to_contain_text("Acknowledged by @ana")
    [heard] = stage.bot.actions
    assert heard["user"]["id"] == "U0ANA"
    assert heard["actions"][0]["value"] == "7"


async def test_the_bot_hears_of_a_click_only_after_its_question_is_answered(stage: Stage) -> None:
    await stage.bot.open_card()
    page = await stage.page(place="C0ESCINCIDENTS")

    await page.get_by_role("button", name="Escalate now").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Caro is asked at once")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert stage.bot.choices.empty()

    await page.get_by_role("button", name="Escalate now").click()
    await page.get_by_role("button", name="Ask Caro").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert set(await stage.bot.heard_choices(1)) == {"any3"}


async def test_a_person_is_told_when_the_bot_does_not_answer_in_time(stage: Stage) -> None:
    stage.sandbox.delivery.patience = 0.2
    await stage.bot.showcase()
    page = await stage.page()

    await page.get_by_role("button", name="Never answers").click()
    await expect(page.locator("#toasts")).to_contain_text("did not answer in time")

    await page.get_by_label("Message #general").fill("/sleep now")
    await page.keyboard.press("Enter")
    await expect(page.locator("#toasts")).to_contain_text('/sleep failed with the error "operation_timeout"')
    await expect(page.get_by_label("Message #general")).to_have_value("/sleep now")


async def test_choices_in_a_message_are_sent_as_they_are_made(stage: Stage) -> None:
    await stage.bot.showcase()
    page = await stage.page()

    await page.get_by_role("button", name="Severity: Severity").click()
    await page.get_by_role("option", name="SEV2").click()
    await expect(page.get_by_role("button", name="Severity: SEV2")).to_be_focused()
    await page.get_by_role("button", name="People: People").click()
    await page.keyboard.type("caro")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="People: Caro Lind")).to_be_focused()
    await page.get_by_label("Search").check()
    await page.locator("input[type=time]").fill("10:45")
    await page.locator("input[type=datetime-local]").fill("2027-03-02T08:00")

    told = await stage.bot.heard_choices(5)
    assert told["any-static_select"]["selected_option"]["value"] == "sev2"
    assert told["any-multi_users_select"]["selected_users"] == ["U0CARO"]
    assert [one["value"] for one in told["any-boxes"]["selected_options"]] == ["search"]
    assert told["any-time"]["selected_time"] == "10:45"
    assert told["any-moment"]["selected_date_time"] == 1803970800, "08:00 in Madrid"


async def test_a_slash_command_is_completed_while_it_is_typed(stage: Stage) -> None:
    page = await stage.page()
    composer = page.get_by_label("Message #general")

    await composer.fill("/in")
    await expect(page.get_by_role("option", name="/incident")).to_contain_text("Open an incident")
    await composer.press("Tab")
    await expect(composer).to_have_value("/incident ")
    await page.keyboard.type("who @be")
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("/incident who @ben ")
    await page.keyboard.press("Enter")

    await expect(page.locator(".message.ephemeral")).to_contain_text("Caro at 14:10")
    assert stage.bot.commands[0]["text"] == "who <@U0BEN|ben>"


async def test_an_unknown_command_and_one_in_a_thread_are_refused(stage: Stage) -> None:
    await stage.sandbox.person("ben").says("Look here", channel="general")
    page = await stage.page()

    await page.get_by_label("Message #general").fill("/nothing")
    await page.keyboard.press("Enter")
    await expect(page.locator("#toasts")).to_contain_text("/nothing is not a valid command.")

    await page.locator(".message").first.hover()
    await page.get_by_role("button", name="Reply in thread").click()
    await page.get_by_label("Reply", exact=True).fill("/incident open")
    await page.keyboard.press("Enter")
    await expect(page.locator("#toasts")).to_contain_text("not supported in threads")
    assert stage.bot.commands == []


async def test_reactions_are_added_and_taken_back_by_keyboard(stage: Stage) -> None:
    await stage.sandbox.person("ben").says("Look here", channel="general")
    page = await stage.page()

    await page.locator(".message").first.focus()
    await page.keyboard.press("r")
    await page.keyboard.type("eyes")
    await page.keyboard.press("Enter")
    mine = page.get_by_role("button", name="eyes, 1, from you")
    await expect(mine).to_have_attribute("aria-pressed", "true")

    await mine.press("Enter")
    await expect(page.locator(".reaction")).to_have_count(0)


async def test_shortcuts_stand_in_the_menus(stage: Stage) -> None:
    await stage.sandbox.person("ben").says("Look here", channel="general")
    page = await stage.page()

    await page.locator(".message").first.hover()
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Add to the timeline").click()
    await expect(page.locator(".message.ephemeral")).to_contain_text("Kept on the timeline.")

    await page.get_by_role("button", name="Shortcuts").click()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Add a role")
    assert [body["callback_id"] for body in stage.bot.shortcuts] == ["to_timeline", "open_incident"]
    assert stage.bot.shortcuts[0]["message"]["text"] == "Look here"


async def test_another_person_is_one_choice_away(stage: Stage) -> None:
    page = await stage.page(place="C0ESCINCIDENTS")

    await page.get_by_role("button", name="You are Ana Ruiz").click()
    options = page.get_by_role("option")
    await expect(options.filter(has_text="Dev Rao")).to_contain_text("19:28")
    await page.keyboard.type("communications")
    await expect(options).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("button", name="You are Nils Dahl")).to_be_visible()
    await expect(page.locator("h1")).to_have_text("esc-incidents")
    await page.get_by_label("Message #esc-incidents").fill("Writing the update")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message")).to_contain_text("Nils Dahl")


async def test_time_is_skipped_by_a_minute_by_five_and_to_what_is_due(stage: Stage) -> None:
    page = await stage.page()
    clock = page.locator("#clock-face")
    await expect(clock).to_contain_text("14:58")

    await page.get_by_role("button", name="Skip one minute forward").click()
    await expect(clock).to_contain_text("14:59")
    await page.get_by_role("button", name="Skip five minutes forward").click()
    await expect(clock).to_contain_text("15:04")
    await page.get_by_role("button", name="Skip to 15:30, in 26 minutes").click()
    await expect(clock).to_contain_text("15:30")
    await expect(page.get_by_role("button", name="Nothing is due")).to_be_disabled()


async def test_any_place_is_a_few_keys_away(stage: Stage) -> None:
    page = await stage.page()
    await stage.bot.client.conversations_create(name="inc-7-checkout")

    await page.keyboard.press("Control+k")
    await page.keyboard.type("inc-7")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("inc-7-checkout")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_label("Message #inc-7-checkout")).to_be_visible()
    await expect(page.locator(".place", has_text="inc-7-checkout")).to_have_attribute("aria-current", "page")


async def test_somebody_is_brought_into_a_channel_and_somebody_leaves(stage: Stage) -> None:
    page = await stage.page(place="C0RANDOM")
    members = stage.sandbox.workspace.channels["C0RANDOM"].members
    before = len(members)

    await page.get_by_role("button", name=f"{before} members").click()
    await page.get_by_role("button", name="Bring somebody in").click()
    await page.keyboard.type("tocsin")
    await page.keyboard.press("Enter")
    await expect(page.locator(".note")).to_contain_text("@tocsin has joined the channel")

    await page.get_by_role("button", name=f"{before + 1} members").click()
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("button", name="Join")).to_be_visible()
    assert "U0TOCSIN" in members
    assert "U0ANA" not in members


async def test_a_read_only_conversation_with_the_bot_says_so(stage: Stage) -> None:
    app_home = {"home_tab_enabled": True, "messages_tab_read_only_enabled": True}
    stage.sandbox.manifest = {**MANIFEST, "features": {**MANIFEST["features"], "app_home": app_home}}
    page = await stage.page(place="home")

    await page.get_by_role("tab", name="Messages").click()

    await expect(page.locator("#channel-foot")).to_have_text(
        "Tocsin does not take messages here. Its commands work in any channel."
    )


async def test_the_list_of_channels_is_walked_with_the_arrows(stage: Stage) -> None:
    page = await stage.page()

    await page.locator(".place[aria-current]").focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")

    await expect(page.locator("h1")).to_have_text("executive-briefs")
    assert await page.locator(".place[tabindex='0']").count() == 1


async def test_on_a_phone_the_channels_are_behind_a_button(stage: Stage) -> None:
    page = await stage.page(viewport={"width": 390, "height": 844})
    await expect(page.locator("#rail")).to_be_hidden()

    await page.get_by_role("button", name="Channels").click()
    await page.locator(".place", has_text="esc-incidents").click()

    await expect(page.locator("h1")).to_have_text("esc-incidents")
    await expect(page.locator("#rail")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("Skip one minute forward", "Skip to 15:30, in 32 minutes"):
        box = await page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
