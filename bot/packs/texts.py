"""Writing the texts of a pack: templates filled with what is on record."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.domain import chasing, comms, fields, promises, triage
from bot.domain.fields import Audience, Moment
from bot.domain.incident import Dimension, Incident, Stage, UserId
from bot.domain.items import Item, ItemKind
from bot.domain.mrkdwn import escape
from bot.domain.policy import Policy, StageText

# Jinja is imported with the first text that is written: a bot that only waits needs none of it.
if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


class Ready(str):
    """Text that needs no more escaping: the bot wrote it itself."""

    __slots__ = ()


class TextError(Exception):
    """A template that cannot be written; the sentence says which one and why."""


def render(policy: Policy, template: str, **given: Any) -> str:
    """Write a template of the pack in Slack's mrkdwn; everything filled in is escaped.

    A name that is not given is an error, not an empty place. Raises `TextError`.
    """
    from jinja2 import TemplateError

    try:
        written = environment(frozenset(policy.templates.items())).get_template(template).render(**given)
    except TemplateError as error:
        raise TextError(f"The text {template!r} cannot be written: {error}.") from error
    return "\n".join(line.rstrip() for line in written.strip().splitlines())


def stage_text(
    policy: Policy, incident: Incident, items: Sequence[Item], stage: Stage, text: StageText, *, now: datetime
) -> str:
    """Write one text of a stage.

    What nobody has said yet stays as ``{a blank}``, which keeps a draft from being approved.
    """
    told = comms.last_fields(items, Audience(text.audience)) if text.audience in set(Audience) else {}
    context = _context(policy, incident, items, stage)
    is_brief = text.audience == promises.EXECUTIVE
    return render(
        policy,
        text.template,
        **context,
        fields=_every_field(told),
        by="",
        next_update_at=promises.next_brief(incident, policy, now) if is_brief else incident.next_update_at,
    )


def update_text(
    policy: Policy,
    incident: Incident,
    draft: comms.UpdateDraft,
    *,
    items: Sequence[Item] = (),
    by: UserId | None = None,
    moment: Moment | None = None,
) -> str:
    """Write an update from the fields of its form, as of ``moment``: where the incident stands, unless given."""
    template = template_of(draft.audience, moment or fields.moment(incident, policy))
    context = _context(policy, incident, items, incident.stage)
    given = _every_field(draft.fields)
    return render(
        policy, template, **context, fields=given, by=_person(by), next_update_at=draft.next_update_at
    )


def template_of(audience: Audience, moment: Moment) -> str:
    """Return which template an update is written from; customers read another one at each moment."""
    if audience is not Audience.CUSTOMER:
        return f"update.{audience.value}"
    return f"{'triage' if moment is Moment.OPEN else moment.value}.customer"


@lru_cache(maxsize=64)
def environment(templates: frozenset[tuple[str, str]]) -> "SandboxedEnvironment":
    """Return the sandbox that a pack's templates run in: they can read what they are given and nothing else."""
    from jinja2 import DictLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    made = SandboxedEnvironment(
        loader=DictLoader(dict(templates)),
        undefined=StrictUndefined,
        finalize=_escaped,
        autoescape=False,  # that would escape for HTML; Slack knows three characters only
        trim_blocks=False,
        keep_trailing_newline=False,
    )
    made.globals = {"blank": _blank}
    made.filters = {
        name: made.filters[name] for name in ("default", "join", "lower", "upper", "length", "round", "trim")
    }
    made.filters |= {"clock": _clock, "utc": _utc}
    return made


def _escaped(value: object) -> object:
    """Escape what is filled in; a number stays a number, and what is undefined still raises."""
    return Ready(escape(value)) if isinstance(value, str) and not isinstance(value, Ready) else value


def _blank(what: str) -> Ready:
    return Ready("{" + what + "}")


def _clock(moment: datetime) -> Ready:
    """Show a moment in each reader's own time zone, with UTC where Slack cannot."""
    return Ready(f"<!date^{int(moment.timestamp())}^{{time}}|{_utc(moment)}>")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M} UTC"


def _person(user: UserId | None) -> Ready:
    return Ready(f"<@{user}>") if user else Ready("nobody yet")


def _every_field(given: Mapping[str, str]) -> dict[str, str]:
    """Fill what is missing with nothing: a template asks for a field by name and gets its blank."""
    known = {
        f.name for asked in (*fields.CUSTOMER.values(), fields.INTERNAL, fields.EXECUTIVE) for f in asked
    }
    return {**dict.fromkeys(known, ""), **{name: text.strip() for name, text in given.items()}}


def _context(policy: Policy, incident: Incident, items: Sequence[Item], stage: Stage) -> dict[str, Any]:
    row = policy.row(incident.severity)
    return {
        "incident": {
            "key": incident.key,
            "title": incident.title,
            "summary": incident.summary,
            "severity": incident.severity.name,
            "severity_label": row.label,
            "reason": incident.severity_reason,
            "stage": policy.stages[stage].label,
            "lead": _person(incident.lead),
            "opened_at": incident.opened_at,
            "next_update_at": incident.next_update_at,
            "customer_visible": incident.customer_visible,
            "scope": incident.answers.get(triage.SCOPE, ""),
            "update_is_overdue": any(map(chasing.is_overdue, filter(None, [promises.current(items)]))),
            "drill": incident.drill,
        },
        "step": _step(items),
        "asked": _asked(policy, items),
        "words": {d.value: _score(policy, incident, d) for d in policy.dimensions},
        "customers_told": comms.customers_told(items),
    }


def _score(policy: Policy, incident: Incident, dimension: Dimension) -> str:
    score = incident.scores.get(dimension)
    return "not known yet" if score is None else policy.dimensions[dimension].scores[score]


def _step(items: Sequence[Item]) -> dict[str, Any] | None:
    for item in items:
        if item.kind is ItemKind.NEXT_STEP and item.is_open and item.details.get("text"):
            owner = next(iter(item.holders), None)
            return {
                "text": str(item.details["text"]),
                "owner": _person(owner),
                "due": item.due_at or item.opened_at,
                "is_overdue": chasing.is_overdue(item),
            }
    return None


def _asked(policy: Policy, items: Sequence[Item]) -> list[dict[str, str]]:
    return [
        {
            "label": policy.roles[item.role].label if item.role in policy.roles else str(item.role),
            "people": Ready(", ".join(_person(user) for user in item.holders)),
        }
        for item in items
        if item.kind is ItemKind.ACKNOWLEDGE and item.is_open and item.holders and item.role
    ]
