"""Files: an address to send the bytes to, the bytes, and the message that shows the file."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.args import Args
from bot.sandbox.limits.blocks import checked
from bot.sandbox.records import Channel, File
from bot.sandbox.refused import Refused
from bot.sandbox.state import Workspace
from bot.sandbox.web_api.desk import Desk

LARGEST_FILE = 16 * 1024 * 1024
LONGEST_ALT_TEXT = 1_000


def upload_address(desk: Desk, args: Args) -> dict[str, Any]:
    """Announce a file and give the address for its bytes; nobody sees it before it is completed.

    Raises `Refused`: file_upload_size_restricted above 16 MiB, alt_txt_too_large above 1,000 characters.
    """
    length = args.number("length", 0)
    if length <= 0 or not args.text("filename"):
        raise Refused.invalid("invalid_arguments", "length must be above 0 and filename not empty")
    if length > LARGEST_FILE:
        raise Refused("file_upload_size_restricted")
    if len(args.text("alt_txt")) > LONGEST_ALT_TEXT:
        raise Refused("alt_txt_too_large", illegal=True)
    file = File(
        id=desk.workspace.fresh("F"),
        name=args.text("filename"),
        user=desk.bot.id,
        length=length,
        created=desk.workspace.seconds(),
        alt_text=args.text("alt_txt"),
    )
    desk.workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{desk.address()}upload/{file.id}"}


def receiver(workspace: Workspace) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of upload addresses; a body of another length than announced is refused."""

    async def receive(request: web.Request) -> web.Response:
        file = workspace.files.get(request.match_info["file"])
        if file is None or file.complete:
            return web.Response(status=404, text="no such upload")
        content = await _content(request)
        if len(content) != file.length:
            return web.Response(status=400, text=f"{file.length} bytes were announced, {len(content)} came")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    return receive


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            return bytes(await part.read())
    return b""


def complete(desk: Desk, args: Args) -> dict[str, Any]:
    """Publish uploaded files, in one message for each channel named."""
    named = args.json("files", list, "invalid_arguments") or []
    files = [_uploaded(desk, entry) for entry in named]
    if not files:
        raise Refused.invalid("invalid_arguments", "files names no file")
    blocks = args.json("blocks", list, "invalid_blocks")
    if blocks is not None:
        checked(blocks, "message")
    channels = [_channel(desk, name) for name in args.names("channel_id") + args.names("channels")]
    for file, entry in zip(files, named, strict=True):
        file.complete, file.title = True, str(entry.get("title") or file.name)
    for channel in channels:
        _show(desk, channel, files, args, blocks or [])
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _show(desk: Desk, channel: Channel, files: list[File], args: Args, blocks: list[dict[str, Any]]) -> None:
    for file in files:
        file.channels.append(channel.id)
    message = desk.workspace.post(
        channel,
        user=desk.bot.id,
        text=args.text("initial_comment"),
        blocks=blocks,
        files=[file.id for file in files],
        thread_ts=args.text("thread_ts") or None,
        subtype="file_share",
    )
    for file in files:
        desk.workspace.tell("file_shared", channel=channel, file=file, message=message)


def _uploaded(desk: Desk, entry: Any) -> File:
    file = desk.workspace.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
    if file is None or file.content is None or file.complete:
        raise Refused("file_not_found")
    return file


def _channel(desk: Desk, name: str) -> Channel:
    channel = desk.joined(name)
    if channel.is_archived:
        raise Refused("posting_to_channel_denied")
    return channel


METHODS = {"files.completeUploadExternal": complete, "files.getUploadURLExternal": upload_address}
