"""What the bot measures, in the form that Prometheus reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

# Slack gives up at three seconds; what matters is how far below that an answer stays.
_ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The engine's numbers at one moment.

    ``waiting`` maps a lane to how many messages wait and since how many seconds.
    """

    tick_age: float
    ticks: int
    fired: int
    timers_aside: int
    swept: int
    connected: bool
    calls: Mapping[tuple[str, str], int] = field(default_factory=dict)
    settled: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, tuple[int, float]] = field(default_factory=dict)


class Metrics:
    """One registry for each bot, so that two in a process never mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._readings: Readings | None = None
        acks = Histogram(
            "tocsin_ack_seconds", "Time to answer Slack", buckets=_ACK_BUCKETS, registry=self._registry
        )
        self.observe_ack = acks.observe
        self._registry.register(self)

    def page(self, readings: Readings) -> bytes:
        """Return the metrics page."""
        self._readings = readings
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """Yield what was read last; called by the registry."""
        now = self._readings
        if now is None:
            return
        yield GaugeMetricFamily("tocsin_tick_age_seconds", "Age of the last good tick", value=now.tick_age)
        yield GaugeMetricFamily(
            "tocsin_slack_connected", "Whether Slack can reach us", value=float(now.connected)
        )
        yield CounterMetricFamily("tocsin_ticks", "Good ticks", value=now.ticks)
        yield CounterMetricFamily("tocsin_timers_fired", "Timers run", value=now.fired)
        yield CounterMetricFamily(
            "tocsin_timers_aside", "Timers set aside after failing", value=now.timers_aside
        )
        yield CounterMetricFamily("tocsin_events_swept", "Stored events taken up again", value=now.swept)
        calls = CounterMetricFamily("tocsin_slack_calls", "Calls to Slack", labels=["method", "outcome"])
        for (method, outcome), count in sorted(now.calls.items()):
            calls.add_metric([method, outcome], count)
        yield calls
        limited = sum(count for (_, outcome), count in now.calls.items() if outcome == "limited")
        yield CounterMetricFamily("tocsin_slack_429", "Times Slack asked for a slower pace", value=limited)
        settled = CounterMetricFamily("tocsin_outbox_settled", "Outbox rows handed back", labels=["how"])
        for how, count in sorted(now.settled.items()):
            settled.add_metric([how], count)
        yield settled
        depth = GaugeMetricFamily("tocsin_outbox_depth", "Messages waiting", labels=["lane"])
        age = GaugeMetricFamily(
            "tocsin_outbox_age_seconds", "Age of the oldest message waiting", labels=["lane"]
        )
        for lane, (count, seconds) in sorted(now.waiting.items()):
            depth.add_metric([lane], count)
            age.add_metric([lane], seconds)
        yield depth
        yield age
