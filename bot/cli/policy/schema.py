"""`tocsin policy schema`: the JSON Schema with which an editor completes and checks a pack's files."""

import sys
from pathlib import Path

from bot.packs import schema


def run(out: str | None) -> int:
    """Print the schema, or write it to a file; 2 when the file cannot be written."""
    if out is None:
        print(schema.text(), end="")
        return 0
    try:
        Path(out).write_text(schema.text(), "utf-8")
    except OSError as error:
        print(f"{out} cannot be written ({error.strerror}). Name another file.", file=sys.stderr)
        return 2
    print(f"Wrote {out}. With this first line in a file of the pack, editors complete and check it:")
    print(f"  {schema.LINE.replace(schema.FILE, Path(out).name)}")
    return 0
