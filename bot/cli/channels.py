"""Which channels the bot is in, asked of the workspace."""

from bot.slack import Never, Sent, SlackDoor


async def joined(door: SlackDoor) -> frozenset[str] | str:
    """Return the names and ids of the channels that the bot is in, or why Slack did not say."""
    known: set[str] = set()
    cursor: str | None = None
    while True:
        page = await door.call(
            "users.conversations",
            types="public_channel,private_channel",
            exclude_archived=True,
            limit=200,
            cursor=cursor,
        )
        if not isinstance(page, Sent):
            return page.reason if isinstance(page, Never) else page.why
        known |= {channel[key] for channel in page.response["channels"] for key in ("name", "id")}
        cursor = page.cursor
        if cursor is None:
            return frozenset(known)
