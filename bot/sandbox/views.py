"""Modals and Home tabs: the stack each person has open, hashes, and what was entered."""

from collections.abc import Callable
from typing import Any, Protocol

from bot.sandbox.blocks import elements, with_ids
from bot.sandbox.records import View


class Tell(Protocol):
    """Tells the workspace's listeners that something happened to a view: its kind, and what it is about."""

    def __call__(self, kind: str, **data: Any) -> None: ...


class Views:
    """The views of all people: at most one stack of modals and one Home each."""

    def __init__(self, *, fresh: Callable[[str], str], stamp: Callable[[], str], tell: Tell) -> None:
        self._fresh, self._stamp, self._tell = fresh, stamp, tell
        self.by_id: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """The modals a person has open, the top one last."""
        return self.stacks.setdefault(user, [])

    def top(self, user: str) -> View | None:
        stack = self.stack(user)
        return stack[-1] if stack else None

    def with_external_id(self, external_id: str) -> View | None:
        """The living view carrying this external id, if any."""
        return next((v for v in self.by_id.values() if v.external_id == external_id), None)

    def open(self, user: str, body: dict[str, Any]) -> View:
        """Show a modal as the only one, dropping what was open."""
        for old in self.stack(user):
            self.by_id.pop(old.id, None)
        view = self._make(user, body, previous=None)
        self.stacks[user] = [view]
        self._tell("view_opened", user=user, view=view)
        return view

    def push(self, user: str, body: dict[str, Any]) -> View:
        """Show a modal on top of the one that is open."""
        stack = self.stack(user)
        view = self._make(user, body, previous=stack[-1] if stack else None)
        stack.append(view)
        self._tell("view_pushed", user=user, view=view)
        return view

    def update(self, view: View, body: dict[str, Any]) -> View:
        """Redraw a view; what was entered survives where block_id and action_id stayed the same."""
        view.body = {**body, "blocks": with_ids(body.get("blocks", []))}
        view.hash = self._hash()
        kept = {(block["block_id"], e["action_id"]) for block in view.blocks for e in elements(block)}
        view.state = {
            block_id: {a: entered for a, entered in values.items() if (block_id, a) in kept}
            for block_id, values in view.state.items()
            if any((block_id, a) in kept for a in values)
        }
        self._tell("view_updated", user=view.user, view=view)
        return view

    def publish(self, user: str, body: dict[str, Any]) -> View:
        """Draw a person's Home tab; it keeps its id from the first time on."""
        view = self.homes.get(user)
        if view is None:
            view = self._make(user, body, previous=None)
            self.homes[user] = view
        else:
            view.body = {**body, "blocks": with_ids(body.get("blocks", []))}
            view.hash = self._hash()
            view.state = {}
        self._tell("home_published", user=user, view=view)
        return view

    def close(self, view: View) -> None:
        """Take one modal off its stack, and everything above it."""
        stack = self.stack(view.user)
        if view in stack:
            for gone in stack[stack.index(view) :]:
                self.by_id.pop(gone.id, None)
            del stack[stack.index(view) :]
        self._tell("view_closed", user=view.user, view=view)

    def clear(self, user: str) -> None:
        """Close every modal a person has open."""
        stack = self.stack(user)
        if stack:
            self.close(stack[0])

    def _make(self, user: str, body: dict[str, Any], *, previous: View | None) -> View:
        view_id = self._fresh("V")
        view = View(
            id=view_id,
            type=str(body.get("type", "modal")),
            user=user,
            hash=self._hash(),
            body={**body, "blocks": with_ids(body.get("blocks", []))},
            root_view_id=previous.root_view_id if previous else view_id,
            previous_view_id=previous.id if previous else None,
        )
        self.by_id[view.id] = view
        return view

    def _hash(self) -> str:
        return f"{self._stamp()}.{self._fresh('h')}"
