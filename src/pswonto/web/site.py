"""What every page says of the dataset: what it is about, whose review it rests on, and how far it was checked."""

from collections.abc import Sequence
from functools import cached_property

from pswonto.explorer import Explorer
from pswonto.models import Review, Subject

# How many levels have a colour of their own; a further one has that of the first again.
TIERS = 6
_COUNTS = "Numbers of studies and statements are no measure of the strength of evidence."


class Site:
    """Tells what belongs on every page.

    Args:
        explorer: The explorer that answers.
        exported: Whether pages are written to files, where nothing answers a query or a form.
    """

    def __init__(self, explorer: Explorer, exported: bool = False) -> None:
        self._explorer = explorer
        self.exported = exported

    def prepare(self) -> None:
        """Ask for all that every page needs, so that it is known later."""
        for known in (self.subject, self.reviews, self.caveat, self.method):
            assert known is not None

    @cached_property
    def subject(self) -> Subject:
        """What the dataset is about."""
        return self._explorer.subject

    @cached_property
    def reviews(self) -> Sequence[Review]:
        """The reviews that its statements are taken from."""
        return self._explorer.reviews()

    @cached_property
    def caveat(self) -> str:
        """What a reader of numbers must know."""
        return " ".join([_COUNTS, *(review.scope_note for review in self.reviews if review.scope_note)])

    @cached_property
    def method(self) -> str:
        """How the statements were coded, as the beginning of a sentence."""
        methods = {activity.coding_method for activity in self._explorer.activities() if activity.statement_count}
        return "Coded " + " and ".join(f"by {method}" for method in sorted(methods)) if methods else "Nothing is coded"

    @cached_property
    def checked(self) -> int:
        """How many statements a person has checked."""
        return sum(review.checked_count for review in self.reviews)

    @cached_property
    def statements(self) -> int:
        """How many statements there are."""
        return sum(review.statement_count for review in self.reviews)

    @cached_property
    def _tiers(self) -> dict[str, int]:
        return {level.slug: rank for rank, level in enumerate(self._explorer.levels())}

    def tier(self, slug: str) -> str:
        """Return the class of a level in style sheets, which tells its place and not its name.

        Args:
            slug: The last part of its IRI.
        """
        return f"tier{self._tiers[slug] % TIERS + 1}"

    def href(self, iri: str) -> str:
        """Return where a page about a thing is."""
        return self._explorer.names.href(iri)
