"""How many users feel it, as people say it: a share, a number, or unknown."""

import re

from bot.domain.errors import InvalidInput
from bot.domain.incident import Dimension
from bot.domain.policy import Policy

# The field of a form that takes it.
FIELD = "users_said"

_EXAMPLE = "Please write a share such as 20%, a number such as 1500, or unknown."
_UNKNOWN = frozenset({"", "unknown", "?", "not known", "don't know", "dont know"})
_OR = re.compile(r"\s+or\s+|[/;]")
_SHARE = re.compile(r"(-?\d{1,9}(?:[.,]\d{1,9})?)\s*(?:%|per ?cent)(?:\s+of\s+.{1,40})?")
_COUNT = re.compile(r"(-?\d{1,3}(?:[, '.]\d{3}){1,4}|-?\d{1,12})\s*(k|m)?(?:\s+[a-z]{1,20})?")
_ABOUT = re.compile(r"^(?:about|around|roughly|nearly|over|under|~|≈|<|>|ca\.?)\s*")
_TIMES = {"k": 1_000, "m": 1_000_000}


def scored(policy: Policy, said: str) -> int | None:
    """Return the score of what was said, by the bands of the policy; None for unknown.

    Of a share and a number (``5% or 2000``) the worse counts. Raises `InvalidInput` for less than nobody, more than
    everybody, and what is neither.
    """
    text = " ".join(said.casefold().split())
    if text in _UNKNOWN:
        return None
    return max(_one(policy, _ABOUT.sub("", part.strip()), said) for part in _OR.split(text))


def worse(policy: Policy, chosen: int | None, said: str) -> int | None:
    """Return the score of the users dimension from what was chosen and what was said: the worse of what is known."""
    if Dimension.USERS not in policy.dimensions:
        return chosen
    known = [score for score in (chosen, scored(policy, said)) if score is not None]
    return max(known, default=None)


def _one(policy: Policy, text: str, said: str) -> int:
    if found := _SHARE.fullmatch(text):
        return _share(policy, float(found[1].replace(",", ".")))
    if found := _COUNT.fullmatch(text):
        return _count(policy, int(re.sub(r"[, '.]", "", found[1])) * _TIMES.get(found[2] or "", 1))
    raise InvalidInput({FIELD: f"I cannot read {said.strip()[:40]!r} as a number of users. {_EXAMPLE}"})


def _share(policy: Policy, percent: float) -> int:
    if percent < 0:
        raise InvalidInput({FIELD: f"A share of users cannot be less than 0%. {_EXAMPLE}"})
    if percent > 100:
        raise InvalidInput({FIELD: f"{percent:g}% is more than everybody. {_EXAMPLE}"})
    reached = [band.score for band in policy.computation.user_bands if percent >= band.percent]
    return max(reached, default=int(percent > 0))


def _count(policy: Policy, count: int) -> int:
    if count < 0:
        raise InvalidInput({FIELD: f"A number of users cannot be less than 0. {_EXAMPLE}"})
    bands = policy.computation.user_bands
    reached = [band.score for band in bands if band.users is not None and count >= band.users]
    return max(reached, default=int(count > 0))
