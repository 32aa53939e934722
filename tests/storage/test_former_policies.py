import json
from typing import Any

from bot.domain import quorum
from bot.domain.incident import Dimension, Role, Severity, Workspace
from bot.domain.items import ProposalKind
from bot.domain.policy import Policy
from storage import former_policies, policies
from storage.database import Database, Tx
from tests.domain.acme import NINE, POLICY, incident

ACME = Workspace(team_id="T0ACME")
ALSO = [{"roles": ["legal_liaison"], "any_of": [{"at_least": {"data": 3}}, {"at_least": {"regulatory": 3}}]}]


def kept_by_an_earlier_release() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(POLICY.model_dump_json(exclude={"data_sharing"}))
    for level, row in stored["severities"].items():
        row["approvals"]["external_text_also"] = ALSO if level in ("1", "2", "3") else []
    return stored


def test_a_policy_of_an_earlier_release_still_asks_counsel_where_it_did() -> None:
    policy = Policy.model_validate_json(former_policies.readable(kept_by_an_earlier_release()))

    for audience in ("customer", "executive"):
        for scores, asked in (
            ({Dimension.DATA: 3}, True),
            ({Dimension.REGULATORY: 4}, True),
            ({Dimension.DATA: 2}, False),
        ):
            serious = incident(Severity.SEV2, scores=scores)
            needs = quorum.needs(policy, serious, ProposalKind.TEXT, {"audience": audience})
            assert (("legal_liaison",) in needs) is asked
    assert len(policy.data_sharing) == 4


def test_a_policy_of_today_is_read_as_it_is() -> None:
    content = POLICY.model_dump_json()
    for kept in (content, json.loads(content)):
        assert Policy.model_validate_json(former_policies.readable(kept)) == POLICY


async def test_a_kept_policy_lists_everything_in_the_order_of_the_pack(db: Database) -> None:
    def kept(tx: Tx) -> Policy:
        policies.activate(tx, ACME, POLICY, NINE)
        policies._known.clear()
        return policies.version(tx, POLICY.version)

    db.migrate()
    policy = await db.run(kept)
    assert list(policy.stages) == list(POLICY.stages), "the first stage is where incidents begin"
    assert list(policy.lanes) == list(POLICY.lanes)
    assert list(policy.roles) == list(POLICY.roles)


def test_a_policy_that_a_person_owned_is_owned_by_a_role_that_this_person_holds() -> None:
    stored = json.loads(POLICY.model_dump_json()) | {"owner": "ivan@acme.example"}
    read = Policy.model_validate_json(former_policies.readable(stored))
    assert read.owner == "policy_owner"
    assert read.roster[Role("policy_owner")].primary == ("ivan@acme.example",)
