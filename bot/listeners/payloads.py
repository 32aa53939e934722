"""Slack's raw payloads as typed values: what is missing or odd is refused here and nowhere else."""

import json
from collections.abc import Mapping
from typing import Any, Self

from pydantic import AliasPath, BaseModel, ConfigDict, Field, model_validator

from bot.domain.errors import NotFound
from bot.domain.incident import ChannelId, IncidentId, UserId, Workspace
from bot.domain.items import ItemId
from bot.listeners.sender import Sender

OLD_CARD = (
    "That button is from an older card, so nothing was changed. Please use the newest card of the incident."
)

Json = Mapping[str, Any]
Answer = str | int | tuple[str, ...] | None


class Payload(BaseModel):
    """Something that came from Slack; ``sender`` says who did it, where, and which delivery it was."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    sender: Sender

    @property
    def user(self) -> UserId:
        return self.sender.user

    @property
    def workspace(self) -> Workspace:
        return self.sender.workspace

    @property
    def key(self) -> str:
        return self.sender.key

    @classmethod
    def parse(cls, body: Json) -> Self:
        """Read a payload; raises `NotFound` when it is not what we send out and Slack sends back."""
        try:
            return cls.model_validate({**body, "sender": Sender.of(body)})
        except (ValueError, LookupError, TypeError) as odd:
            raise NotFound(OLD_CARD) from odd


class Click(Payload):
    """A button, or a question of a form that tells us its answer at once."""

    trigger_id: str = ""
    action_id: str = Field(validation_alias=AliasPath("actions", 0, "action_id"))
    value: str = Field(default="", validation_alias=AliasPath("actions", 0, "value"))
    channel: ChannelId | None = Field(default=None, validation_alias=AliasPath("channel", "id"))

    @property
    def item_id(self) -> ItemId:
        return ItemId(self.value)

    @property
    def incident_id(self) -> IncidentId:
        return IncidentId(self.value)


class Decision(Click):
    """A click on an approval card: the item, and the digest of exactly what was shown."""

    item: ItemId
    digest: str

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, body: Any) -> Any:
        return {**body, **json.loads(body["actions"][0]["value"])}


class Command(Payload):
    """A slash command; ``verb`` is its first word, ``rest`` what follows."""

    trigger_id: str
    channel: ChannelId = Field(validation_alias="channel_id")
    text: str = ""

    @property
    def verb(self) -> str:
        return self.text.split(maxsplit=1)[0].lower() if self.text.strip() else ""

    @property
    def rest(self) -> str:
        return (self.text.split(maxsplit=1)[1:] or [""])[0].strip()


class Form(Payload):
    """A form as it stands: submitted, or with one question answered."""

    trigger_id: str = ""
    view_id: str = Field(validation_alias=AliasPath("view", "id"))
    view_hash: str = Field(default="", validation_alias=AliasPath("view", "hash"))
    carried: dict[str, Any] = {}
    answers: dict[str, Answer] = {}

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, body: Any) -> Any:
        view = body["view"]
        carried = json.loads(view.get("private_metadata") or "{}")
        return {**body, "carried": carried, "answers": answers(view.get("state", {}).get("values", {}))}

    @property
    def incident_id(self) -> IncidentId:
        return IncidentId(self.carried["incident"])

    def text(self, block_id: str) -> str:
        """Return what was typed or chosen, without space around it; empty when nothing was."""
        answer = self.answers.get(block_id)
        return answer.strip() if isinstance(answer, str) else ""

    def number(self, block_id: str) -> int | None:
        """Return a moment picked, in seconds since 1970."""
        answer = self.answers.get(block_id)
        return answer if isinstance(answer, int) else None

    def ticked(self, block_id: str) -> tuple[str, ...]:
        """Return the values of the boxes ticked, in their order; none where there are no boxes."""
        answer = self.answers.get(block_id)
        return answer if isinstance(answer, tuple) else ()


class Shortcut(Payload):
    """A shortcut; one used on a message brings the message's text and place."""

    trigger_id: str
    channel: ChannelId | None = Field(default=None, validation_alias=AliasPath("channel", "id"))
    text: str = Field(default="", validation_alias=AliasPath("message", "text"))


class Heard(Payload):
    """A message that somebody wrote where the bot can read it."""

    channel: ChannelId = Field(validation_alias=AliasPath("event", "channel"))
    ts: str = Field(validation_alias=AliasPath("event", "ts"))
    text: str = Field(default="", validation_alias=AliasPath("event", "text"))


class Reacted(Payload):
    """A reaction added to a message."""

    channel: ChannelId = Field(validation_alias=AliasPath("event", "item", "channel"))
    ts: str = Field(validation_alias=AliasPath("event", "item", "ts"))
    reaction: str = Field(validation_alias=AliasPath("event", "reaction"))


class HomeOpened(Payload):
    """Somebody looks at the bot's page: its Home or its messages."""

    tab: str = Field(default="home", validation_alias=AliasPath("event", "tab"))


def answers(values: Mapping[str, Mapping[str, Json]]) -> dict[str, Answer]:
    """Return each question's answer by its block id; a form of ours has one element in each block."""
    return {block: _answer(element) for block, elements in values.items() for element in elements.values()}


def _answer(element: Json) -> Answer:
    match element.get("type"):
        case "static_select" | "radio_buttons":
            return (element.get("selected_option") or {}).get("value")
        case "users_select":
            return element.get("selected_user")
        case "datetimepicker":
            return element.get("selected_date_time")
        case "checkboxes" | "multi_static_select":
            return tuple(option["value"] for option in element.get("selected_options") or ())
        case _:
            return element.get("value")
