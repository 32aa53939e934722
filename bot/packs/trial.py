"""Writing every text of a pack once, before it is used in an incident."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.domain.comms import UpdateDraft
from bot.domain.fields import Audience, Moment, wanted
from bot.domain.incident import Incident, IncidentId, Severity, UserId, Workspace
from bot.domain.policy import Policy
from bot.packs import texts

_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def written(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield the template and the reason for each text that cannot be written; nothing for a pack in order."""
    incident = _incident(policy)
    for stage, row in policy.stages.items():
        for text in row.texts:
            try:
                texts.stage_text(policy, incident, (), stage, text, now=_NOON)
            except texts.TextError as error:
                yield text.template, str(error)
    yield from _updates(policy, incident)


def _updates(policy: Policy, incident: Incident) -> Iterator[tuple[str, str]]:
    for audience in Audience:
        for moment in Moment:
            given = {field.name: field.example for field in wanted(audience, moment)}
            draft = UpdateDraft(audience=audience, fields=given, next_update_at=_NOON + timedelta(minutes=30))
            try:
                texts.update_text(policy, incident, draft, moment=moment)
            except texts.TextError as error:
                yield texts.template_of(audience, moment), str(error)
            if audience is not Audience.CUSTOMER:
                break


def _incident(policy: Policy) -> Incident:
    return Incident(
        id=IncidentId("trial"),
        workspace=Workspace(team_id="T0"),
        number=1,
        title="A trial of the texts",
        summary="Nothing happened.",
        severity=Severity.SEV2,
        computed_severity=Severity.SEV2,
        severity_reason="SEV2 because this is a trial.",
        scores=dict.fromkeys(policy.dimensions, 2),
        customer_visible=True,
        opened_by=UserId("U0000001"),
        opened_at=_NOON,
        stage=policy.first_stage,
        policy_version="",
    )
