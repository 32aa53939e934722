import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.blocks.block_elements import InputInteractiveElement, InteractiveElement

from bot.sandbox import Sandbox
from bot.sandbox.acts import typed
from bot.sandbox.clock import SandboxClock
from bot.sandbox.driver_dates import spoken_date
from bot.sandbox.payloads_inputs import INPUTS, state_values
from tests.sandbox.bolt_bot import BoltBot, by_socket
from tests.sandbox.bolt_parts import MANIFEST, card

# Free-form inside: their content is the bot's own, or has tests of its own.
OPAQUE = {
    "blocks",
    "attachments",
    "files",
    "values",
    "event_payload",
    "selected_option",
    "text",
    "placeholder",
}
# Documented by Slack, absent from the recorded samples.
EXTRAS = {"event.members"}
# Only sent in other settings than the sandbox's: a workspace inside an enterprise, an older kind of app.
ELSEWHERE = {
    "authed_users",
    "enterprise_id",
    "enterprise_name",
    "bot_access_token",
    "function_data",
    "interactivity",
}


def paths(value: Any, at: str = "") -> set[str]:
    """Return every key path of a payload, lists merged."""
    if isinstance(value, list):
        return set().union(*(paths(inner, at) for inner in value))
    if not isinstance(value, Mapping):
        return {at} if at else set()
    found = {at} if at else set()
    for name, inner in value.items():
        here = f"{at}.{name}" if at else name
        found |= set() if name in OPAQUE else paths(inner, here)
    return found


class Samples:
    """What Slack is known to send, by kind of payload."""

    def __init__(self, slackdata: Path) -> None:
        self._bolt = json.loads((slackdata / "bolt-python-payloads" / "payloads.json").read_text())
        self._java = slackdata / "java-json-logs"

    def bolt(self, kind: str) -> list[dict[str, Any]]:
        return list(self._bolt[kind].values())

    def java(self, name: str) -> dict[str, Any]:
        (found,) = self._java.rglob(f"{name}.json")
        sample: dict[str, Any] = json.loads(found.read_text())
        return sample

    def known(self, kind: str, java: Iterable[str]) -> set[str]:
        samples = [*(self._bolt.get(kind, {}).values()), *(self.java(name) for name in java)]
        return set().union(*(paths(sample) for sample in samples))

    def always(self, kind: str) -> set[str]:
        """Top-level keys that every recorded payload of this kind has."""
        return set.intersection(*(set(sample) for sample in self.bolt(kind))) - ELSEWHERE


@pytest.fixture
def samples(slackdata: Path) -> Samples:
    return Samples(slackdata)


@pytest.fixture
async def bot(clock: SandboxClock) -> AsyncIterator[BoltBot]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as sandbox:
        bot = BoltBot(sandbox)
        async with by_socket(bot):
            yield bot
            await sandbox.quiet()


async def everything_happens(bot: BoltBot) -> None:
    """Play one of every act, so that one of every payload is heard."""
    sandbox, workspace = bot.sandbox, bot.sandbox.workspace
    ana, ben = sandbox.person("ana"), sandbox.person("ben")
    general = workspace.channels["C0GENERAL"]
    await ana.runs("/incident", "Checkout is down")
    await ana.gets_form()
    await ana.fills({"Title": "push", "Service": "pay"})
    await ana.submits()
    await ana.closes()
    await ana.says("<@U0TOCSIN> look at this", channel="general")
    await ben.says("Looking", channel="general", thread="look at this")
    await ben.reacts("eyes", on="look at this", channel="general")
    await ben.reacts("eyes", on="look at this", channel="general")
    workspace.post(general, user=workspace.bot.id, text="Checkout", blocks=card("Checkout"))
    await ana.clicks("Acknowledge", channel="general")
    await ana.will_see("Taken by", channel="general")
    await ana.chooses("Severity", "SEV1", channel="general")
    await ana.uses_shortcut("Open an incident")
    await ana.uses_message_shortcut("Make it an incident", on="look at this", channel="general")
    await ana.opens_home()
    await ana.will_see_home("Hello")
    await ana.opens_home()
    workspace.pin(general, ana.message("look at this", channel="general"), user="U0ANA")
    await ben.edits("Looking", "Looking at it", channel="general")
    await ben.deletes("Looking", channel="general")
    room = workspace.create_channel("war-room", user="U0ANA")
    await ana.invites("tocsin", "war-room")
    await ana.invites("ben", "war-room")
    workspace.rename(room, "war-room-2", user="U0ANA")
    await ben.leaves("war-room-2")
    await ana.archives("war-room-2")
    workspace.unarchive(room, user="U0ANA")
    await sandbox.quiet()


