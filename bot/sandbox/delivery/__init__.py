"""How payloads reach the bot, and how the bot's answers come back."""

from bot.sandbox.delivery.office import Delivery
from bot.sandbox.delivery.parcel import Answer, Parcel

__all__ = ["Answer", "Delivery", "Parcel"]
