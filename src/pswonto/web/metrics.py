"""What the service counts, in the text format of Prometheus."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from pswonto import __version__
from pswonto.errors import ServerFault
from pswonto.remote import Remote
from pswonto.source import Evaluator, Source
from pswonto.web.cache import Cache
from pswonto.web.log import Log

if TYPE_CHECKING:
    from prometheus_client.core import Metric

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# The upper ends of the classes of duration, in seconds.
_BUCKETS = (0.0001, 0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 10.0)
_AREAS = ("sparql", "api", "health", "metrics", "static", ".well-known")


class Metrics:
    """Counts requests, and tells it with the state of the service.

    Args:
        store: The dataset.
        pool: What answers queries.
    """

    def __init__(self, store: Source, pool: Evaluator) -> None:
        self._store = store
        self._pool = pool
        self._requests: Counter[tuple[str, str, int, bool]] = Counter()
        self._classes: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()
        self.cache: Cache | None = None
        self.log: Log | None = None

    def count(self, path: str, method: str, status: int, seconds: float, kept: bool) -> None:
        """Count one request.

        Args:
            path: Its path, of which the first part is told.
            method: Its method.
            status: The status of its response.
            seconds: How long it took.
            kept: Whether it was answered from what is kept.
        """
        area = path[1:].partition("/")[0]
        if area not in _AREAS:
            # There are as many paths as somebody likes to try.
            area = "page"
        self._requests[area, method, status, kept] += 1
        classes = self._classes.setdefault(area, [0] * (len(_BUCKETS) + 1))
        classes[bisect_left(_BUCKETS, seconds)] += 1
        self._seconds[area] += seconds  # type: ignore[assignment]  # a counter adds seconds as well

    def text(self) -> bytes:
        """Return all that is counted, in the text format of Prometheus."""
        # It takes time to import, and only here is it needed.
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> "Iterator[Metric]":
        """Yield what is counted, for the library that writes it."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "pswonto_requests", "Requests that were answered.", labels=("area", "method", "status", "kept")
        )
        for (area, method, status, kept), number in sorted(self._requests.items()):
            requests.add_metric((area, method, str(status), str(kept).lower()), number)
        yield requests
        durations = HistogramMetricFamily(
            "pswonto_request_seconds", "How long requests took, in seconds.", labels=("area",)
        )
        for area, classes in sorted(self._classes.items()):
            sums = [sum(classes[: end + 1]) for end in range(len(classes))]
            bounds = [*map(str, _BUCKETS), "+Inf"]
            durations.add_metric((area,), list(zip(bounds, sums, strict=True)), self._seconds[area])
        yield durations
        for name, what, value in (
            ("queries_running", "Queries that are being evaluated.", self._pool.running),
            ("queries_waiting", "Queries that wait for others to end.", self._pool.waiting),
            ("kept_answers", "Answers that are kept.", len(self.cache or ())),
            ("kept_bytes", "Bytes of answers that are kept.", self.cache.size if self.cache else 0),
        ):
            yield GaugeMetricFamily(f"pswonto_{name}", what, value)
        # What a server elsewhere does not tell now is left out, and the rest is told.
        with suppress(ServerFault):
            what = "Triples that are served, counted once for each graph."
            yield GaugeMetricFamily("pswonto_triples", what, len(self._store))
        if isinstance(self._store, Remote):
            transport = self._store.transport
            what = "Whether the SPARQL server is left alone, as it has failed again and again."
            yield GaugeMetricFamily("pswonto_server_open", what, int(transport.breaker.open))
            for name, what, value in (
                ("server_requests", "Requests that were sent to the SPARQL server.", transport.sent),
                ("server_retries", "Requests that were sent to it again.", transport.repeated),
            ):
                yield CounterMetricFamily(f"pswonto_{name}", what, value)
        for name, what, value in (
            ("queries_ended", "Queries that were ended at their deadline.", self._pool.ended),
            ("query_processes", "Processes that were started to evaluate queries.", self._pool.started),
            ("log_lines_lost", "Lines of the log that nobody read in time.", self.log.lost if self.log else 0),
        ):
            yield CounterMetricFamily(f"pswonto_{name}", what, value)
        version = GaugeMetricFamily("pswonto_info", "The version of the service.", labels=("version",))
        version.add_metric((__version__,), 1)
        yield version
