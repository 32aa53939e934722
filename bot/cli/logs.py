"""Logs as lines of data, written by a thread of their own: a full pipe never holds up an answer to Slack."""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener
from queue import SimpleQueue
from typing import Any

import structlog

# Slack's tokens, wherever a library may print one.
SECRETS = ("xoxb-", "xoxp-", "xapp-", "xoxe-")


@contextmanager
def to_stderr(level: str) -> Iterator[None]:
    """Log to stderr from `level` on: for people on a terminal, else one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    last: Any = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_secrets, last],
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.format_exc_info,
            ],
        )
    )
    queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
    listener = QueueListener(queue, handler)
    root = logging.getLogger()
    waiting = QueueHandler(queue)
    root.addHandler(waiting)
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)
    listener.start()
    try:
        yield
    finally:
        listener.stop()
        root.removeHandler(waiting)


def _without_secrets(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = " ".join(_hidden(word) for word in value.split(" "))
    return event


def _hidden(word: str) -> str:
    for start in SECRETS:
        before, found, _ = word.partition(start)
        if found:
            return f"{before}{found}…"
    return word
