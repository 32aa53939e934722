"""Wall time to moments: what a clock on the wall of a time zone says, on the days when it is put forward or back too."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=4096)
def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which a wall clock first shows ``wall`` (naive).

    A time that occurs twice means the first; one that is left out means the moment at which the clock jumps over it.
    """
    before, after = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if after <= before:
        return (wall - before).replace(tzinfo=UTC)
    # The time is left out: the jump lies between the two readings of it.
    early, late = ((wall - offset).replace(tzinfo=UTC) for offset in (after, before))
    while late - early > _SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle <= early:
            break
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """Return what a wall clock shows at a moment, without its zone."""
    return at.astimezone(zone).replace(tzinfo=None)
