"""Where the app's manifest is: beside the packages in a checkout, inside `bot` when installed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

PACKAGE = Path(__file__).resolve().parent.parent


def path() -> Path:
    """Return where ``manifest.yml`` is: inside an installed package, beside it in a checkout."""
    installed = PACKAGE / "manifest.yml"
    return installed if installed.exists() else PACKAGE.parent / "manifest.yml"


def load() -> Mapping[str, Any]:
    """Return the Slack app's manifest, as YAML has it."""
    return cast(Mapping[str, Any], YAML(typ="safe").load(path()))
