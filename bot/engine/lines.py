"""Which claimed notice goes next: urgent lanes first, one at a time in each line, so many at once in all."""

import heapq
from bisect import insort
from collections.abc import Iterator

from bot.domain.decision import NoticeKind
from bot.engine.deliveries.job import Job


def destination(job: Job) -> str:
    """Return the line that a job stands in: what one incident says in one place keeps its order, urgent things first.

    Operations stand alone; so do different incidents in the same channel, which no order binds together.
    """
    sending = job.sending
    if sending.kind is NoticeKind.REDRAW:
        return f"{job.data.get('channel')}/{job.data.get('ts')}"
    if "." in sending.kind.value:
        return f"#{sending.id}"
    return f"{job.channel or sending.to}/{sending.incident_id}"


class Lines:
    """The waiting jobs of this process. It only orders; whoever takes a job says when it is over."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._waiting: dict[str, list[Job]] = {}
        self._busy: set[str] = set()
        self._ready: list[tuple[int, int, str]] = []

    def join(self, job: Job) -> None:
        """Stand in line, before whatever is less urgent."""
        line = destination(job)
        queue = self._waiting.setdefault(line, [])
        insort(queue, job, key=_rank)
        if queue[0] is job and line not in self._busy:
            self._offer(line)

    def take(self) -> Iterator[Job]:
        """Yield the jobs that may start now, most urgent first."""
        while self._ready and len(self._busy) < self._slots:
            lane, number, line = heapq.heappop(self._ready)
            queue = self._waiting.get(line)
            # Somebody more urgent has come to the front since this line was offered, and offered it again.
            if line in self._busy or not queue or _rank(queue[0]) != (lane, number):
                continue
            self._busy.add(line)
            yield queue.pop(0)

    def over(self, job: Job) -> None:
        """A job that was taken has ended; its line moves up."""
        line = destination(job)
        self._busy.discard(line)
        if self._waiting.get(line):
            self._offer(line)
        else:
            self._waiting.pop(line, None)

    def behind(self, job: Job) -> list[Job]:
        """Take everybody out who stands behind a job, in order: what holds it up holds them up too."""
        return list(self._waiting.pop(destination(job), ()))

    def everybody(self) -> list[Job]:
        """Take every waiting job out of every line."""
        jobs = [job for queue in self._waiting.values() for job in queue]
        self._waiting.clear()
        self._ready.clear()
        return jobs

    def _offer(self, line: str) -> None:
        heapq.heappush(self._ready, (*_rank(self._waiting[line][0]), line))


def _rank(job: Job) -> tuple[int, int]:
    return int(job.sending.lane), job.sending.id
