from datetime import date
from pathlib import Path

import pytest

from bot import packs
from tests.packs.conftest import Edit, Refused

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("policy.yaml", "owner: policy_owner", "owner: ivan@acme.example", "owner: found"),
        ("policy.yaml", "owner: policy_owner", "owner: policy_owners", "did you mean 'policy_owner'?"),
        ("policy.yaml", "sponsor: executive_sponsor", "sponsor: nobody", "sponsor: found the role 'nobody'"),
        ("policy.yaml", "review_by: 2027-05-03", "review_by: 2026-11-02", "a day after it was reviewed (2026-11-02)"),
        ("policy.yaml", "activation_waits: {days: 7}", "activation_waits: {days: 7, minutes: 1}", "both minutes and days"),
        ("roster.yaml", "owner: {primary: [ivan@acme.example], backup: [judy@acme.example]}", "owner: {}", "policy_owner, which"),
    ],
)  # fmt: skip
def test_a_policy_that_nobody_could_change_is_refused(
    edit: Edit, refused: Refused, file: str, old: str, new: str, expected: str
) -> None:
    edit(file, old, new)
    assert any(expected in problem for problem in refused())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("review_by: 2027-05-03\n", "", "no review_by"),
        ("profile: standard", "profile: small_team", "small_team"),
    ],
)
def test_what_is_allowed_but_worth_a_look_is_remarked_on(
    pack: Path, edit: Edit, old: str, new: str, said: str
) -> None:
    edit("policy.yaml", old, new)
    checked = packs.check(pack, TODAY)
    assert checked.policy is not None
    assert [problem.found for problem in checked.problems if problem.warning and said in problem.found] == [
        said
    ]


def test_the_default_pack_has_an_owner_a_sponsor_and_a_date() -> None:
    policy = packs.load(packs.DEFAULT)
    assert (policy.owner, policy.sponsor) == ("policy_owner", "executive_sponsor")
    assert policy.review_by is not None
