import re
from pathlib import Path

import pytest
import rfc8785

from bot.domain import audit

EVENT = {"kind": "ack.received", "at": "2026-11-20T09:00:00Z", "data": {"by": "UCARO", "seconds": 4}}
SOURCES = Path(audit.__file__).parents[1]


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert audit.canonical(dict(reversed(EVENT.items()))) == audit.canonical(EVENT)
    assert audit.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


@pytest.mark.promise("S3-28")
def test_a_changed_event_or_a_changed_past_gives_another_hash() -> None:
    first = audit.link(audit.GENESIS, EVENT)
    assert first == audit.link(audit.GENESIS, dict(EVENT))
    assert first != audit.link(audit.GENESIS, {**EVENT, "kind": "ack.declined"})
    assert first != audit.link(first, EVENT)
    assert re.fullmatch(r"[0-9a-f]{64}", first)


def test_what_could_not_be_verified_later_is_never_written() -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        audit.canonical({"data": {"at": object()}})


def test_every_event_that_the_rules_name_is_in_the_vocabulary() -> None:
    named = {
        (path.name, kind)
        for folder in ("domain", "usecases")
        for path in (SOURCES / folder).rglob("*.py")
        for kind in re.findall(
            r'(?:Fact\(kind=|_log\([^"]*|audit_kind = )"([a-z_]+\.[a-z_]+)"', path.read_text()
        )
    }
    assert named
    assert {(name, kind) for name, kind in named if kind not in audit.EVENT_KINDS} == set()
