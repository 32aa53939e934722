from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.offline import OfflineAdvisor
from bot.advisor.protocol import Said
from bot.domain import advice
from bot.domain.advice import Suggestion
from bot.domain.incident import Dimension, Incident, Severity
from bot.domain.items import ItemState, ProposalKind
from tests.domain.acme import NINE, POLICY, at, directory, incident, user


def said(*lines: tuple[str, str]) -> tuple[Said, ...]:
    return tuple(
        Said(ref=f"m{number}", excerpt=text, by=user(by), at=at(number))
        for number, (by, text) in enumerate(lines)
    )


def advise(subject: Incident, *lines: tuple[str, str]) -> dict[ProposalKind, Suggestion]:
    return {s.kind: s for s in OfflineAdvisor().advise(POLICY, subject, said(*lines))}


def severity_of(subject: Incident, *lines: tuple[str, str]) -> Severity | None:
    found = advise(subject, *lines).get(ProposalKind.SEVERITY)
    return Severity(found.value) if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Checkout is down, nobody can pay", Severity.SEV2),
        ("the DATABASE IS DOWN", Severity.SEV1),
        ("All customers see it", Severity.SEV1),
        ("we found a token in the log", Severity.SEV2),
        ("looks a bit slow", None),
        ("checkout is downstream of search", None),
        ("approve", None),
    ],
)
def test_words_of_the_policy_suggest_what_the_matrix_says(text: str, expected: Any) -> None:
    assert severity_of(incident(), ("ana", text)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "is the database is down?",
        "I don't think the database is down",
        "it is not the case that all customers see it",
        "no data leak here",
    ],
)
def test_questions_and_denials_suggest_nothing(text: str) -> None:
    assert advise(incident(), ("ana", text)) == {}


def test_a_suggestion_names_its_rule_its_words_and_its_evidence() -> None:
    found = advise(incident(), ("ana", "hello"), ("ben", "checkout is failing since 09:00"))[
        ProposalKind.SEVERITY
    ]

    assert found.evidence == ("m1",)
    because, _, source = found.rationale.partition("\n")
    assert because.startswith("a key function is said to be down")
    assert "rule" not in because, (
        "the reason stays on the card for hours; where it comes from stays with the suggestion"
    )
    assert source == 'Said: "checkout is failing since 09:00" (rule business-function-down)'
    assert found.confidence == 0.6


def test_more_voices_and_more_reasons_make_it_more_likely_but_never_certain() -> None:
    lines = [("ana", "checkout is down"), ("ben", "checkout is down"), ("caro", "many customers complain")]

    confidences = [
        advise(incident(), *lines[:count])[ProposalKind.SEVERITY].confidence
        for count in range(1, len(lines) + 1)
    ]

    assert confidences == sorted(confidences)
    assert 0.6 == confidences[0] < confidences[-1] <= 0.9


def test_what_was_said_last_about_a_thing_counts() -> None:
    subject = incident(Severity.SEV2, scores={Dimension.BUSINESS: 2, Dimension.USERS: 3, Dimension.DATA: 0})

    assert severity_of(subject, ("ana", "all customers are affected")) is Severity.SEV1
    assert severity_of(
        subject, ("ana", "all customers are affected"), ("ana", "only one customer is affected")
    ) in (
        None,
        Severity.SEV3,
    )


def test_what_is_recorded_already_is_not_suggested() -> None:
    known = incident(Severity.SEV2, scores={Dimension.BUSINESS: 3})

    assert advise(known, ("ana", "checkout is down")) == {}


def test_the_role_that_would_lead_is_suggested_together_with_the_severity() -> None:
    found = advise(incident(), ("ana", "checkout is down"))[ProposalKind.OWNER]

    assert found.value == "incident_manager"
    assert "incident manager leads at SEV2" in found.rationale


def test_asking_who_leads_is_answered_from_the_matrix() -> None:
    found = advise(incident(lead=None), ("ana", "Who owns this one?"))

    assert found[ProposalKind.OWNER].value == "l2"
    assert advise(incident(), ("ana", "Who owns this one?")) == {}


def test_an_advisor_suggests_and_a_person_decides() -> None:
    subject = incident()
    suggested = OfflineAdvisor().advise(POLICY, subject, said(("ana", "checkout is down")))
    assert suggested
    for suggestion in suggested:
        made = advice.suggest(
            subject,
            (),
            POLICY,
            directory(),
            suggestion,
            known_evidence=frozenset({"m0"}),
            by="advisor",
            now=NINE,
        )
        assert made.incident == subject
        assert [item.state for item in made.items] == [ItemState.OPEN]


texts = st.sampled_from(
    [phrase for rule in POLICY.advice for phrase in rule.any_of]
    + ["hello", "is it down?", "not down", "<!channel>", ""]
)
lines = st.lists(st.tuples(st.sampled_from(["ana", "ben", "ivan"]), texts), max_size=8)
scores = st.dictionaries(st.sampled_from(list(Dimension)), st.one_of(st.none(), st.integers(0, 4)))


@given(level=st.sampled_from(list(Severity)), scores=scores, lines=lines)
def test_whatever_is_said_its_suggestions_are_fit_to_be_shown_and_always_the_same(
    level: Severity, scores: dict[Dimension, int | None], lines: list[tuple[str, str]]
) -> None:
    subject = incident(level, scores=scores)
    heard = said(*lines)

    found = OfflineAdvisor().advise(POLICY, subject, heard)

    assert found == OfflineAdvisor().advise(POLICY, subject, heard)
    assert len({s.kind for s in found}) == len(found) <= 2
    for suggestion in found:
        assert set(suggestion.evidence) <= {one.ref for one in heard}
        assert suggestion.evidence
        assert len(suggestion.rationale) <= advice.RATIONALE_LIMIT
        assert 0 < suggestion.confidence < 1
