"""Tests of the circuit breaker, with a clock that goes when it is told to."""

from pswonto.breaker import FAILURES, FIRST_REST, LONGEST_REST, Breaker


class Clock:
    """Tells the time that it was set to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def opened(clock: Clock) -> Breaker:
    """Return a breaker that has just opened."""
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.wait() == 0
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it() -> None:
    """After some failures in a row nothing is let through."""
    breaker = opened(Clock())
    assert breaker.open
    assert breaker.wait() == FIRST_REST


def test_a_success_between_failures_keeps_it_closed() -> None:
    """Failures count in a row only."""
    breaker = Breaker(Clock())
    for _ in range(3 * FAILURES):
        breaker.failed()
        breaker.succeeded()
    assert not breaker.open


def test_after_a_rest_one_trial_is_let_through_and_closes_it() -> None:
    """One tries while others wait; where it goes well, all may."""
    clock = Clock()
    breaker = opened(clock)
    clock.now += FIRST_REST
    assert breaker.wait() == 0
    assert breaker.wait() > 0
    breaker.succeeded()
    assert breaker.wait() == 0
    assert not breaker.open


def test_a_trial_that_fails_doubles_the_rest_up_to_a_limit() -> None:
    """The longer it fails, the less often it is tried."""
    clock = Clock()
    breaker = opened(clock)
    rests = []
    for _ in range(8):
        rests.append(breaker.wait())
        clock.now += rests[-1]
        assert breaker.wait() == 0
        breaker.failed()
    assert rests == [1, 2, 4, 8, 16, LONGEST_REST, LONGEST_REST, LONGEST_REST]


def test_a_trial_that_is_given_up_lets_another_one_through() -> None:
    """Nobody waits for the outcome of a trial that has none."""
    clock = Clock()
    breaker = opened(clock)
    clock.now += FIRST_REST
    assert breaker.wait() == 0
    breaker.abandoned()
    assert breaker.wait() == 0
