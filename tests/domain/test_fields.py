from typing import Any

import pytest

from bot.domain import fields
from bot.domain.fields import Moment
from bot.domain.incident import Stage, Status
from tests.domain.acme import NINE, POLICY, incident


@pytest.mark.parametrize(
    ("changes", "moment"),
    [
        ({}, Moment.OPEN),
        ({"status": Status.ACKNOWLEDGED}, Moment.ACKNOWLEDGE),
        ({"status": Status.ACKNOWLEDGED, "stage": Stage("contain")}, Moment.CONTAIN),
        ({"stage": Stage("recover")}, Moment.RESOLVE),
        ({"status": Status.CLOSED, "closed_at": NINE}, Moment.CLOSE),
    ],
)
def test_what_an_update_must_say_follows_the_incident(changes: dict[str, Any], moment: Moment) -> None:
    assert fields.moment(incident(**changes), POLICY) is moment
