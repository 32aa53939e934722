import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.incident import Dimension, UserId
from bot.domain.items import ItemKind
from bot.domain.opening import Draft
from bot.usecases import incidents
from storage import audit, outbox, timers
from storage.database import Tx
from storage.tables import OUTBOX
from tests.faults.conftest import Note
from tests.harness.replicas import Replicas, telling_of
from tests.harness.story import ACME, Story

pytestmark = [pytest.mark.fault, pytest.mark.postgres]
