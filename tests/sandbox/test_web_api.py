import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.asking import new_channel, refused


async def test_the_app_learns_who_it_is_and_what_it_was_granted(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    answer = await client.auth_test()

    assert answer["user_id"] == "U0TOCSIN"
    assert answer["team"] == "Acme Cloud"
    assert set(answer.headers["x-oauth-scopes"].split(",")) == sandbox.bot_scopes


async def test_a_channel_opens_with_topic_link_pin_and_people(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    channel = await new_channel(client)
    await client.conversations_setTopic(channel=channel, topic="SEV1 checkout is down")
    await client.conversations_setPurpose(channel=channel, purpose="Bring checkout back")
    await client.conversations_invite(channel=channel, users=["U0ANA", "U0BEN"])
    card = await client.chat_postMessage(channel=channel, text="The card")
    await client.pins_add(channel=channel, timestamp=card["ts"])
    await client.bookmarks_add(
        channel_id=channel, title="Runbook", type="link", link="https://runbooks.acme.example"
    )

    seen = (await client.conversations_info(channel=channel, include_num_members=True))["channel"]
    assert seen["topic"]["value"] == "SEV1 checkout is down"
    assert seen["purpose"]["value"] == "Bring checkout back"
    assert seen["num_members"] == 3
    assert (await client.conversations_members(channel=channel))["members"] == ["U0ANA", "U0BEN", "U0TOCSIN"]
    pinned = (await client.pins_list(channel=channel))["items"]
    assert [item["message"]["text"] for item in pinned] == ["The card"]
    links = (await client.bookmarks_list(channel_id=channel))["bookmarks"]
    assert [link["title"] for link in links] == ["Runbook"]
    assert sandbox.violations == []


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Checkout", "invalid_name_specials"),
        ("check out", "invalid_name_specials"),
        ("--__", "invalid_name_punctuation"),
        ("general", "name_taken"),
    ],
)
async def test_a_channel_gets_only_a_name_slack_would_give(
    client: AsyncWebClient, name: str, error: str
) -> None:
    assert await refused(client.conversations_create(name=name)) == error


