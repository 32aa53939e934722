"""`/incident service`: which service an incident is about, named as soon as somebody knows it."""

from difflib import get_close_matches

from slack_bolt.async_app import AsyncAck

from blocks import kit
from bot.domain import triage
from bot.domain.errors import InvalidInput
from bot.domain.policy import Policy
from bot.listeners import looking
from bot.listeners.deps import Deps
from bot.listeners.payloads import Command
from bot.listeners.repeated import once
from bot.usecases import stages


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """Say which service it is about, or name it: its owner is called in where the policy says so. Raises `InvalidInput`."""
    at = await deps.db.read(looking.here, command.channel, workspace=command.workspace, now=deps.clock())
    if not command.rest.strip():
        await ack(_standing(at.policy, at.incident.key, at.incident.service))
        return
    name = named(at.policy, command.rest)
    told = stages.Told(answers={triage.SERVICE: name})
    await once(deps.db.run(stages.tell, at.incident.id, told, **deps.act(command)))
    await ack(
        f"{at.incident.key} is about {kit.escape(at.policy.services[name].label)} now, as the card shows."
    )


def named(policy: Policy, said: str) -> str:
    """Return the service that somebody means by its name or its label, in any case; raises `InvalidInput` naming them all."""
    wanted = " ".join(said.split()).lower()
    for name, row in policy.services.items():
        if wanted in (name.lower(), row.label.lower(), name.replace("_", " ").lower()):
            return name
    near = get_close_matches(wanted, policy.services, n=1)
    known = ", ".join(f"`{name}`" for name in policy.services) or "none: this policy names no services"
    meant = f" Did you mean `{near[0]}`?" if near else ""
    raise InvalidInput(
        {"service": f"There is no service {kit.short(wanted, 40)!r}.{meant} Known are: {known}."}
    )


def _standing(policy: Policy, key: str, service: str) -> str:
    row = policy.services.get(service)
    about = (
        f"{key} is about {kit.escape(row.label)}."
        if row
        else f"Nobody has said which service {key} is about."
    )
    known = ", ".join(f"`{name}`" for name in policy.services)
    return f"{about} Name it: `/incident service` and one of {known}." if known else about
