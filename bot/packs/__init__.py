"""Policy packs: the escalation matrix as YAML and templates that a person can read and change."""

from bot.packs.folder import Files, gather
from bot.packs.loading import DEFAULT, Checked, check, load, load_files
from bot.packs.problems import PackError, Problem
from bot.packs.sealing import seal

__all__ = [
    "DEFAULT",
    "Checked",
    "Files",
    "PackError",
    "Problem",
    "check",
    "gather",
    "load",
    "load_files",
    "seal",
]