def one(bot: BoltBot, fits: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    found = [body for body in bot.heard if fits(body)]
    assert found, "nothing of this kind was delivered"
    return found


INTERACTIONS = {
    "block_actions": ["BlockActionPayload"],
    "view_submission": ["ViewSubmissionPayload"],
    "view_closed": ["ViewClosedPayload"],
    "shortcut": [],
    "message_action": ["MessageShortcutPayload"],
    "block_suggestion": [],
}
EVENT_SHAPES = {
    "app_home_opened": ["AppHomeOpenedPayload"],
    "app_mention": ["AppMentionPayload"],
    "channel_archive": ["ChannelArchivePayload"],
    "channel_created": ["ChannelCreatedPayload"],
    "channel_rename": ["ChannelRenamePayload"],
    "channel_unarchive": ["ChannelUnarchivePayload"],
    "member_joined_channel": ["MemberJoinedChannelPayload"],
    "member_left_channel": ["MemberLeftChannelPayload"],
    "pin_added": ["PinAddedPayload"],
    "reaction_added": ["ReactionAddedPayload"],
    "reaction_removed": ["ReactionRemovedPayload"],
}


async def test_interactions_carry_nothing_slack_does_not_send_and_all_it_always_sends(
    bot: BoltBot, samples: Samples
) -> None:
    await everything_happens(bot)
    for kind, java in INTERACTIONS.items():
        known = samples.known(kind, java) | samples.known("block_actions", INTERACTIONS["block_actions"])
        for body in one(bot, lambda body, kind=kind: body.get("type") == kind):  # type: ignore[misc]
            assert paths(body) - known - EXTRAS == set(), kind
            assert samples.always(kind) <= set(body), kind


async def test_commands_have_the_fields_of_recorded_ones(bot: BoltBot, samples: Samples) -> None:
    await everything_happens(bot)
    known = samples.known("slash_command", ["SlashCommandPayload"])
    for body in one(bot, lambda body: "command" in body):
        assert paths(body) <= known
        assert samples.always("slash_command") <= set(body)


async def test_events_have_the_shape_of_recorded_ones(bot: BoltBot, samples: Samples) -> None:
    await everything_happens(bot)
    for kind, java in EVENT_SHAPES.items():
        known = samples.known(f"event.{kind}", java) | samples.known("event.message", ["MessagePayload"])
        for body in one(bot, lambda body, kind=kind: body.get("event", {}).get("type") == kind):  # type: ignore[misc]
            assert paths(body) - known - EXTRAS == set(), kind


async def test_messages_and_their_subtypes_have_the_shape_of_recorded_ones(
    bot: BoltBot, samples: Samples
) -> None:
    await everything_happens(bot)
    java = [
        "MessagePayload",
        "MessageChangedPayload",
        "MessageDeletedPayload",
        "MessageChannelJoinPayload",
        "MessageChannelLeavePayload",
        "MessageChannelNamePayload",
        "MessageChannelArchivePayload",
        "MessageChannelUnarchivePayload",
        "MessageThreadBroadcastPayload",
    ]
    known = samples.known("event.message", java) | samples.known("event.message.message_changed", ())
    subtypes = set()
    for body in one(bot, lambda body: body.get("event", {}).get("type") == "message"):
        subtypes.add(body["event"].get("subtype"))
        assert paths(body) - known - EXTRAS == set(), body["event"].get("subtype")
    assert {
        None,
        "message_changed",
        "message_deleted",
        "channel_join",
        "channel_leave",
        "channel_name",
    } <= subtypes


async def test_event_ids_are_unique_and_name_the_bot_that_is_authorized(bot: BoltBot) -> None:
    await everything_happens(bot)
    events = one(bot, lambda body: body.get("type") == "event_callback")
    assert len({body["event_id"] for body in events}) == len(events)
    assert all(body["authorizations"][0]["user_id"] == "U0TOCSIN" for body in events)


def test_every_input_is_reported_with_its_initial_value_until_it_is_touched() -> None:
    chosen = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
    blocks: list[dict[str, Any]] = [
        {
            "type": "input",
            "block_id": "b",
            "element": {"type": "static_select", "action_id": "a", "initial_option": chosen},
        },
        {
            "type": "section",
            "block_id": "s",
            "accessory": {"type": "checkboxes", "action_id": "c", "options": [chosen]},
        },
        {"type": "actions", "block_id": "x", "elements": [{"type": "button", "action_id": "y"}]},
    ]
    assert state_values(blocks, {}) == {
        "b": {"a": {"type": "static_select", "selected_option": chosen}},
        "s": {"c": {"type": "checkboxes", "selected_options": []}},
    }
    cleared = {"b": {"a": {"type": "static_select", "selected_option": None}}}
    assert state_values(blocks, cleared)["b"]["a"]["selected_option"] is None


def kinds(base: type[InteractiveElement]) -> set[str]:
    below = base.__subclasses__()
    return {str(getattr(kind, "type", "")) for kind in below}.union(*(kinds(kind) for kind in below))


def test_every_kind_of_input_slack_knows_can_be_filled() -> None:
    assert kinds(InputInteractiveElement) <= set(INPUTS)


def test_what_people_type_is_escaped_and_names_become_mentions(bot_workspace: Any) -> None:
    said = typed(bot_workspace, "<!channel> @ana & @nobody in #general, mail ana@acme.example <@U0BEN>")
    assert said == "&lt;!channel&gt; <@U0ANA> &amp; @nobody in <#C0GENERAL>, mail ana@acme.example <@U0BEN>"


@pytest.fixture
def bot_workspace(clock: SandboxClock) -> Any:
    return Sandbox(manifest=MANIFEST, clock=clock).workspace


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("{date_num} {time}", "2027-03-01 10:05"),
        ("{date_short_pretty} at {time_secs}", "today at 10:05:00"),
        ("{date}", "March 1st, 2027"),
        ("{date_long}", "Monday, March 1st, 2027"),
        ("{ago}", "in 1 hour"),
    ],
)
def test_dates_are_read_in_words(clock: SandboxClock, form: str, said: str) -> None:
    now = clock()
    when = now.replace(hour=10, minute=5)
    assert spoken_date(form, when, now=now) == said


async def test_dates_and_names_are_read_as_each_person_reads_them(bot: BoltBot) -> None:
    workspace = bot.sandbox.workspace
    at = int(bot.sandbox.clock().timestamp())
    workspace.post(
        workspace.channels["C0GENERAL"],
        user=workspace.bot.id,
        text=f"*Due* <!date^{at}^{{time}}|soon> by <@U0BEN>, see <#C0ESCINCIDENTS> &amp; <https://a.example|the plan>",
    )
    assert bot.sandbox.person("ana").sees("Due 10:00 by @ben, see #esc-incidents & the plan")
    assert bot.sandbox.person("judy").sees("Due 01:00 by @ben")
