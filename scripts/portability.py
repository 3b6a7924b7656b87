"""Which stored queries does a SPARQL server answer otherwise than the store in this process?

Run it as `python scripts/portability.py URL` against a server with `pswonto-all.nq`, which `pswonto build` writes.
It asks every stored query there and here: without values, with each value of a sample for each parameter, and with
random ones for two or three parameters at a time, and prints those whose rows, or whose order, differ. Engines have
faults that only some combinations show, so whoever changes a query runs this beside the tests.
"""

import argparse
import random
import re
import sys
from collections.abc import Iterator
from contextlib import closing

from pswonto import dataset, resources
from pswonto.errors import PswontoError
from pswonto.explorer import Explorer
from pswonto.models import QueryParameter
from pswonto.queries import Query, QueryLibrary
from pswonto.remote import connect
from pswonto.settings import Settings
from pswonto.store import Answer

# Values for parameters that may be any text or number.
TEXTS = {
    "design": ("survey", "qualitative interviews", "pilot project"),
    "addressee": ("managers", "policy makers"),
    "resolution": ("certain", "likely"),
    "query": ("studies", "levels"),
}
TYPES = {"integer": ("3",), "words": ("stigma", "the"), "boolean": ("true", "false")}
# All matrices at once take a server long, and nobody asks for them.
ONE_MATRIX = {
    "rows": ("factors", "subthemes", "themes", "levels"),
    "columns": ("polarity", "country", "year", "period", "design"),
    "unit": ("studies", "statements"),
}

Values = dict[str, list[str]]


def main() -> None:
    """Ask both, and print what differs; exit with 1 where anything does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="the address of the endpoint")
    parser.add_argument("--only", default="", help="ask only queries with this in their name")
    parser.add_argument("--random", type=int, default=20, help="how many random combinations for each query")
    parser.add_argument("--seed", type=int, default=1, help="the seed of these")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    library = QueryLibrary(*resources.library_directories())
    asked = different = 0
    remote = connect(arguments.url, Settings(query_seconds=60))
    with closing(remote.transport):
        here, there = Explorer(dataset.open_dataset(), library), Explorer(remote, library)
        for query in (query for query in here.queries() if arguments.only in query.name):
            for values in combinations(here, query, chance, arguments.random):
                asked += 1
                found = compared(here, there, query, values)
                if found:
                    different += 1
                    sys.stdout.write(f"{query.name} {values}: {found}\n")
    sys.stdout.write(f"{asked} asked, {different} different\n")
    sys.exit(different > 0)


def combinations(explorer: Explorer, query: Query, chance: random.Random, number: int) -> Iterator[Values]:
    """Yield values for the parameters of a query."""
    parameters = [parameter for parameter in explorer.parameters(query) if not _of_matrix(query, parameter.name)]
    choices = {parameter.name: sample(parameter) for parameter in parameters}
    yield _with_matrix(query, {}, chance)
    for name, values in choices.items():
        for value in dict.fromkeys((values[0], values[len(values) // 2], values[-1])):
            yield _with_matrix(query, {name: [value]}, chance)
        if _several(query, name) and len(values) > 1:
            yield _with_matrix(query, {name: values[:2]}, chance)
    for _ in range(number if len(choices) > 1 else 0):
        taken = chance.sample(sorted(choices), min(chance.choice((2, 3)), len(choices)))
        yield _with_matrix(
            query,
            {
                name: chance.sample(choices[name], min(chance.choice((1, 2)), len(choices[name])))
                if _several(query, name)
                else [chance.choice(choices[name])]
                for name in taken
            },
            chance,
        )


def sample(parameter: QueryParameter) -> list[str]:
    """Return values that a parameter may have."""
    if parameter.name.startswith("year"):
        return ["2012"]
    return list(parameter.values or TEXTS.get(parameter.name, TYPES.get(parameter.type, ("x",))))


def compared(here: Explorer, there: Explorer, query: Query, values: Values) -> str:
    """Return how the answers differ, or nothing."""
    text = here.bind(query, values)
    ours = rows(here.answer(text))
    try:
        theirs = rows(there.answer(text))
    except PswontoError as error:
        return str(error)
    if ours == theirs:
        return ""
    if sorted(map(str, ours)) == sorted(map(str, theirs)):
        return "the same rows in another order"
    return f"{len(ours)} rows here, {len(theirs)} there, {sum(row not in theirs for row in ours)} of ours missing"


def rows(answer: Answer) -> list[object]:
    """Return the rows of an answer, with the parts of each cell in an order, which queries leave open."""
    if answer.form == "GRAPH":
        return sorted(map(str, answer.triples()))
    return [
        {name: sorted(re.split(r"[\s;]+", term.value)) for name, term in row.items()} for row in answer.solutions().rows
    ]


def _several(query: Query, name: str) -> bool:
    return not next(parameter for parameter in query.parameters if parameter.name == name).single


def _of_matrix(query: Query, name: str) -> bool:
    return query.name == "matrix" and name in ONE_MATRIX


def _with_matrix(query: Query, values: Values, chance: random.Random) -> Values:
    if query.name != "matrix":
        return values
    return values | {name: [chance.choice(choices)] for name, choices in ONE_MATRIX.items()}


if __name__ == "__main__":
    main()
