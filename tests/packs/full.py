"""The default pack with everything filled in that it leaves empty, so that each key says something somewhere."""

from functools import cache
from typing import Any

from bot import packs
from bot.domain.policy import Policy
from tests.packs.probing import dumped

SCHEDULES: dict[str, Any] = {
    "probe_days": {
        "label": "Probe by day",
        "timezone": "Europe/Oslo",
        "layers": [
            {
                "members": ["ana@acme.example", "ben@acme.example", "caro@acme.example"],
                "starts": "2026-11-02",
                "handoff": "09:00:00",
                "every": "weekly",
                "weekday": "mon",
            },
            {
                "members": ["dev@acme.example", "eli@acme.example"],
                "starts": "2026-11-03",
                "handoff": "08:00:00",
                "every": "custom",
                "days": 3,
                "hours": [{"weekdays": ["mon", "tue", "wed"], "since": "20:00:00", "until": "06:00:00"}],
            },
        ],
    },
    "probe_feed": {
        "label": "Probe by feed",
        "timezone": "Europe/Oslo",
        "feed": {"url": "https://calendar.acme.example/oncall.ics"},
    },
}
LADDER: dict[str, Any] = {
    "id": "probe",
    "any_of": [{"kinds": ["security"]}, {"at_least": {"data": 2}, "customer_visible": True}],
    "ladder": {"steps": [{"ask": ["primary"], "wait": {"minutes": 3}}], "repeat": 1, "alarm": {"minutes": 9}},
}


@cache
def full() -> Policy:
    """Return the default pack, with a value for every key that it has no use for itself."""
    data = dumped(packs.load())
    data["endorsement"] = data["endorsement"] or {"by": "xena@acme.example", "on": "2026-11-01"}
    data["computation"]["user_bands"] = data["computation"]["user_bands"] or [
        {"score": 2, "percent": 1, "users": 100},
        {"score": 3, "percent": 10, "users": 1000},
    ]
    data["severities"]["3"]["special_ladders"] = [*data["severities"]["3"]["special_ladders"], LADDER]
    data["schedules"] = {**data["schedules"], **SCHEDULES}
    data["roster"]["support"] = {
        "primary": ["schedule/probe_days"], "backup": ["sid@acme.example"], "fallback": ["suzy@acme.example"],
    }  # fmt: skip
    data["roster"]["l1"]["primary"] = []
    data["roster"]["l1"]["backup"] = []
    data["roster"]["l1"]["fallback"] = ["suzy@acme.example"]
    data["support_hours"]["calendars"] = data["support_hours"]["calendars"] or {
        "probe": {"country": "DE", "subdivision": "BY", "add": ["2026-11-24"], "remove": ["2026-01-06"]}
    }
    triage = next(iter(data["stages"].values()))
    triage["texts"][1]["at_least"] = triage["texts"][1]["at_least"] or {"data": 2}
    trigger = next(iter(data["triggers"]), "probe")
    data["exceptions"] = data["exceptions"] or {
        "probe": {
            "trigger": trigger,
            "asset": "web-1",
            "owner": "l2",
            "reason": "The vendor's fix is late",
            "approved_by": "technical_lead",
            "granted_on": "2026-11-01",
            "expires_on": "2026-12-01",
        }
    }
    disabling = [name for name, lane in data["lanes"].items() if lane["timeout"] == "disable_credential"]
    data["remediation"] = {
        "touches_credentials": True,
        "approved_rule": disabling[0],
        "approved_by": "security",
    }
    for rows in ({"": data}, data["severities"], data["data_sharing"], data["lanes"], data["triggers"]):
        for row in list(rows.values())[:1]:
            row |= {"reviewed_on": "2026-01-01", "review_by": "2026-11-01"}
    return Policy.model_validate(data)
