"""The question which service an incident is about."""

from slack_sdk.models.blocks import InputBlock

from blocks.forms import fields
from bot.domain import triage
from bot.domain.policy import Policy


def select(policy: Policy, given: str = "") -> InputBlock:
    """Ask which service it is; what is asked may stay open."""
    choices = [(name, one.label, f"tier {one.tier}") for name, one in policy.services.items()]
    return fields.choice(triage.SERVICE, "Affected service", choices, initial=given or None, optional=True)
