from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.asking import new_channel, refused


async def test_an_edit_keeps_what_it_does_not_mention(client: AsyncWebClient) -> None:
    channel = await new_channel(client)
    block = {"type": "section", "block_id": "card", "text": {"type": "mrkdwn", "text": "Open"}}
    note = {"event_type": "card_drawn", "event_payload": {"key": "k1"}}
    card = await client.chat_postMessage(channel=channel, text="Open", blocks=[block], metadata=note)
    await client.chat_update(channel=channel, ts=card["ts"], text="Closed")

    history = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert history["messages"][0]["text"] == "Closed"
    assert history["messages"][0]["blocks"] == [block]
    assert history["messages"][0]["metadata"] == note
    assert "edited" in history["messages"][0]

    plain = await client.conversations_history(channel=channel)
    assert "metadata" not in plain["messages"][0], "metadata is told only to who asks for it"


async def test_only_the_author_edits_or_deletes_a_message(client: AsyncWebClient, sandbox: Sandbox) -> None:
    general = sandbox.workspace.channels["C0GENERAL"]
    words = sandbox.workspace.post(general, user="U0ANA", text="hello")

    edit = client.chat_update(channel=general.id, ts=words.ts, text="bye")
    assert await refused(edit) == "cant_update_message"
    assert await refused(client.chat_delete(channel=general.id, ts=words.ts)) == "cant_delete_message"
    assert await refused(client.chat_update(channel=general.id, ts="1.1", text="bye")) == "message_not_found"


async def test_a_private_note_is_seen_by_one_member_and_found_by_nobody(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    channel = await new_channel(client)
    await client.conversations_invite(channel=channel, users="U0ANA")
    note = await client.chat_postEphemeral(channel=channel, user="U0ANA", text="Only for you")

    seen = sandbox.workspace.channels[channel]
    assert "Only for you" in [message.text for message in seen.seen_by("U0ANA")]
    assert "Only for you" not in [message.text for message in seen.seen_by("U0BEN")]
    history = await client.conversations_history(channel=channel)
    assert "Only for you" not in [message["text"] for message in history["messages"]]
    gone = client.chat_update(channel=channel, ts=note["message_ts"], text="changed")
    assert await refused(gone) == "message_not_found"
    outside = client.chat_postEphemeral(channel=channel, user="U0BEN", text="Only for you")
    assert await refused(outside) == "user_not_in_channel"


async def test_a_thread_is_read_apart_from_the_channel(client: AsyncWebClient) -> None:
    channel = await new_channel(client)
    root = await client.chat_postMessage(channel=channel, text="Root")
    first = await client.chat_postMessage(channel=channel, text="First", thread_ts=root["ts"])
    await client.chat_postMessage(channel=channel, text="Second", thread_ts=first["ts"])
    await client.chat_postMessage(channel=channel, text="Loud", thread_ts=root["ts"], reply_broadcast=True)

    thread = (await client.conversations_replies(channel=channel, ts=root["ts"]))["messages"]
    assert [message["text"] for message in thread] == ["Root", "First", "Second", "Loud"]
    assert thread[0]["reply_count"] == 3
    history = (await client.conversations_history(channel=channel))["messages"]
    assert [message["text"] for message in history] == ["Loud", "Root"]
    assert await refused(client.conversations_replies(channel=channel, ts="1.1")) == "thread_not_found"


async def test_history_is_read_in_parts_between_two_moments(client: AsyncWebClient) -> None:
    channel = await new_channel(client)
    stamps = [
        str((await client.chat_postMessage(channel=channel, text=f"line {number}"))["ts"])
        for number in range(7)
    ]

    first = await client.conversations_history(channel=channel, limit=3)
    rest = await client.conversations_history(
        channel=channel, limit=9, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in first["messages"]] == ["line 6", "line 5", "line 4"]
    assert first["has_more"]
    assert [m["text"] for m in rest["messages"]] == ["line 3", "line 2", "line 1", "line 0"]
    assert not rest["has_more"]

    between = await client.conversations_history(channel=channel, oldest=stamps[2], latest=stamps[5])
    assert [m["text"] for m in between["messages"]] == ["line 4", "line 3"]
    around = await client.conversations_history(
        channel=channel, oldest=stamps[2], latest=stamps[5], inclusive=True
    )
    assert len(around["messages"]) == 4
    assert await refused(client.conversations_history(channel=channel, cursor="nonsense")) == "invalid_cursor"
    assert await refused(client.conversations_history(channel=channel, limit=5000)) == "invalid_limit"


async def test_a_reaction_is_given_once(client: AsyncWebClient) -> None:
    channel = await new_channel(client)
    ts = (await client.chat_postMessage(channel=channel, text="hello"))["ts"]
    await client.reactions_add(channel=channel, timestamp=ts, name="eyes")

    again = client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert await refused(again) == "already_reacted"
    shown = (await client.reactions_get(channel=channel, timestamp=ts))["message"]["reactions"]
    assert shown == [{"name": "eyes", "users": ["U0TOCSIN"], "count": 1}]
    await client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    gone = client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    assert await refused(gone) == "no_reaction"


async def test_a_message_is_pinned_once_and_a_deleted_one_is_no_longer(client: AsyncWebClient) -> None:
    channel = await new_channel(client)
    ts = (await client.chat_postMessage(channel=channel, text="hello"))["ts"]
    await client.pins_add(channel=channel, timestamp=ts)
    assert await refused(client.pins_add(channel=channel, timestamp=ts)) == "already_pinned"

    await client.chat_delete(channel=channel, ts=ts)
    assert (await client.pins_list(channel=channel))["items"] == []
    assert await refused(client.pins_add(channel=channel, timestamp=ts)) == "message_not_found"


async def test_a_file_arrives_in_the_channel_with_its_bytes(client: AsyncWebClient, sandbox: Sandbox) -> None:
    channel = await new_channel(client)
    await client.files_upload_v2(
        channel=channel, filename="timeline.csv", content="at,what\n", initial_comment="The timeline"
    )

    message = (await client.conversations_history(channel=channel))["messages"][0]
    assert message["text"] == "The timeline"
    assert [file["name"] for file in message["files"]] == ["timeline.csv"]
    assert sandbox.workspace.files[message["files"][0]["id"]].content == b"at,what\n"


async def test_a_permalink_names_channel_and_message(client: AsyncWebClient, sandbox: Sandbox) -> None:
    channel = await new_channel(client)
    ts = (await client.chat_postMessage(channel=channel, text="hello"))["ts"]

    link = (await client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]
    assert link == f"{sandbox.ui_url}archives/{channel}/p{ts.replace('.', '')}"
    async with ClientSession() as browser, browser.get(link) as page:
        assert page.status == 200
        assert page.content_type == "text/html"
