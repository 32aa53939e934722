"""What can break, who owns it, and how it is put right."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.domain.incident import Role
from bot.domain.policy.base import Model


class PlanB(Model):
    """Another way to restore service, and when it was last tried out (S1-50)."""

    text: str
    tested_on: date | None = None


class Runbook(Model):
    """How a service is put right; a stale or untried one is flagged (S1-19)."""

    url: str
    reviewed_on: date | None = None
    exercised_on: date | None = None
    plan_b: PlanB | None = None


class Service(Model):
    """Something that people use: how important it is (tier 1 is the most), whose it is, and its runbook."""

    label: str
    tier: Annotated[int, Field(ge=1, le=4)]
    owner: Role
    team: str = ""
    runbook: Runbook | None = None
    repositories: tuple[str, ...] = ()


class Identity(Model):
    """A machine or human account that matters: who owns it, and how much it can do.

    Without an ``owner`` its incidents go to identity governance, which owes one (see `Governance`).
    """

    label: str
    owner: Role | None = None
    criticality: Annotated[int, Field(ge=0, le=4)]
    service: str = ""


class Governance(Model):
    """Who takes an identity that nobody owns, and how long they have to find an owner (S3-15)."""

    role: Role | None = None
    owner_within_days: Annotated[int, Field(gt=0, le=90)] = 30
