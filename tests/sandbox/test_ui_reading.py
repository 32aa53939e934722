from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.sandbox.ui_blocks import card
from tests.sandbox.ui_showcase import composed
from tests.sandbox.ui_stage import Stage, on_stage

pytestmark = pytest.mark.browser


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with on_stage() as running:
        yield running


async def test_a_message_appears_in_an_open_page_without_reloading(stage: Stage) -> None:
    page = await stage.page()

    await stage.sandbox.person("ben").says("Search is slow", channel="general")

    await expect(page.locator(".message", has_text="Search is slow")).to_contain_text("Ben Okoye")


async def test_what_anybody_writes_never_becomes_markup(stage: Stage) -> None:
    page = await stage.page()
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    button = {"type": "button", "action_id": "any", "text": {"type": "plain_text", "text": attack[:70]}}

    await stage.sandbox.person("ben").says(attack, channel="general")
    await stage.bot.client.chat_postMessage(
        channel="C0GENERAL",
        text=attack,
        blocks=[
            {"type": "section", "text": {"type": "mrkdwn", "text": f"{attack} <javascript:alert(3)|here>"}},
            {"type": "markdown", "text": f"{attack} [here](javascript:alert(4))"},
            {"type": "actions", "elements": [button]},
        ],
    )

    await expect(page.locator(".message")).to_have_count(2)
    assert await page.locator(".message script, .message img, .message a[href^=javascript]").count() == 0
    await expect(page.locator(".message").first).to_contain_text(attack)


async def test_every_block_is_drawn(stage: Stage) -> None:
    page = await stage.page()

    await stage.bot.showcase()

    await expect(page.locator(".message")).to_have_count(6)
    words, _, pickers, markdown, rich, image = [page.locator(".message").nth(number) for number in range(6)]
    for tag, said in {
        "strong": "Bold",
        "em": "italic",
        "s": "gone",
        "code": "code",
        "a": "status page",
    }.items():
        await expect(words.locator(f".words {tag}").first).to_have_text(said)
    await expect(words.locator("pre")).to_have_text("select 1 < 2 and 'a' & 'b'")
    await expect(words.locator("blockquote")).to_contain_text("A quote of @ben")
    await expect(words).to_contain_text("2*3*4 stays")
    await expect(words).to_contain_text("Tom & <Co> 🎉")
    await expect(pickers.locator("button.picker")).to_have_count(3)
    await expect(pickers.locator("input[type=date]")).to_have_value("2027-03-02")
    await expect(pickers.locator("input[type=datetime-local]")).to_have_value("2027-03-01T15:10")
    await expect(markdown.locator("h4")).to_have_text("What we know")
    await expect(markdown.locator("td").nth(1)).to_have_text("4.1 %")
    await expect(markdown.locator("ol ul li")).to_have_text("one at a time")
    await expect(rich.locator("pre")).to_have_text("kubectl get pods")
    await expect(rich.locator("tbody tr").nth(1)).to_have_text("INC-6Eli31")
    await image.scroll_into_view_if_needed()
    await expect(image.locator(".image-words")).to_have_text("Errors per minute")
    assert await page.locator(".unknown").count() == 0


async def test_blocks_made_of_blocks_are_drawn_and_their_controls_reach_the_bot(stage: Stage) -> None:
    page = await stage.page()
    await stage.bot.client.chat_postMessage(channel="C0GENERAL", text="Composed", blocks=composed())

    await page.locator("summary", has_text="Details").wait_for()
    assert await page.locator(".unknown").count() == 0
    await expect(page.locator(".task-complete")).to_contain_text("pool=40")
    table = page.get_by_role("region", name="Errors by hour")
    await expect(table.locator("tbody tr")).to_have_count(5)
    await page.get_by_role("button", name="Next", exact=True).click()
    await expect(table.locator("tbody tr").first).to_have_text("5:0035")
    for name in ("Open runbook", "Look inside", "Helpful"):
        await page.get_by_role("button", name=name, exact=True).click()
    heard = await stage.bot.heard_choices(3)
    assert set(heard) == {"any6", "any7", "any8"}
    assert heard["any8"]["value"] == "yes"


async def test_a_moment_is_read_in_the_time_zone_of_the_person_looking(stage: Stage) -> None:
    await stage.bot.open_card()

    for who, said in {"U0ANA": "15:10 (in 12 minutes)", "U0DEV": "19:40 (in 12 minutes)"}.items():
        page = await stage.page(who, "C0ESCINCIDENTS")
        await expect(page.locator(".section-fields")).to_contain_text(said)


async def test_what_is_meant_for_one_person_is_seen_by_that_person_only(stage: Stage) -> None:
    ana, ben = await stage.page("U0ANA"), await stage.page("U0BEN")

    await stage.bot.client.chat_postEphemeral(channel="C0GENERAL", user="U0ANA", text="Ask Ivan")
    await stage.bot.client.chat_postMessage(channel="C0GENERAL", text="For all")

    await expect(ben.locator(".message", has_text="For all")).to_be_visible()
    await expect(ana.locator(".message.ephemeral")).to_contain_text("Only visible to you")
    assert await ben.locator(".message.ephemeral").count() == 0
    await ana.get_by_role("button", name="Dismiss").click()
    await expect(ana.locator(".message.ephemeral")).to_have_count(0)


