"""The stock policy with L2 platform on a rota: caro and dev take turns, changing on Mondays at nine in Oslo."""

from datetime import date, time
from hashlib import sha256
from typing import Any

from bot import packs
from bot.domain.incident import Role
from bot.domain.policy import Layer, Policy, Schedule, Slot

CARO, DEV = "caro@acme.example", "dev@acme.example"


def turns(*members: str, zone: str = "Europe/Oslo", **changes: Any) -> Schedule:
    """Weekly turns from Monday, 2 November 2026 on."""
    layer = Layer(
        **{"members": members, "starts": date(2026, 11, 2), "handoff": time(9), "weekday": "mon", **changes}
    )
    return Schedule(label="Platform rota", timezone=zone, layers=(layer,))


def on_rota(schedule: Schedule | None = None, slot: Slot | None = None, **changes: Any) -> Policy:
    """Return the stock policy with a rota for L2 platform, and no other."""
    shipped = packs.load(packs.DEFAULT)
    place = slot or Slot(primary=("schedule/platform",), backup=("theo@acme.example",))
    nobody_else = Slot(primary=("suzy@acme.example",), backup=("sid@acme.example",))
    rota = schedule or turns(CARO, DEV)
    return shipped.model_copy(
        update={
            "schedules": {"platform": rota},
            "roster": {**shipped.roster, Role("support"): nobody_else, Role("l2"): place},
            "version": f"rota {sha256(repr((rota, place, changes)).encode()).hexdigest()[:8]}",
            **changes,
        }
    )
