import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incident import Role, Severity
from bot.domain.policy import Policy, RoleRow, Slot, Span
from bot.domain.policy_words import changes
from tests.domain.small_pack import policy

PACK = policy()


def changed(**values: object) -> tuple[str, ...]:
    return changes(PACK, PACK.model_copy(update=values))


def test_the_same_policy_has_no_changes_and_its_version_is_none() -> None:
    assert changes(PACK, PACK) == ()
    assert changed(version="another") == ()


def test_each_changed_key_is_named_in_words() -> None:
    row = PACK.severities[Severity.SEV2].model_copy(update={"acknowledge": Span(minutes=1)})
    assert changed(severities={**PACK.severities, Severity.SEV2: row}) == (
        "severities.SEV2.acknowledge: 15 minutes → 1 minute",
    )
    assert changed(archive_after=Span(days=3, working=True)) == ("archive_after: 1 day → 3 working days",)
    assert changed(sponsor="executive_sponsor") == ("sponsor: nothing → executive_sponsor",)


def test_what_is_wholly_new_or_gone_is_one_line() -> None:
    roles = {**PACK.roles, Role("finance"): RoleRow(label="finance")}
    assert changed(roles=roles) == ("roles.finance: added",)
    fewer = {name: slot for name, slot in PACK.roster.items() if name != "l3"}
    assert changed(roster=fewer) == ("roster.l3: removed",)


def test_people_who_come_and_go_are_named() -> None:
    slot = Slot(primary=("caro@acme.example", "dev@acme.example"))
    assert changed(roster={**PACK.roster, Role("l2"): slot}) == (
        "roster.l2.primary: caro@acme.example → caro@acme.example, dev@acme.example",
        "roster.l2.backup: dev@acme.example → nothing",
    )


def test_a_row_of_a_list_is_named_by_its_place() -> None:
    row = PACK.severities[Severity.SEV1]
    steps = (row.ladder.steps[0].model_copy(update={"wait": Span(minutes=7)}), *row.ladder.steps[1:])
    quicker = row.model_copy(update={"ladder": row.ladder.model_copy(update={"steps": steps})})
    assert changed(severities={**PACK.severities, Severity.SEV1: quicker}) == (
        "severities.SEV1.ladder.steps[0].wait: 5 minutes → 7 minutes",
    )


def test_another_order_is_a_change_too() -> None:
    turned = dict(reversed(list(PACK.roles.items())))
    assert len(lines := changed(roles=turned)) == 1
    assert lines[0].startswith("roles: in another order (")


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.parametrize("field", sorted(set(Policy.model_fields) - {"version"}))
def test_no_field_of_a_policy_changes_unseen(field: str) -> None:
    assert changed(**{field: "something else"})


@given(st.text(max_size=2000))
def test_a_line_stays_short_whatever_is_written(name: str) -> None:
    for line in changed(organisation=name):
        assert len(line) < 250
