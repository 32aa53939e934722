from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Fault
from tests.sandbox.ui_stage import Stage, on_stage

pytestmark = pytest.mark.browser


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with on_stage() as running:
        yield running


async def open_form(stage: Stage) -> Page:
    page = await stage.page()
    await page.get_by_label("Message #general").fill("/incident open")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Open an incident")).to_be_visible()
    return page


async def choose(page: Page, label: str, typed: str) -> None:
    await page.get_by_label(label).first.click()
    await page.keyboard.type(typed)
    await expect(page.get_by_role("option").first).to_be_visible()
    await page.keyboard.press("Enter")


async def test_a_form_opens_with_the_keyboard_in_its_first_field(stage: Stage) -> None:
    page = await open_form(stage)

    await expect(page.get_by_label("Title")).to_be_focused()
    await expect(page.locator(".block-alert")).to_have_text("This is recorded before anybody is told.")


async def test_a_refusal_stands_under_its_field_and_nothing_typed_is_lost(stage: Stage) -> None:
    page = await open_form(stage)
    submit = page.get_by_role("button", name="Open", exact=True)
    await page.get_by_label("Notes").fill("Keep this")

    await submit.click()
    problem = page.locator("[data-block=title] .input-problem")
    await expect(problem).to_have_text("Please complete this required field.")
    await expect(page.get_by_label("Title")).to_be_focused()
    assert stage.bot.submitted == []

    await page.get_by_label("Title").fill("x")
    await submit.click()
    await expect(problem).to_have_text("Say what is broken, as in “Checkout is down”.")
    await expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("Title")).to_have_value("x")
    await expect(page.get_by_label("Notes")).to_have_value("Keep this")

    await page.get_by_label("Title").fill("Checkout is down")
    await submit.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert stage.bot.submitted[-1]["notes"]["in"]["value"] == "Keep this"


async def test_every_field_arrives_as_slack_reports_it(stage: Stage) -> None:
    page = await open_form(stage)

    await page.get_by_label("Title").fill("Checkout is down")
    await choose(page, "Severity", "sev2")
    await choose(page, "Owner", "caro")
    await choose(page, "Service", "pay")
    await page.get_by_label("Checkout").check()
    await page.get_by_label("Sign-in").check()
    await page.get_by_label("SEV3").check()
    await choose(page, "Tell these channels", "customer")
    await page.keyboard.press("Escape")
    await page.get_by_label("Since when").fill("2027-03-01T15:05")
    await page.get_by_label("Day").fill("2027-03-01")
    await page.get_by_label("Hour").fill("15:05")
    await page.get_by_role("textbox", name="Customers").fill("40")
    await page.get_by_label("Contact").fill("ana@acme.example")
    await page.get_by_label("Dashboard").fill("https://status.acme.example")
    await page.get_by_label("Notes").fill("Two\nlines")
    await page.get_by_label("First update").fill("Known:\n- pool is full")
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    [values] = stage.bot.submitted
    got = {block: actions["in"] for block, actions in values.items() if block != "more"}
    assert got["title"] == {"type": "plain_text_input", "value": "Checkout is down"}
    assert got["severity"]["selected_option"]["value"] == "sev2"
    assert got["owner"]["selected_user"] == "U0CARO"
    assert got["service"]["selected_option"]["value"] == "pay-east"
    assert [one["value"] for one in got["parts"]["selected_options"]] == ["checkout", "sign-in"]
    assert got["impact"]["selected_option"]["value"] == "sev3"
    assert got["rooms"]["selected_channels"] == ["C0CUSTOMERUPDATES"]
    assert got["since"]["selected_date_time"] == 1803909900, "15:05 in Madrid"
    assert got["day"]["selected_date"] == "2027-03-01"
    assert got["hour"]["selected_time"] == "15:05"
    assert got["count"]["value"] == "40"
    assert got["mail"]["value"] == "ana@acme.example"
    assert got["page"]["value"] == "https://status.acme.example"
    assert got["notes"]["value"] == "Two\nlines"
    assert got["update"]["rich_text_value"]["elements"][1]["type"] == "rich_text_list"


async def test_escape_goes_back_one_form_and_then_closes_the_last(stage: Stage) -> None:
    page = await open_form(stage)
    await page.get_by_label("Title").fill("Half a thought")
    await page.get_by_role("button", name="Add a role").click()
    await expect(page.get_by_role("textbox", name="Role")).to_be_focused()

    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Title")).to_have_value("Half a thought")

    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    [told] = stage.bot.closed
    assert told["is_cleared"] is False


async def test_an_open_list_is_closed_by_escape_before_the_form(stage: Stage) -> None:
    page = await open_form(stage)
    await page.get_by_label("Severity").first.click()
    await expect(page.get_by_role("option")).to_have_count(3)

    await page.keyboard.press("Escape")

    await expect(page.get_by_role("option")).to_have_count(0)
    await expect(page.get_by_role("dialog", name="Open an incident")).to_be_visible()


async def test_a_form_which_the_bot_does_not_answer_stays_open_and_says_so(stage: Stage) -> None:
    page = await open_form(stage)
    await page.get_by_label("Title").fill("Checkout is down")
    stage.sandbox.faults.add(Fault("outage"))

    await page.get_by_role("button", name="Open", exact=True).click()

    await expect(page.get_by_role("dialog").locator("#toasts")).to_contain_text(
        "We had some trouble connecting."
    )
    await expect(page.get_by_label("Title")).to_have_value("Checkout is down")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("#toasts")).to_contain_text("We had some trouble connecting.")


async def test_a_form_changed_by_the_bot_keeps_what_was_typed(stage: Stage) -> None:
    page = await open_form(stage)
    await page.get_by_label("Title").fill("Checkout is down")
    view = stage.sandbox.workspace.views.top("U0ANA")
    assert view is not None

    blocks = [block for block in view.blocks if block["block_id"] in ("title", "notes")]
    changed = {**view.body, "title": {"type": "plain_text", "text": "Shorter"}, "blocks": blocks}
    await stage.bot.client.views_update(view_id=view.id, view=changed)

    await expect(page.get_by_role("dialog", name="Shorter")).to_be_visible()
    await expect(page.get_by_label("Title")).to_have_value("Checkout is down")
    await expect(page.get_by_label("Title")).to_be_focused()
