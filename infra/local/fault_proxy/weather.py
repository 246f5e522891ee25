"""What befalls which call: drawn by the rates of its service, from a seed."""

import random
from collections import Counter
from dataclasses import dataclass

# How a call goes wrong, in the order in which chance is shared out. `error` and `throttle` are answered for the service,
# `reset` breaks the connection before anything is passed on, `lost` passes the call on and keeps the answer.
KINDS = ("error", "throttle", "reset", "lost")
# Beside these, a call may be late.
LATENCY = "latency"
# For how long a call is held up.
SHORTEST, LONGEST = 0.05, 0.6
# The rates of every service that has none of its own.
EVERY = "*"


@dataclass(frozen=True)
class Fault:
    """What befalls a call."""

    # For how many seconds it is held up first.
    late: float = 0.0
    # One of KINDS; None where it is passed on and answered.
    kind: str | None = None


class Wrong(Exception):
    """Rates that cannot be."""


class Weather:
    """The rates, and what has happened so far."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rates: dict[str, dict[str, float]] = {}
        # By service and by what befell it; `passed` counts those that nothing befell.
        self.counts: dict[str, Counter] = {}
        self._chances: dict[str, random.Random] = {}

    def set(self, rates: object) -> None:
        """Sets the rates anew, `{"dynamodb": {"throttle": 0.01}, "*": {…}}`. Those of a service that is not named are gone.

        Raises Wrong, and changes nothing, where a rate is none.
        """
        if not isinstance(rates, dict):
            raise Wrong("rates is an object of services")
        for service, of in rates.items():
            if not isinstance(of, dict):
                raise Wrong(f"{service}: an object of rates")
            for name, rate in of.items():
                if name not in (*KINDS, LATENCY):
                    raise Wrong(f"{service}: there is no {name}, but {', '.join((*KINDS, LATENCY))}")
                if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
                    raise Wrong(f"{service}: {name} is a number from 0 to 1")
            if sum(rate for name, rate in of.items() if name != LATENCY) > 1:
                raise Wrong(f"{service}: more than every call would go wrong")
        self.rates = rates

    def next(self, service: str) -> Fault:
        """What befalls the next call of a service. The same calls in the same order fare the same under one seed."""
        chance = self._chances.setdefault(service, random.Random(f"{self.seed} {service}"))
        # Always three draws, so that the rates of one moment do not shift those of the next.
        is_late, how_late, at = chance.random(), chance.random(), chance.random()
        rates = self.rates.get(service, self.rates.get(EVERY, {}))
        late = SHORTEST + how_late * (LONGEST - SHORTEST) if is_late < rates.get(LATENCY, 0) else 0.0
        kind = None
        for name in KINDS:
            at -= rates.get(name, 0)
            if at < 0:
                kind = name
                break
        counts = self.counts.setdefault(service, Counter())
        counts[kind or "passed"] += 1
        if late:
            counts[LATENCY] += 1
        return Fault(late, kind)
