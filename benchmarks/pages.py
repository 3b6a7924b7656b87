"""How long the service takes to render each kind of page of the real data, and how much is transferred.

Run by hand: `python benchmarks/pages.py`. It prints a table: for each page the first, the median and the largest of the
times that it takes inside the service, in milliseconds, when no page is kept; and its size in kB, as it is, as gzip
would have it, and with what it loads.
"""

import gzip
import re
import statistics
import sys
import time

from fastapi.testclient import TestClient

from pswonto import dataset, resources
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.web import create_app

RUNS = 15
PAGES = (
    "/",
    "/map",
    "/map?unit=statements",
    "/statements",
    "/statements?factor=psw-wellbeing",
    "/studies",
    "/references",
    "/influences",
    "/jurisdictions",
    "/anomalies",
    "/gaps",
    "/implications",
    "/terms",
    "/terms/DownwardInfluence",
    "/search?q=stigma",
    "/paths?from=regulatory-and-political-factors&to=psw-wellbeing",
    "/about",
    "/level/macro",
    "/factor/human-resource-management-policies",
    "/subtheme/stigma",
    "/work/byrne-2016",
    "/statement/0001",
    "/influence/organizational-culture--human-resource-management-policies",
    "/passage/psw-wellbeing-2",
    "/jurisdiction/us",
    "/sparql",
)


def main() -> None:
    """Time each page over the real data, and print what was found."""
    store = dataset.open_dataset()
    library = QueryLibrary(resources.queries_directory() / "explore")
    write = sys.stdout.write
    medians = []
    with TestClient(create_app(store, library, Settings(cache_bytes=0))) as client:
        write(f"{'page':72}{'first':>8}{'median':>8}{'largest':>8}{'kB':>8}{'gzip':>8}{'all kB':>8}\n")
        for path in PAGES:
            times = []
            for _ in range(RUNS):
                start = time.perf_counter()
                answer = client.get(path, headers={"Accept": "text/html"})
                times.append(1000 * (time.perf_counter() - start))
                assert answer.status_code == 200, path
            body = answer.content
            loads = r'<(?:link rel="(?:stylesheet|icon)" href|script src)="(/static/[^"]+)"'
            files = set(re.findall(loads, answer.text))
            loaded = sum(len(client.get(file).content) for file in files)
            medians.append(statistics.median(times))
            sizes = (len(body) / 1000, len(gzip.compress(body)) / 1000, (len(body) + loaded) / 1000)
            figures = (times[0], medians[-1], max(times[1:]), *sizes)
            write(f"{path:72}" + "".join(f"{figure:8.1f}" for figure in figures) + "\n")
    write(f"the median of all pages: {statistics.median(medians):.1f} ms; the slowest: {max(medians):.1f} ms\n")


if __name__ == "__main__":
    main()
