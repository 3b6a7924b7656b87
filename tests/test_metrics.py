"""Tests of what the service counts."""

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families


def test_metrics_move_with_what_is_asked(client: TestClient) -> None:
    """An answer, an answer that was kept, and a fault are counted, each by itself, as Prometheus reads it."""

    def counted(**labels: str) -> float:
        families = text_string_to_metric_families(client.get("/metrics").text)
        samples = [sample for family in families for sample in family.samples]
        assert {"pswonto_info", "pswonto_triples", "pswonto_queries_running"} <= {sample.name for sample in samples}
        found = [
            sample.value
            for sample in samples
            if sample.name == "pswonto_requests_total" and labels.items() <= sample.labels.items()
        ]
        return sum(found)

    answered = {"area": "sparql", "status": "200", "kept": "false"}
    kept = {"area": "sparql", "status": "200", "kept": "true"}
    before = [counted(**answered), counted(**kept), counted(area="sparql", status="400")]
    for query in ("ASK { <urn:metrics> ?p ?o }", "ASK { <urn:metrics> ?p ?o }", "ASK {"):
        client.get("/sparql", params={"query": query})
    after = [counted(**answered), counted(**kept), counted(area="sparql", status="400")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]


def test_what_somebody_tries_is_one_area(client: TestClient) -> None:
    """However many paths there are not, they are counted as one, and durations have one class for each of ours."""
    for number in range(3):
        client.get(f"/tried-{number}")
    families = {family.name: family for family in text_string_to_metric_families(client.get("/metrics").text)}
    areas = {sample.labels["area"] for sample in families["pswonto_requests"].samples}
    assert areas <= {"sparql", "api", "health", "metrics", "static", ".well-known", "page"}
    durations = [sample for sample in families["pswonto_request_seconds"].samples if sample.labels["area"] == "page"]
    by_end = [sample.value for sample in durations if sample.name.endswith("_bucket")]
    (count,) = (sample.value for sample in durations if sample.name.endswith("_count"))
    assert by_end == sorted(by_end)
    assert by_end[-1] == count >= 3
