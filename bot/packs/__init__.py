"""Policy packs: the escalation matrix as YAML and templates that a person can read and change."""

from bot.packs.loading import DEFAULT, Checked, check, load
from bot.packs.problems import PackError, Problem

__all__ = ["DEFAULT", "Checked", "PackError", "Problem", "check", "load"]
