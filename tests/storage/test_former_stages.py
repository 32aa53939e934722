import json

from bot.domain import fields
from bot.domain.fields import Moment
from bot.domain.incident import Stage
from bot.domain.policy import Policy
from storage import former_policies
from tests.domain.acme import POLICY, incident


def as_it_was() -> dict[str, object]:
    """The policy as it was kept when every pack had the same six stages, in an order that a database chose."""
    kept = json.loads(POLICY.model_dump_json())
    rows = sorted(kept["stages"].items())
    kept["stages"] = {
        name: {key: row[key] for key in ("label", "meaning", "leads_to", "texts")} for name, row in rows
    }
    return dict(kept)


def test_a_former_policy_begins_in_triage_and_says_what_it_said() -> None:
    policy = Policy.model_validate_json(former_policies.readable(as_it_was()))
    assert list(policy.stages) == ["triage", "contain", "diagnose", "resolve", "recover", "review"]
    for stage, moment in (("triage", Moment.OPEN), ("contain", Moment.CONTAIN), ("recover", Moment.RESOLVE)):
        assert fields.moment(incident(stage=Stage(stage)), policy) is moment


def test_a_policy_of_today_keeps_its_own_stages_in_their_order() -> None:
    policy = Policy.model_validate_json(former_policies.readable(POLICY.model_dump_json()))
    assert policy.stages == POLICY.stages
    assert list(policy.stages) == list(POLICY.stages)
