"""Garbage while modules are loaded: there is next to none, and what they make stays for good."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_alone() -> Iterator[None]:
    """Load modules without looking for garbage, and look for none in what they made later either.

    Python looks at everything there is again and again while there is ever more of it: a good tenth of the start, and a pause
    now and then for as long as the bot runs.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
