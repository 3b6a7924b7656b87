"""A circuit breaker: what fails again and again is left alone for a while, so that nobody waits for it in vain."""

import time
from collections.abc import Callable

# After so many failures in a row nothing is tried for some seconds; then one trial is let through, and where it fails
# too the rest is twice as long, up to a limit.
FAILURES = 5
FIRST_REST = 1.0
LONGEST_REST = 30.0


class Breaker:
    """Says whether to try; any thread may ask it.

    Args:
        clock: What tells the time, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._rest = 0.0
        self._until = 0.0
        self._trying = False

    @property
    def open(self) -> bool:
        """Whether nothing, or only one trial, is let through."""
        return self._failures >= FAILURES

    def wait(self) -> float:
        """Return after how many seconds a try may be made; 0 where it may be made now, which it then must be.

        Who was told 0 says afterwards how it went: by `succeeded`, `failed`, or `abandoned`.
        """
        if not self.open:
            return 0.0
        remaining = self._until - self._clock()
        if remaining <= 0 and not self._trying:
            self._trying = True
            return 0.0
        # While another one tries, it is soon known.
        return max(remaining, FIRST_REST)

    def succeeded(self) -> None:
        """Take down that a try went well."""
        self._failures, self._rest, self._trying = 0, 0.0, False

    def failed(self) -> None:
        """Take down that a try failed."""
        self._failures += 1
        self._trying = False
        if self.open:
            self._rest = min(max(2 * self._rest, FIRST_REST), LONGEST_REST)
            self._until = self._clock() + self._rest

    def abandoned(self) -> None:
        """Take down that it is not known how a try would have gone, so that another one may be made."""
        self._trying = False
