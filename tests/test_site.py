"""Tests of what every page says of the dataset."""

from pathlib import Path

from pswonto import dataset
from pswonto.explorer import Explorer
from pswonto.queries import QueryLibrary
from pswonto.web.site import Site


def test_it_tells_what_the_data_says(explorer: Explorer) -> None:
    """Name, caveat, how it was coded and how far it was checked come from the data."""
    site = Site(explorer)
    assert site.subject.name == "pswonto"
    assert site.subject.heading == "What shapes the role of peer support workers"
    assert site.caveat.endswith("which it never lists.")
    assert (site.method, site.checked, site.statements) == ("Coded by machine", 0, 124)
    assert [site.tier(level) for level in ("macro", "meso", "micro")] == ["tier1", "tier2", "tier3"]


def test_data_without_a_header_has_a_name_too(data: Path, library: QueryLibrary) -> None:
    """Data that is none of a review is called a dataset, and nothing is claimed about its coding."""
    site = Site(Explorer(dataset.open_dataset([data / "two-graphs.trig"]), library))
    assert (site.subject.title, site.method, site.statements) == ("A dataset", "Nothing is coded", 0)
