"""Who sent a payload, from where, and which delivery of it this is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.domain.incident import ChannelId, UserId, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The typed identity of a payload.

    ``key`` is the same for every delivery of the same act, so that it takes effect once. ``is_outsider`` says that the
    person belongs to another workspace (Slack Connect).
    """

    workspace: Workspace
    user: UserId
    channel: ChannelId | None
    key: str
    is_outsider: bool = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """Read who sent a payload of any kind; raises `LookupError` when it names nobody."""
        if "event" in body:
            return cls._of_event(body)
        if "command" in body:
            return cls(
                workspace=Workspace(team_id=body["team_id"], enterprise_id=body.get("enterprise_id") or None),
                user=UserId(body["user_id"]),
                channel=ChannelId(body["channel_id"]),
                key=f"command:{body['trigger_id']}",
            )
        return cls._of_interaction(body)

    @classmethod
    def _of_event(cls, body: Mapping[str, Any]) -> Self:
        event = body["event"]
        installed = (body.get("authorizations") or [body])[0]
        team = installed.get("team_id") or body["team_id"]
        item = event.get("item")
        channel = event.get("channel") or (item.get("channel") if isinstance(item, Mapping) else None)
        home = event.get("user_team") or event.get("source_team") or team
        return cls(
            workspace=Workspace(team_id=team, enterprise_id=installed.get("enterprise_id") or None),
            user=UserId(event.get("user") or ""),
            channel=ChannelId(channel) if isinstance(channel, str) else None,
            key=f"event:{body['event_id']}",
            is_outsider=home != team and not installed.get("is_enterprise_install"),
        )

    @classmethod
    def _of_interaction(cls, body: Mapping[str, Any]) -> Self:
        user, team = body["user"], body.get("team") or {}
        enterprise = (body.get("enterprise") or {}).get("id") or team.get("enterprise_id")
        home = user.get("team_id")
        team_id = team.get("id") or home
        view = body.get("view") or {}
        delivery = (
            f"view:{view['id']}" if body["type"] == "view_submission" else f"act:{body.get('trigger_id')}"
        )
        return cls(
            workspace=Workspace(team_id=team_id, enterprise_id=enterprise or None),
            user=UserId(user["id"]),
            channel=ChannelId(body["channel"]["id"]) if body.get("channel") else None,
            key=delivery,
            is_outsider=bool(home) and home != team_id and not body.get("is_enterprise_install"),
        )
