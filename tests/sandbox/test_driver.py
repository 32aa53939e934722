from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.sandbox import Person, Sandbox
from bot.sandbox.acts import CannotAct
from bot.sandbox.clock import SandboxClock
from bot.sandbox.driver_waiting import NeverCame
from tests.sandbox.bolt_bot import BoltBot, by_http, by_socket
from tests.sandbox.bolt_parts import MANIFEST, card

CARD = "Checkout is down\n[Acknowledge]\n[Replace]\nSeverity\nSEV1\nSEV2"


@pytest.fixture(params=["socket", "http"])
async def bot(request: pytest.FixtureRequest, clock: SandboxClock) -> AsyncIterator[BoltBot]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as sandbox:
        bot = BoltBot(sandbox)
        async with by_socket(bot) if request.param == "socket" else by_http(bot):
            yield bot
            await sandbox.quiet()


@pytest.fixture
def ana(bot: BoltBot) -> Person:
    return bot.sandbox.person("ana")


@pytest.fixture
def ben(bot: BoltBot) -> Person:
    return bot.sandbox.person("ben")


def post_card(bot: BoltBot, channel: str = "general", text: str = "Checkout is down") -> None:
    workspace = bot.sandbox.workspace
    place = workspace.channel_named(channel)
    assert place is not None
    workspace.post(place, user=workspace.bot.id, text=text, blocks=card(text))


async def test_a_command_opens_a_form_that_complains_until_it_is_right(bot: BoltBot, ana: Person) -> None:
    assert await ana.runs("/incident", "open") == []
    form = await ana.gets_form("Open an incident")
    assert form.labels[:2] == ("Title", "Business impact")

    assert await ana.submits() == ["Title: Please complete this required field."]
    assert bot.payloads("view_submission") == [], "Slack's own window stops an empty required field"

    await ana.fills({"Title": "wrong"})
    assert await ana.submits() == ["Title: Say what is broken."]
    assert ana.form is not None
    assert ana.form.errors == {"Title": "Say what is broken."}

    await ana.fills({"Title": "Checkout is down"})
    assert await ana.submits() == []
    assert ana.form is None
    await ana.will_see("Checkout is down", channel="general")
    assert ana.reads("general") == [CARD]
    assert bot.sandbox.violations == []


async def test_every_kind_of_field_is_filled_by_what_a_person_reads(bot: BoltBot, ana: Person) -> None:
    await ana.runs("/incident")
    await ana.gets_form()
    await ana.fills(
        {
            "Title": "Checkout",
            "Business": "3",
            "Owner": "@ben",
            "Service": "pay",
            "Affected": ["Search"],
            "Since": datetime(2027, 3, 1, 8, 30, tzinfo=UTC),
        }
    )
    assert ana.form is not None
    assert ana.form.values["Service"] == "pay-east"
    await ana.submits()
    (sent,) = bot.payloads("view_submission")
    values = sent["view"]["state"]["values"]
    assert values["impact"]["in"]["selected_option"]["value"] == "3 high"
    assert values["owner"]["in"] == {"type": "users_select", "selected_user": "U0BEN"}
    assert [chosen["value"] for chosen in values["parts"]["in"]["selected_options"]] == ["search"]
    assert values["when"]["in"]["selected_date_time"] == 1803889800


async def test_a_field_or_option_that_is_not_there_is_named_with_those_that_are(ana: Person) -> None:
    await ana.runs("/incident")
    await ana.gets_form()
    with pytest.raises(CannotAct, match="no field 'Colour'; the fields here are 'Title'"):
        await ana.fills({"Colour": "red"})
    with pytest.raises(CannotAct, match="no option '9'; the options here are '1 Low', '3 High'"):
        await ana.fills({"Business impact": "9"})


@pytest.mark.parametrize(
    ("answer", "left"), [("update", "Second page"), ("push", "On top"), ("clear", None), ("anything", None)]
)
async def test_a_form_does_what_the_bot_answers(ana: Person, answer: str, left: str | None) -> None:
    await ana.runs("/incident")
    await ana.gets_form()
    await ana.fills({"Title": answer})
    await ana.submits()
    assert (ana.form.title if ana.form else None) == left


