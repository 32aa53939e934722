import pytest

from bot.domain.incident import Dimension, Severity
from bot.domain.items import ItemKind
from bot.usecases import desk
from tests.harness.story import ACME, Story

QUIET = {"Business": "0", "Users": "0", "Data": "0", "Regulatory": "0", "What_kind": "Machine identity"}


@pytest.mark.promise("S3-11")
async def test_the_same_event_is_another_incident_for_a_mighty_identity(story: Story) -> None:
    low = await story.opens("ana", "A token expired", **QUIET, Which_one="Partner export", Blast="1")
    mighty = await story.opens("ana", "A token expired", **QUIET, Which_one="Token signing key", Blast="1")
    assert low.severity is Severity.SEV4
    assert mighty.severity is Severity.SEV1
    assert mighty.scores[Dimension.IDENTITY] == 4, "never scored lower than the policy knows"
    assert mighty.service == "sign_in"
    asked = {
        number: {item.role for item in await story.items(number) if item.kind is ItemKind.ACKNOWLEDGE}
        for number in (1, 2)
    }
    assert asked[1] == {"iam", "l1"}
    assert {"incident_manager", "security", "iam", "technical_lead"} <= asked[2]


@pytest.mark.promise("S3-15")
async def test_an_identity_that_nobody_owns_goes_to_governance_with_an_exception(story: Story) -> None:
    incident = await story.opens(
        "ana", "A token expired", **QUIET, Identity="1", Blast="1", Its_name="svc-forgotten-7"
    )
    assert incident.identity == "svc-forgotten-7"
    assert any("you are asked to take" in text for text in story.igor.inbox)
    page = next(item for item in await story.items() if item.role == "identity_governance")
    assert page.holders == ("U0IGOR",)

    [opened] = await story.audit("exception.opened")
    assert opened.data["identity"] == "svc-forgotten-7"
    assert opened.rule == "identity.unowned"
    held = await story.reads(desk.of, ACME, story.now)
    [task] = [item for item in held.items if item.kind is ItemKind.TASK]
    assert task.role == "identity_governance"
    assert (task.due_at - story.now).days == 30
    assert "name an owner for svc-forgotten-7" in task.title
    assert any("name an owner for svc-forgotten-7" in text for text in story.igor.inbox)

    await story.opens("ana", "It expired again", **QUIET, Identity="1", Blast="1", Its_name="svc-forgotten-7")
    assert len(await story.audit("exception.opened")) == 1, "the same one is not opened twice"

    await story.igor.clicks("Done", on="name an owner")
    assert len(await story.audit("task.done")) == 1


async def test_an_exception_that_is_late_goes_to_the_backup_too(story: Story) -> None:
    await story.opens("ana", "A token expired", **QUIET, Which_one="Legacy synchronisation", Blast="1")
    assert not any("name an owner" in text for text in story.ines.inbox)
    await story.minutes_pass(30 * 24 * 60 + 1)
    assert any("name an owner for Legacy synchronisation token" in text for text in story.ines.inbox)
    assert len(await story.audit("task.overdue")) == 1
