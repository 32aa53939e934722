"""The ladder: who is asked to answer, in which order, until somebody does."""

from bot.domain.ladder.answers import acknowledge, ask_next, decline, undeliverable
from bot.domain.ladder.engagement import engage, engage_all, engage_next, engaged_roles
from bot.domain.ladder.falling_due import fell_due, refilled
from bot.domain.ladder.recalling import recall
from bot.domain.ladder.rungs import chosen, next_asked, reaches_nobody

__all__ = [
    "acknowledge",
    "ask_next",
    "chosen",
    "decline",
    "engage",
    "engage_all",
    "engage_next",
    "engaged_roles",
    "fell_due",
    "next_asked",
    "reaches_nobody",
    "recall",
    "refilled",
    "undeliverable",
]
