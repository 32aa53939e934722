"""Where the app's manifest is: beside the packages in a checkout, inside `bot` when installed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

PACKAGE = Path(__file__).resolve().parent.parent


def path() -> Path:
    """Return the path of ``manifest.yml``."""
    installed = PACKAGE / "manifest.yml"
    return installed if installed.exists() else PACKAGE.parent / "manifest.yml"


def load() -> Mapping[str, Any]:
    """Read the manifest."""
    return cast(Mapping[str, Any], YAML(typ="safe").load(path()))