async def test_a_pushed_form_lies_on_the_one_below(bot: BoltBot, ana: Person) -> None:
    await ana.runs("/incident")
    await ana.gets_form()
    await ana.fills({"Title": "push"})
    await ana.submits()
    await ana.closes()
    assert ana.form is not None
    assert ana.form.title == "Open an incident"
    assert [body["is_cleared"] for body in bot.payloads("view_closed")] == [False]
    await ana.closes(everything=True)
    assert ana.form is None
    assert [body["is_cleared"] for body in bot.payloads("view_closed")] == [False, True]


async def test_errors_for_a_field_that_does_not_exist_are_a_violation(bot: BoltBot, ana: Person) -> None:
    await ana.runs("/incident")
    await ana.gets_form()
    await ana.fills({"Title": "strange"})
    assert await ana.submits() == ["We had some trouble connecting. Try again?"]
    assert bot.sandbox.violations == [
        "view_submission: invalid_arguments; [ERROR] response_action errors: no input block nowhere"
    ]


async def test_a_click_on_a_card_changes_it_for_everybody(bot: BoltBot, ana: Person, ben: Person) -> None:
    post_card(bot)
    await ana.clicks("Acknowledge", channel="general")
    await ben.will_see("Taken by @ana", channel="general")
    (click,) = bot.payloads("block_actions")
    assert click["actions"][0]["value"] == "7"
    assert click["message"]["text"] == "Checkout is down"


async def test_a_saved_click_can_be_repeated_by_anybody_after_the_card_changed(
    bot: BoltBot, ana: Person, ben: Person
) -> None:
    post_card(bot)
    stale = ana.button("Ack", channel="general")
    await ana.clicks_again(stale)
    await ana.will_see("Taken by @ana")
    await ben.clicks_again(stale)
    await ana.will_see("Taken by @ben")
    await ben.clicks_again()
    assert len(bot.payloads("block_actions")) == 3


async def test_the_message_clicked_can_be_picked_by_its_words(bot: BoltBot, ana: Person) -> None:
    post_card(bot, text="Search is slow")
    post_card(bot)
    await ana.clicks("Acknowledge", channel="general", on="Search")
    (click,) = bot.payloads("block_actions")
    assert click["message"]["text"] == "Search is slow"
    with pytest.raises(
        CannotAct, match="sees no button 'Decline'; the buttons there are 'Acknowledge', 'Replace'"
    ):
        await ana.clicks("Decline", channel="general")


async def test_a_menu_in_a_message_tells_the_bot_at_once(bot: BoltBot, ana: Person) -> None:
    post_card(bot)
    await ana.chooses("Severity", "SEV2", channel="general")
    (click,) = bot.payloads("block_actions")
    assert click["actions"][0]["selected_option"]["value"] == "sev2"
    block = click["message"]["blocks"][1]["block_id"]
    assert click["state"]["values"][block]["pick"]["selected_option"]["value"] == "sev2"


async def test_the_original_message_is_replaced_through_its_response_url(bot: BoltBot, ana: Person) -> None:
    post_card(bot)
    await ana.clicks("Replace", channel="general")
    await ana.will_see("Replaced", channel="general")
    assert ana.reads("general") == ["Replaced"]


async def test_the_answer_of_a_command_is_seen_by_its_author_alone(ana: Person, ben: Person) -> None:
    assert await ana.runs("/echo", "hello @ana & <all>") == ["You said hello @ana & <all>"]
    assert ana.sees("hello @ana & <all>")
    assert ana.told == ["You said hello @ana & <all>"]
    assert ben.told == []
    assert not ben.sees("You said")


async def test_an_answer_by_response_url_may_be_for_all(ana: Person, ben: Person) -> None:
    await ana.runs("/answer", "only me")
    await ana.will_see("only me")
    await ana.runs("/answer", "for all")
    await ben.will_see("for all", channel="general")
    assert not ben.sees("only me")


async def test_commands_carry_names_only_where_the_manifest_asks_for_it(bot: BoltBot, ana: Person) -> None:
    await ana.runs("/incident", "ask @ben and @oncall-platform in #general <now>")
    await ana.runs("/echo", "@ben <now>")
    first, second = (body["text"] for body in bot.heard if "command" in body)
    assert (
        first
        == "ask <@U0BEN|ben> and <!subteam^S0ONCALL|@oncall-platform> in <#C0GENERAL|general> &lt;now&gt;"
    )
    assert second == "@ben &lt;now&gt;"


