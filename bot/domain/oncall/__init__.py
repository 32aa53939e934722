"""Who is on call when: rotations, overrides and feeds, resolved at one moment."""

from bot.domain.oncall.duty import NOBODY, Duty, Override, Shift

__all__ = ["NOBODY", "Duty", "Override", "Shift"]
