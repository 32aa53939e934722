"""What people read of versions of the policy: what one would change, that it is in force, that it is due for a look."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from blocks import ids, kit
from blocks.post import Post
from blocks.view import View
from bot.domain import policy_change
from bot.domain.items import Item, Proposal
from bot.domain.policy_words import short

Data = Mapping[str, Any]

LONGEST_LINE = 250


def what(proposal: Proposal) -> str:
    """Say which version would take the place of which."""
    again = " again" if proposal.value.get("again") else ""
    return (
        f"Put policy `{short(proposal.value['version'])}` in force{again} for new incidents; "
        f"`{short(str(proposal.current))}` is in force now. Incidents under way keep theirs."
    )


def details(item: Item) -> list[Block]:
    """Show what the version changes, who reviewed it when, and whether its sponsor stands behind it."""
    if item.proposal is None:
        return []
    value = item.proposal.value
    lines = [f"• {kit.outside(line, LONGEST_LINE)}" for line in value.get("changes", ())]
    count = int(value.get("count", 0))
    if count > len(lines):
        lines.append(f"… and {count - len(lines)} more: `tocsin policy show {short(value['version'])}`")
    head = f"*What changes* ({count} {'key' if count == 1 else 'keys'})"
    shown = kit.pieces("\n".join([head, *lines]) if lines else "Nothing that it says changes.")
    return [*(kit.section(piece) for piece in shown), kit.context(_reviewed(value), _endorsed(item))]


def endorse_button(item: Item, value: str) -> list[ButtonElement]:
    """Offer the sponsor to stand behind a version, as long as nobody has."""
    if item.details.get("endorsed") or not policy_change.may_endorse(item):
        return []
    return [kit.button("Endorse", ids.ENDORSE, value)]


def draw_review(view: View, data: Data) -> Post:
    """Warn that the policy was to be looked at again by a date that has passed."""
    version, by = str(data.get("version", "")), data.get("review_by")
    policy = view.policy
    if policy.version != version or (policy.review_by is not None and str(policy.review_by) != str(by)):
        text = f"Policy `{short(version)}` was due for a review; that is settled."
        return kit.post(text, [kit.section(text)])
    due = f"by {_day(str(by))}" if by else "by now"
    text = (
        f":calendar: Policy `{short(version)}` of {kit.outside(policy.organisation, 100)} was to be reviewed {due}. "
        "It stays in force. Please look at it: is everybody on it still right, and every number?"
    )
    hint = "To change it, edit the pack and run `tocsin policy propose`. I will remind you in a month."
    label = f"Still right: review again in {policy.review_every_days} days"
    button = kit.button(label, ids.POLICY_STILL_RIGHT, version, style="primary")
    return kit.post(text, [kit.section(text), *kit.buttons([button]), kit.context(hint)])


def said_in_force(_view: View, data: Data) -> str:
    """Say that a version is in force, since when, and who agreed."""
    at = datetime.fromisoformat(str(data["at"]))
    return (
        f":scroll: Policy `{short(str(data['version']))}` is in force for new incidents since {kit.when(at)}, "
        f"approved by {kit.mentions(data.get('by', ()))}. Incidents under way keep theirs; "
        "`/incident policy move` in an incident's channel moves one."
    )


def said_reviewed(_view: View, data: Data) -> str:
    """Say that somebody looked at the policy and found it right."""
    return (
        f":scroll: {kit.mention(str(data['by']))} reviewed policy `{short(str(data['version']))}` and found it right: "
        f"it is good until {_day(str(data['review_by']))}."
    )


def said_moved(view: View, data: Data) -> str:
    """Say that an incident goes on by another version, and whether it would be of another severity there."""
    text = (
        f":scroll: {kit.mention(str(data['by']))} moved {view.incident.key} from policy `{short(str(data['from']))}` to "
        f"`{short(str(data['to']))}`: its targets, ladders and approvals follow that one now. Every answer still counts."
    )
    if data.get("computed") != data.get("severity"):
        text += f" It computes SEV{data['computed']}; `/incident sev {data['computed']}` changes it."
    return text


def _reviewed(value: Mapping[str, Any]) -> str:
    by = f" by {kit.outside(str(value['reviewed_by']), 200)}" if value.get("reviewed_by") else ""
    when = (
        f"Reviewed {_day(str(value['reviewed_on']))}{by}"
        if value.get("reviewed_on")
        else "Review: no date given"
    )
    until = f", to be reviewed again by {_day(str(value['review_by']))}" if value.get("review_by") else ""
    return f"{when}{until}."


def _endorsed(item: Item) -> str:
    given = item.details.get("endorsed")
    if given:
        at = datetime.fromisoformat(str(given["at"]))
        return f"Endorsed by {kit.mention(str(given['by']))} {kit.when(at)}."
    written = str(item.proposal.value.get("endorsed") or "") if item.proposal else ""
    return (
        f"Endorsed, as the pack says, by {kit.outside(written, 200)}."
        if written
        else "Not endorsed by its sponsor yet."
    )


def _day(iso: str) -> str:
    """Return a date as people write it; a day has no time zone, so it is the same for every reader."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"
