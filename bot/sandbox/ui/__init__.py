"""The sandbox's browser page: what a person of the roster sees, and the acts behind every control."""

from bot.sandbox.ui.pages import mount

__all__ = ["mount"]
