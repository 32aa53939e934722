from prometheus_client.parser import text_string_to_metric_families

from bot.cli import audit as questions
from bot.domain.audit import EVENT_KINDS
from bot.domain.decision import Lane
from bot.engine import clockwork
from bot.web import health
from bot.web.health import Health
from bot.web.metrics import Metrics, Readings
from tests.docs import pages

PAGE = pages.page("operate.md")


def measured() -> set[str]:
    readings = Readings(
        tick_age=0.1,
        ticks=1,
        fired=1,
        timers_aside=1,
        swept=1,
        connected=True,
        calls={("chat.postMessage", "sent"): 1},
        settled={"sent": 1},
        waiting={"urgent": (1, 2.0)},
    )
    families = list(text_string_to_metric_families(Metrics().page(readings).decode()))
    names = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    # When counting began stands beside every histogram.
    return {name for name in names if not name.endswith("_created")}


def test_every_metric_is_documented_and_no_other() -> None:
    assert set(pages.table(PAGE, "Metrics")) == measured()


def test_every_answer_of_the_health_page_is_documented_and_no_other() -> None:
    answer = Health(tick_age=0.1, database=True, socket=None).to_json()
    assert set(pages.table(PAGE, "Health")) == set(answer)
    assert health.TICK_MAY_BE == 10
    assert Lane.URGENT.name.lower() == "urgent"


def test_a_start_waits_for_the_roster_as_long_as_the_page_says() -> None:
    assert f"A start waits up to {clockwork.FIRST_ROSTER:.0f} seconds" in PAGE


def test_every_audit_question_is_documented() -> None:
    asked = {
        command.strip("`").split()[2] for _, command in pages.rows(pages.section(PAGE, "Audit questions"))[:6]
    }
    assert asked == {*questions.QUESTIONS, "verify", "export"}


def test_every_kind_of_event_that_is_named_exists() -> None:
    kinds = {row[0].strip("`") for row in pages.rows(pages.section(PAGE, "Audit questions"))[6:]}
    assert kinds
    assert kinds <= EVENT_KINDS
