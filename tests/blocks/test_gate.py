from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from blocks import gate, procedure
from blocks.forms import gate as form
from bot.domain.incident import Incident, Severity, Stage
from tests.blocks.legal import check_post, check_view
from tests.blocks.scenes import ANA, NINE, incident, incidents, outside_text, policy, texts_of, view

STAGES = [Stage(name) for name in ("triage", "contain", "resolve", "review", "gone", "")]


@given(
    incidents, st.none() | st.sampled_from(STAGES), st.sampled_from(["", "incident manager"]), outside_text
)
def test_the_form_of_what_is_missing_is_legal_whatever_was_told(
    subject: Incident, to: Stage | None, by: str, text: str
) -> None:
    told = replace(subject, answers={"scope": "external", "collect:last_change": text}, service="search")
    check_view(form.draw(told, (), policy(), to=to, override_by=by))


@given(incidents)
def test_the_procedure_is_legal_for_every_severity(subject: Incident) -> None:
    check_post(procedure.draw(subject, (), policy()))


def test_the_form_asks_all_of_a_triage_and_on_the_way_only_what_is_missing() -> None:
    subject = incident(severity=Severity.SEV3, stage=Stage("triage"))
    whole = [
        block["block_id"] for block in form.draw(subject, (), policy())["blocks"] if block["type"] == "input"
    ]
    assert {"scope", "data", "severity", "service", "credible:harm"} <= set(whole)
    on_the_way = form.draw(subject, (), policy(), to=Stage("contain"))
    asked = [block["block_id"] for block in on_the_way["blocks"] if block["type"] == "input"]
    assert "service" not in asked
    assert "override" in asked


def test_the_card_names_what_is_missing_what_is_late_and_what_was_left_out() -> None:
    ticked: dict[str, Any] = {
        "target:contain": {"at": "2026-11-20T10:00:00+00:00"},
        "triage/scope": {"at": "2026-11-20T10:00:00+00:00", "overridden": "no <time>", "by": ANA},
    }
    seen = view(stage=Stage("triage"), ticked=ticked, targets={"contain": NINE})
    shown = "\n".join(texts_of([block.to_dict() for block in gate.on_card(seen)]))
    assert "not contained in time" in shown
    assert "Went on without* say how far it reaches: no &lt;time&gt;" in shown
    assert "*Before Triage is left*: confirm the severity" in shown
