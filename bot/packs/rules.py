"""What each rule of the checks is about, in one line: for people, editors and code scanning."""

from collections.abc import Mapping
from types import MappingProxyType

RULES: Mapping[str, str] = MappingProxyType(
    {
        # The files.
        "file": "A file of the pack cannot be read, or is not one of the pack's own.",
        "size": "A file is larger than a pack has reason to be.",
        "encoding": "A file is not UTF-8 text.",
        "syntax": "A file is not the plain YAML that packs are written in.",
        "duplicate": "A key is there twice: one of the two would be lost.",
        "many": "There are more problems than are worth listing.",
        # The shape.
        "shape": "A value is not of the kind that belongs there.",
        "unknown-key": "A key is not known: a typing mistake, or something of another version.",
        "missing": "A value is missing that has no default.",
        # How the parts fit together.
        "fit": "Parts of the pack do not fit together.",
        "role": "A name leads to no role of the pack.",
        "person": "A person is named where a role belongs: people change, roles stay.",
        "span": "A length of time is given in minutes or in days, one of them.",
        "text": "A text cannot be written from its template.",
        "backup": "Whoever is asked urgently needs somebody behind them.",
        "nobody": "At a point where somebody is asked, nobody is on the roster.",
        "unreachable": "A rung of a ladder can never be reached.",
        "alarm": "A ladder of an urgent severity ends silently.",
        "single-person": "One person may agree where two roles must.",
        # What agents ask, and what opens by itself.
        "vague": "A trigger or metric says low, high or uncertain, which nobody can measure.",
        "trigger": "A trigger cannot be observed, or opens what is not in the pack.",
        "example": "A trigger judges an example otherwise than the example says.",
        "counterexample": "A trigger shows no case that does not fire.",
        "unit": "A threshold has no unit.",
        "overlap": "Two triggers fire for the same case.",
        "lane": "A lane of the agent matrix is not complete.",
        "urgent": "An urgent lane needs two people, by the clock.",
        "silence": "What cannot be undone would go on without a person.",
        "everywhere": "One person is asked in every lane.",
        "exception": "An exception has no end, no reason or not the right agreement.",
        "remediation": "A credential would be touched without an approved rule.",
        "sharing": "A data-sharing rule does not fit.",
        "raci": "An activity has two accountable roles, or none.",
        "ladder": "A ladder for special cases has no condition of its own, or one that never holds.",
        "users": "The bands that turn numbers of users into scores do not rise.",
        "kinds": "A kind of incident cannot be told, or asks for what is not there.",
        "stop_the_line": "A stop-the-line condition or its lifting is incomplete.",
        "zone": "A time zone does not exist.",
        "calendar": "A holiday calendar does not exist, or contradicts itself.",
        "rotation": "A rotation does not say who takes turns, from when, or how.",
        "feed": "A calendar feed cannot be read safely.",
        "hidden": "A layer of a schedule is covered wholly by later ones.",
        "unused": "A schedule is written that nobody uses.",
        "gap": "A schedule leaves hours in which nobody is on duty.",
        # What has grown old.
        "review": "A review is overdue.",
        "runbook": "A runbook is stale, untried or missing.",
        "plan-b": "The other way to restore a service has not been tried out lately.",
        "expired": "An exception has run out.",
        # The live workspace.
        "live-person": "Somebody on the roster cannot be asked in the workspace.",
        "live-group": "A user group on the roster does not exist or is empty.",
        "live-slot": "Nobody behind a slot of the roster can be asked in the workspace.",
        "live-channel": "A channel does not exist, or the bot is not in it.",
        "live-unknown": "Slack did not say.",
    }
)


def about(rule: str) -> str:
    """Return what a rule is about in one sentence; a name that is not known is about what does not fit."""
    return RULES.get(rule, RULES["fit"])