async def test_a_channel_is_bold_until_it_was_read(stage: Stage) -> None:
    page = await stage.page()
    place = page.locator(".place", has_text="customer-updates")
    await expect(place).not_to_have_class("place unread")

    await stage.sandbox.person("mona").says("Draft for <@U0ANA>", channel="customer-updates")
    await stage.sandbox.person("mona").says("And another", channel="customer-updates")

    await expect(place).to_have_attribute("aria-label", "customer-updates, 2 unread, 1 for you")
    await place.click()
    await expect(page.locator(".new-mark")).to_be_visible()
    await expect(place).to_have_attribute("aria-label", "customer-updates")
    await page.reload()
    await expect(place).to_have_attribute("aria-label", "customer-updates")


async def test_topic_pins_and_bookmarks_stand_above_the_channel(stage: Stage) -> None:
    page = await stage.page(place="C0ESCINCIDENTS")
    ts = await stage.bot.open_card()
    client = stage.bot.client
    await client.conversations_setTopic(channel="C0ESCINCIDENTS", topic="SEV1, owner <@U0CARO>")
    await client.pins_add(channel="C0ESCINCIDENTS", timestamp=ts)
    await client.bookmarks_add(
        channel_id="C0ESCINCIDENTS", title="Runbook", type="link", link="https://wiki.acme.example/pay"
    )

    await expect(page.locator(".head-topic")).to_have_text("SEV1, owner @caro")
    await expect(page.locator("#bookmarks a")).to_have_attribute("href", "https://wiki.acme.example/pay")
    await page.get_by_role("button", name="1 pinned").click()
    await expect(page.locator(".pin-list")).to_contain_text("Checkout is down")
    await client.conversations_archive(channel="C0ESCINCIDENTS")
    await expect(page.locator("#channel-foot")).to_contain_text("is archived")


async def test_a_thread_opens_beside_the_channel_and_takes_replies(stage: Stage) -> None:
    ben = stage.sandbox.person("ben")
    await stage.sandbox.person("ana").says("Checkout is slow", channel="general")
    await ben.says("Looking", channel="general", thread="Checkout")
    page = await stage.page()

    await page.get_by_role("button", name="1 reply").click()
    await expect(page.locator("#thread .message")).to_have_count(2)
    await page.locator("#thread textarea").fill("Found it @ben")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")

    await expect(page.locator("#thread .message")).to_have_count(3)
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(page.locator("#channel-body .message")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator("#thread")).to_be_hidden()


async def test_home_is_drawn_when_it_is_opened(stage: Stage) -> None:
    page = await stage.page(place="home")

    await expect(page.locator(".home")).to_contain_text("What you owe")
    await page.get_by_role("tab", name="Messages").click()
    await expect(page.locator(".beginning")).to_contain_text("speaks to you alone")


async def test_a_card_is_redrawn_for_everybody_when_it_changes(stage: Stage) -> None:
    ts = await stage.bot.open_card()
    ana, ben = await stage.page("U0ANA", "C0ESCINCIDENTS"), await stage.page("U0BEN", "C0ESCINCIDENTS")

    await stage.bot.client.chat_update(
        channel="C0ESCINCIDENTS", ts=ts, text="Taken", blocks=card("Taken by <@U0BEN>", open_=False)
    )

    for page in (ana, ben):
        await expect(page.locator(".section-fields")).to_contain_text("Taken by @ben")
        await expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)


async def test_a_lost_connection_is_told_and_mended_with_nothing_missed(stage: Stage) -> None:
    page = await stage.page()
    lines: list[WebSocketRoute] = []
    is_down = False

    async def carry(line: WebSocketRoute) -> None:
        lines.append(line)
        if is_down:
            await line.close()
        else:
            line.connect_to_server()

    await page.route_web_socket("**/_sandbox/live*", carry)
    await page.reload()
    await page.locator("#channel-head h1").wait_for()

    is_down = True
    await lines[-1].close()
    await expect(page.locator("#link")).to_have_text("The sandbox is not answering. Trying again.")
    await stage.sandbox.person("ben").says("Said meanwhile", channel="general")
    is_down = False

    await expect(page.locator(".message")).to_contain_text("Said meanwhile")
    await expect(page.locator("#link")).to_be_hidden()


async def test_every_control_has_a_name_and_a_label(stage: Stage) -> None:
    await stage.bot.showcase()
    await stage.sandbox.person("ben").reacts("eyes", on="status page", channel="general")
    page = await stage.page()
    await page.locator(".message").nth(5).wait_for()

    assert await nameless(page) == []


async def nameless(page: Page) -> list[str]:
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll("button, input, textarea, select, a[href], [role=listbox]")]
          .filter((node) => !node.closest("[hidden]"))
          .filter((node) => !(node.getAttribute("aria-label") || node.labels?.length || node.textContent.trim()))
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    return found
