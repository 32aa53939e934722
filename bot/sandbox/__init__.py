"""A Slack of our own, for tests and for people without a workspace; it imports nothing of the bot."""

from bot.sandbox.driver import Person
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox

__all__ = ["Fault", "Person", "Sandbox"]