async def test_an_archived_channel_keeps_its_name_and_takes_nothing_more(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    channel = await new_channel(client, "inc-7-old")
    card = await client.chat_postMessage(channel=channel, text="The card")
    await client.conversations_archive(channel=channel)

    assert await refused(client.conversations_create(name="inc-7-old")) == "name_taken"
    assert await refused(client.conversations_archive(channel=channel)) == "already_archived"
    assert await refused(client.conversations_unarchive(channel=channel)) == "not_in_channel"
    assert await refused(client.chat_postMessage(channel=channel, text="late")) == "is_archived"
    assert await refused(client.chat_update(channel=channel, ts=card["ts"], text="late")) == "is_inactive"
    assert await refused(client.conversations_setTopic(channel=channel, topic="late")) == "is_archived"
    assert await refused(client.conversations_invite(channel=channel, users="U0ANA")) == "is_archived"
    assert sandbox.violations == [], "the state of a channel is nobody's mistake"


async def test_a_workspace_may_forbid_apps_to_make_channels(client: AsyncWebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.restricted.add("conversations.create")

    assert await refused(client.conversations_create(name="inc-1-x")) == "restricted_action"
    assert sandbox.workspace.channel_named("inc-1-x") is None


async def test_a_private_channel_does_not_exist_for_who_is_outside(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    secret = sandbox.workspace.create_channel("quiet", user="U0SAM", is_private=True)

    assert await refused(client.conversations_info(channel=secret.id)) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel=secret.id, text="hello")) == "channel_not_found"
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert secret.id not in [channel["id"] for channel in listed["channels"]]

    own = await new_channel(client, "inc-2-hush", is_private=True)
    assert sandbox.workspace.channels[own].is_private


async def test_the_app_must_be_in_a_channel_to_read_or_pin_there(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    random = sandbox.workspace.channels["C0RANDOM"]
    words = sandbox.workspace.post(random, user="U0ANA", text="lunch?")

    assert await refused(client.conversations_history(channel=random.id)) == "not_in_channel"
    assert await refused(client.pins_add(channel=random.id, timestamp=words.ts)) == "not_in_channel"
    await client.conversations_join(channel=random.id)
    history = await client.conversations_history(channel=random.id)
    assert "lunch?" in [message["text"] for message in history["messages"]]


async def test_forced_invitations_bring_who_can_come_and_name_who_cannot(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    channel = await new_channel(client)
    guests = ["U0ANA", "U0DELA", "U0EXT", "U0GUS", "U0NOBODY"]

    assert await refused(client.conversations_invite(channel=channel, users=guests)) == "cant_invite"
    assert "U0ANA" not in sandbox.workspace.channels[channel].members

    answer = await client.conversations_invite(channel=channel, users=guests, force=True)
    assert {problem["user"]: problem["error"] for problem in answer["errors"]} == {
        "U0DELA": "cant_invite",
        "U0EXT": "no_external_invite_permission",
        "U0GUS": "user_is_restricted",
        "U0NOBODY": "user_not_found",
    }
    assert sandbox.workspace.channels[channel].members == ["U0TOCSIN", "U0ANA"]


async def test_a_persons_id_stands_for_the_direct_conversation(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    sent = await client.chat_postMessage(channel="U0ANA", text="Please acknowledge")
    opened = await client.conversations_open(users=["U0ANA"])

    assert sent["channel"] == opened["channel"]["id"]
    assert sandbox.workspace.channels[sent["channel"]].members == ["U0TOCSIN", "U0ANA"]
    assert await refused(client.conversations_open(users=["U0DELA"])) == "user_disabled"
    assert await refused(client.conversations_open(users=["U0EXT"])) == "user_not_visible"
    assert await refused(client.chat_postMessage(channel="U0DELA", text="hello")) == "channel_not_found"


async def test_people_are_found_page_by_page_and_by_email(client: AsyncWebClient) -> None:
    names: list[str] = []
    async for part in await client.users_list(limit=10):
        names += [member["name"] for member in part["members"]]
    assert len(names) == len(set(names)) == 35
    assert "extern" not in names

    assert (await client.users_lookupByEmail(email="ANA@acme.example"))["user"]["id"] == "U0ANA"
    assert await refused(client.users_lookupByEmail(email="dela@acme.example")) == "users_not_found"
    assert await refused(client.users_lookupByEmail(email="nobody@acme.example")) == "users_not_found"
    assert (await client.users_info(user="U0DELA"))["user"]["deleted"]
    stranger = (await client.users_info(user="U0EXT"))["user"]
    assert stranger["is_stranger"]
    assert stranger["team_id"] == "T0OTHER"
    assert "email" not in stranger["profile"]
    caro = await client.users_conversations(user="U0GUS")
    assert [channel["name"] for channel in caro["channels"]] == ["general"]


async def test_groups_of_people_are_listed_where_the_plan_has_them(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    assert {group["handle"]: group["users"] for group in groups} == {
        "oncall-platform": ["U0CARO", "U0DEV"],
        "incident-leads": ["U0IVAN", "U0JUDY"],
    }
    assert (await client.usergroups_users_list(usergroup="S0LEADS"))["users"] == ["U0IVAN", "U0JUDY"]
    assert await refused(client.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"

    sandbox.workspace.has_usergroups = False
    assert await refused(client.usergroups_list()) == "plan_upgrade_required"


async def test_socket_mode_is_opened_with_the_app_token_only(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    opened = await client.apps_connections_open(app_token=sandbox.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")
    assert "ticket=" in opened["url"]

    wrong = client.apps_connections_open(app_token=sandbox.bot_token)
    assert await refused(wrong) == "not_allowed_token_type"


async def test_every_change_is_told_to_who_watches_in_order(client: AsyncWebClient, sandbox: Sandbox) -> None:
    told: list[str] = []
    stop = sandbox.workspace.watch(lambda change: told.append(change.kind))
    channel = await new_channel(client)
    await client.conversations_invite(channel=channel, users="U0ANA")
    await client.conversations_archive(channel=channel)
    stop()
    await client.chat_postMessage(channel="U0ANA", text="unwatched")

    assert told == [
        "channel_created",
        "member_joined_channel",
        "message",
        "message",
        "channel_archive",
    ]
