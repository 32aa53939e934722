"""Commands, shortcuts, clicks and forms, as the payloads that Slack sends to an app."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.payloads_inputs import Entered, state_values
from bot.sandbox.payloads_message import message_body, spoken_name
from bot.sandbox.state import Channel, Message, User, View, Workspace

# Slack's deprecated verification token: present in every payload, never to be trusted.
TOKEN = "sandbox-verification-token"  # noqa: S105


def slash_command(
    workspace: Workspace,
    user: User,
    channel: Channel,
    *,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> dict[str, str]:
    """Return the form fields of a slash command."""
    enterprise = {"enterprise_id": workspace.enterprise_id, "enterprise_name": workspace.team_name}
    return {
        "token": TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        **({k: v for k, v in enterprise.items() if v} if workspace.enterprise_id else {}),
        "channel_id": channel.id,
        "channel_name": spoken_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.bot.app_id or "",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def shortcut(workspace: Workspace, user: User, *, callback_id: str, trigger_id: str) -> dict[str, Any]:
    """Return the payload of a global shortcut."""
    return {
        **_envelope("shortcut", workspace),
        "action_ts": workspace.stamp(),
        "user": {"id": user.id, "username": user.name, "team_id": user.team_id},
        "callback_id": callback_id,
        "trigger_id": trigger_id,
    }


def message_action(
    workspace: Workspace,
    user: User,
    channel: Channel,
    message: Message,
    *,
    callback_id: str,
    trigger_id: str,
    response_url: str,
) -> dict[str, Any]:
    """Return the payload of a message shortcut."""
    return {
        **_envelope("message_action", workspace),
        "action_ts": workspace.stamp(),
        "user": {"id": user.id, "name": user.name, "team_id": user.team_id},
        "channel": {"id": channel.id, "name": spoken_name(channel)},
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "message_ts": message.ts,
        "message": message_body(workspace, message),
    }


def message_click(
    workspace: Workspace,
    user: User,
    channel: Channel,
    message: Message,
    *,
    action: Mapping[str, Any],
    entered: Entered,
    trigger_id: str,
    response_url: str,
) -> dict[str, Any]:
    """Return ``block_actions`` for an element of a message; of an ephemeral one Slack sends no copy."""
    ephemeral = message.ephemeral_to is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    return {
        **_interaction("block_actions", workspace, user),
        "container": container,
        "trigger_id": trigger_id,
        "channel": {"id": channel.id, "name": spoken_name(channel)},
        **({} if ephemeral else {"message": message_body(workspace, message)}),
        "state": {"values": state_values(message.blocks, entered)},
        "response_url": response_url,
        "actions": [dict(action)],
    }


def view_click(
    workspace: Workspace, user: User, view: View, *, action: Mapping[str, Any], trigger_id: str
) -> dict[str, Any]:
    """Return ``block_actions`` for an element of a form or of the Home tab."""
    shown = view_body(workspace, view)
    return {
        **_interaction("block_actions", workspace, user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": shown,
        "actions": [dict(action)],
    }


def view_submission(
    workspace: Workspace, user: User, view: View, *, trigger_id: str, response_urls: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the payload of a submitted form."""
    return {
        **_interaction("view_submission", workspace, user),
        "trigger_id": trigger_id,
        "view": view_body(workspace, view),
        "response_urls": response_urls,
    }


def view_closed(workspace: Workspace, user: User, view: View, *, is_cleared: bool) -> dict[str, Any]:
    """Return the payload of a form closed without submitting; ``is_cleared`` when all of the stack went."""
    return {
        **_interaction("view_closed", workspace, user),
        "view": view_body(workspace, view),
        "is_cleared": is_cleared,
        "response_urls": [],
    }


def block_suggestion(
    workspace: Workspace,
    user: User,
    *,
    block_id: str,
    action_id: str,
    value: str,
    view: View | None = None,
    message: Message | None = None,
) -> dict[str, Any]:
    """Return the payload which asks for the options of an external select while a person types ``value``."""
    payload = {
        **_interaction("block_suggestion", workspace, user),
        "action_id": action_id,
        "block_id": block_id,
        "value": value,
    }
    if view is not None:
        container = {"type": "view", "view_id": view.id}
        return {**payload, "container": container, "view": view_body(workspace, view)}
    if message is None:
        raise ValueError("an external select stands in a view or in a message")
    channel = workspace.channels[message.channel]
    return {
        **payload,
        "container": {"type": "message", "message_ts": message.ts, "channel_id": channel.id},
        "channel": {"id": channel.id, "name": spoken_name(channel)},
        "message": message_body(workspace, message),
    }


def view_body(workspace: Workspace, view: View) -> dict[str, Any]:
    """Return a view as it stands inside a payload: its state holds every input, untouched ones too."""
    return shapes.view(workspace, view) | {"state": {"values": state_values(view.blocks, view.state)}}


def _interaction(kind: str, workspace: Workspace, user: User) -> dict[str, Any]:
    return {
        **_envelope(kind, workspace),
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": workspace.bot.app_id,
    }


def _envelope(kind: str, workspace: Workspace) -> dict[str, Any]:
    return {
        "type": kind,
        "token": TOKEN,
        "team": _team(workspace),
        "enterprise": _enterprise(workspace),
        "is_enterprise_install": False,
    }


def _team(workspace: Workspace) -> dict[str, Any]:
    team = {"id": workspace.team_id, "domain": workspace.domain}
    if workspace.enterprise_id:
        team |= {"enterprise_id": workspace.enterprise_id, "enterprise_name": workspace.team_name}
    return team


def _enterprise(workspace: Workspace) -> dict[str, str] | None:
    if not workspace.enterprise_id:
        return None
    return {"id": workspace.enterprise_id, "name": workspace.team_name}