async def test_slack_refuses_commands_it_does_not_know_and_commands_in_threads(
    bot: BoltBot, ana: Person
) -> None:
    assert await ana.runs("/unknown") == ["/unknown is not a valid command."]
    assert await ana.runs("/incident", thread="x") == ["/incident is not supported in threads. Sorry!"]
    assert bot.heard == []


async def test_a_bot_that_does_not_answer_in_time_is_reported_to_the_person(
    bot: BoltBot, ana: Person
) -> None:
    bot.sandbox.delivery.patience = 0.05
    assert await ana.runs("/sleep") == ['/sleep failed with the error "operation_timeout"']


async def test_shortcuts_are_used_by_their_names(bot: BoltBot, ana: Person, ben: Person) -> None:
    await ben.says("The till is stuck", channel="general")
    await ana.uses_message_shortcut("Make it an incident", on="till", channel="general")
    await ana.will_see("Noted: The till is stuck")
    assert not ben.sees("Noted")
    await ana.uses_shortcut("Open an incident")
    await ana.gets_form()
    with pytest.raises(CannotAct, match="no global shortcut 'Fly'; the manifest offers 'Open an incident'"):
        await ana.uses_shortcut("Fly")
    assert [body["type"] for body in bot.heard if "callback_id" in body] == ["message_action", "shortcut"]


async def test_talk_reaches_the_bot_only_where_it_is_a_member(bot: BoltBot, ana: Person) -> None:
    await ana.says("Hello @tocsin", channel="general")
    await ana.says("Nobody here?", channel="random")
    await ana.says("In private")
    assert [event["text"] for event in bot.events("message")] == ["Hello <@U0TOCSIN>", "In private"]
    assert [event["channel_type"] for event in bot.events("message")] == ["channel", "im"]
    assert [event["text"] for event in bot.events("app_mention")] == ["Hello <@U0TOCSIN>"]
    assert ana.inbox == ["In private"]


async def test_threads_and_reactions_are_heard(bot: BoltBot, ana: Person, ben: Person) -> None:
    await ana.says("Checkout is down", channel="general")
    await ben.says("Looking", channel="general", thread="Checkout")
    await ben.reacts("eyes", on="Checkout", channel="general")
    await ben.reacts(":eyes:", on="Checkout", channel="general")
    first, reply = bot.events("message")
    assert (reply["thread_ts"], reply["parent_user_id"]) == (first["ts"], "U0ANA")
    assert bot.events("reaction_added")[0]["item"] == {
        "type": "message",
        "channel": "C0GENERAL",
        "ts": first["ts"],
    }
    assert bot.events("reaction_removed")[0]["reaction"] == "eyes"


async def test_the_home_tab_is_drawn_when_it_is_opened(bot: BoltBot, ana: Person) -> None:
    await ana.opens_home()
    await ana.will_see_home("Hello @ana")
    await ana.clicks("Acknowledge")
    (click,) = bot.payloads("block_actions")
    assert click["container"] == {"type": "view", "view_id": click["view"]["id"]}
    assert click["view"]["type"] == "home"
    assert "response_url" not in click


async def test_people_come_and_go(bot: BoltBot, ana: Person, ben: Person) -> None:
    await ana.invites("tocsin", "random")
    assert bot.events("member_joined_channel")[0]["inviter"] == "U0ANA"
    await ben.leaves("random")
    assert bot.events("member_left_channel")[0]["user"] == "U0BEN"
    assert "random" not in ben.channels
    await ben.joins("random")
    await ana.archives("random")
    assert bot.events("channel_archive")[0]["channel"] == "C0RANDOM"
    with pytest.raises(CannotAct, match="archived"):
        await ana.says("Anyone?", channel="random")


async def test_what_never_comes_is_reported_with_what_there_is(ana: Person) -> None:
    await ana.says("Only this", channel="general")
    with pytest.raises(NeverCame, match=r"does not see 'that' but: .*Only this"):
        await ana.will_see("that", channel="general", seconds=0.01)
