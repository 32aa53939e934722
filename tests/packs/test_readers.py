"""Each key of a pack is read by something that somebody notices: a pack is not a place for wishes.

The walk takes every key of every model, lets it say something else, and asks a function of production (an observer) for what
it does then. `PROBES` says which observer notices which key; a key that is new has none yet, and the walk says so.
"""

from functools import cache

import pytest

from bot.domain.errors import BotError
from bot.domain.expressions import BadExpression
from tests.packs import observers, observing_calls, observing_more, observing_rules, observing_words, probing
from tests.packs.full import full
from tests.packs.probes import CHECKED, PROBES

KEYS = probing.keys()
OBSERVING = (
    observing_calls,
    observing_rules,
    observing_words,
    observing_more,
)  # each adds its observers to the table


@cache
def usual(observer: str) -> str:
    """What an observer notices of the pack as it is."""
    return observers.observed(observer, full())


@pytest.mark.promise("S1-31")
@pytest.mark.parametrize("key", KEYS)
def test_what_a_key_says_changes_what_the_bot_does(key: str) -> None:
    observer = PROBES.get(key)
    assert observer is not None, f"nothing is known to read {key}: add its reader, or drop the key"

    for _, altered in probing.altered(full(), key):
        try:
            seen = observers.observed(observer, altered)
        except (BotError, BadExpression, LookupError, ValueError, TypeError, AttributeError):
            continue  # a pack that hangs together no more: its check refuses it
        if seen != usual(observer):
            return
    pytest.fail(f"whatever {key} says, {observer} answers the same")


def test_the_probes_are_about_keys_that_there_are() -> None:
    assert set(PROBES) - set(KEYS) == set()
    assert set(PROBES.values()) <= set(observers.OBSERVERS)


def test_only_what_is_there_to_be_checked_is_read_by_the_check_alone() -> None:
    assert {key for key, observer in PROBES.items() if observer == "is_checked"} == CHECKED
