import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from blocks import ids
from bot.listeners import command, escalate

ROOT = Path(__file__).parents[2]
SLACKDATA = ROOT.parent / "shared" / "slackdata"

# What a method needs where the official pages name several scopes of which each opens one kind of conversation.
NEEDS = {
    "conversations.archive": {"channels:manage", "groups:write"},
    "conversations.create": {"channels:manage", "groups:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.invite": {"channels:manage", "groups:write"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.setPurpose": {"channels:manage", "groups:write"},
    "conversations.setTopic": {"channels:manage", "groups:write"},
    "users.conversations": {"channels:read", "groups:read"},
}
EVENTS = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "reaction_added": "reactions:read",
}
LITERAL = re.compile(r'"([a-z]+(?:\.[a-z]+)?\.[a-zA-Z]+)"')
SHOWN = re.compile(r"web\.([a-z]+)_([a-zA-Z]+)\(")
HEARD = re.compile(r'@app\.event\("(\w+)"\)')


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(ROOT / "manifest.yml")
    return loaded


@pytest.fixture(scope="module")
def pages() -> dict[str, dict[str, Any]]:
    documented = SLACKDATA / "derived" / "methods.json"
    if not documented.exists():
        pytest.skip("Slack's method pages are not beside this checkout")
    found: dict[str, dict[str, Any]] = json.loads(documented.read_text())
    return found


@pytest.mark.promise("M-07")
def test_the_manifest_passes_slacks_own_schema(manifest: dict[str, Any]) -> None:
    schema = SLACKDATA / "manifest-schema" / "manifest.schema.2.0.0.json"
    if not schema.exists():
        pytest.skip("Slack's manifest schema is not beside this checkout")
    jsonschema.validate(manifest, json.loads(schema.read_text()))


@pytest.mark.promise("M-07")
def test_commands_and_shortcuts_are_those_that_the_code_listens_to(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    assert {c["command"] for c in features["slash_commands"]} == {command.COMMAND, escalate.COMMAND}
    assert {(s["callback_id"], s["type"]) for s in features["shortcuts"]} == {
        (ids.OPEN_SHORTCUT, "global"),
        (ids.OPEN_FROM_MESSAGE, "message"),
    }
    hint = features["slash_commands"][0]["usage_hint"]
    assert set(re.findall(r"\w+", hint)) == {verb for verb in command.VERBS if verb}


@pytest.mark.promise("M-07")
def test_events_are_those_that_the_code_listens_to(manifest: dict[str, Any]) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    heard = {kind for source in _sources("listeners") for kind in HEARD.findall(source)}
    assert {event.split(".")[0] for event in subscribed} == heard
    assert manifest["settings"]["interactivity"]["is_enabled"]


@pytest.mark.promise("M-07")
def test_scopes_are_exactly_what_the_calls_and_events_need(
    manifest: dict[str, Any], pages: dict[str, dict[str, Any]]
) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"} | {EVENTS[event] for event in events if event in EVENTS}
    for source in _sources("cli", "engine", "listeners", "web", ""):
        called = set(LITERAL.findall(source)) | {f"{family}.{name}" for family, name in SHOWN.findall(source)}
        for method in called & set(pages):
            needed |= NEEDS.get(method) or set(pages[method].get("bot_scopes") or ())
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def _sources(*folders: str) -> list[str]:
    """Return the source of the bot's own modules, without the table of paces, which names methods that nobody calls."""
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / "bot" / folder).glob("**/*.py" if folder else "*.py"))
    ]
    return [path.read_text() for path in found if path.name != "pacing.py"]
