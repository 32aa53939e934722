from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import targets, thresholds
from bot.domain.decision import TimerKind
from bot.domain.incident import Incident, Severity, Stage, Status
from bot.domain.policy import Span, Threshold
from tests.domain.acme import NINE, POLICY, at, directory, facts, incident, user

CONTAIN = TimerKind.CONTAIN


def due(subject: Incident, minutes: float, kind: TimerKind = CONTAIN) -> list[str]:
    return facts(targets.fell_due(subject, kind, POLICY, directory(), at(minutes)))


def test_a_target_is_met_by_whatever_comes_after_its_stage() -> None:
    for stage, met in (("triage", False), ("contain", False), ("diagnose", True), ("resolve", True)):
        assert targets.is_met(incident(stage=Stage(stage)), POLICY, "contain") is met, stage
    assert targets.is_met(incident(status=Status.CLOSED, closed_at=NINE), POLICY, "resolve")


@given(
    st.sampled_from(list(POLICY.stages)), st.integers(0, 600), st.sampled_from([CONTAIN, TimerKind.RESOLVE])
)
def test_a_target_is_missed_once_however_late_and_often_it_falls_due(
    stage: Stage, minutes: int, kind: TimerKind
) -> None:
    subject = incident(Severity.SEV1, stage=stage, lead=user("ivan"))
    name = targets.TIMERS[kind]
    first = targets.fell_due(subject, kind, POLICY, directory(), at(minutes))
    late = at(minutes) >= subject.targets[name] and not targets.is_met(subject, POLICY, name)
    assert facts(first) == (["target.missed"] if late else [])
    assert (targets.missed(first.incident, name) is not None) is late
    assert (
        facts(targets.fell_due(first.incident, kind, POLICY, directory(), at(minutes + 5))) == [] or not late
    )


def test_the_next_level_is_the_next_role_of_the_ladder() -> None:
    subject = incident(Severity.SEV1, lead=user("ivan"))
    assert targets.next_level(subject, POLICY, directory(), "contain") == (user("eli"),)
    assert targets.next_level(subject, POLICY, directory(), "resolve") == (user("xena"),)


def test_a_new_severity_may_miss_its_targets_anew() -> None:
    missed = targets.fell_due(incident(Severity.SEV1), CONTAIN, POLICY, directory(), at(60)).incident
    assert targets.armed(missed, POLICY, at(61)).incident == missed
    later = replace(missed, targets={**missed.targets, "contain": at(90)})
    armed = targets.armed(later, POLICY, at(61))
    assert targets.missed(armed.incident, "contain") is None
    assert [timer.at for timer in armed.timers if timer.kind is CONTAIN] == [at(90)]


def test_time_crosses_each_threshold_once_in_a_stay_and_names_its_number() -> None:
    subject = incident(Severity.SEV2, stage=Stage("triage"), ticked={})
    [timer] = thresholds.timers(subject, POLICY, NINE)
    assert timer.at == at(45)
    crossed = thresholds.fell_due(subject, POLICY, directory(), at(50))
    [fact] = crossed.facts
    assert (fact.rule, fact.data["owner"], fact.data["value"]) == ("threshold.T-01", "incident_manager", 50)
    assert fact.data["late_seconds"] == 300
    assert facts(thresholds.fell_due(crossed.incident, POLICY, directory(), at(51))) == []


@given(st.integers(0, 800), st.sampled_from(Severity))
def test_a_threshold_is_never_crossed_before_its_number(minutes: int, level: Severity) -> None:
    subject = incident(level, ticked={})
    made = thresholds.fell_due(subject, POLICY, directory(), at(minutes))
    for fact in made.facts:
        threshold: Threshold = POLICY.thresholds[fact.data["threshold"]]
        assert level in threshold.severities
        if threshold.span is not None and threshold.span.minutes and not threshold.span.working:
            assert minutes >= threshold.span.minutes


def test_a_closed_incident_crosses_nothing() -> None:
    subject = incident(Severity.SEV1, status=Status.CLOSED, closed_at=NINE, ticked={})
    assert thresholds.timers(subject, POLICY, NINE) == ()
    assert facts(thresholds.fell_due(subject, POLICY, directory(), at(9999))) == []


def test_repeats_count_only_what_lies_within_the_window() -> None:
    rule = Threshold(measure="repeats", count=3, within_days=30, owner="l2", says="again", span=None)
    old = [incident(id=f"i{n}", opened_at=NINE - timedelta(days=n)) for n in (1, 29, 30, 31)]
    assert [other.id for other in thresholds.of_window(incident(id="now"), old, rule)] == ["i1", "i29"]
    assert Span(minutes=1) != Span(days=1)
