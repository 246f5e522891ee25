"""The journey, step by step, and the race: the same in every shop."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

STEPS = ("sign in", "search", "product", "cart", "checkout", "orders", "afterwards")
# What orders set in motion behind the API is over by then.
_REST_SECONDS = 6


class Measured:
    """What a step took: processor seconds, calls, bytes, answers that say the server is at fault."""

    def __init__(self, shop):
        self._shop, self._seconds, self._numbers, self._since = shop, shop.seconds(), shop.count.numbers(), time.monotonic()

    def so_far(self):
        """Since this was made."""
        seconds = {name: now - self._seconds[name] for name, now in self._shop.seconds().items()}
        calls, sent, received, faults = (now - before for now, before in zip(self._shop.count.numbers(), self._numbers))
        return {"processor_seconds": seconds, "calls": calls, "bytes": sent + received, "faults": faults,
                "seconds": time.monotonic() - self._since}


def journeys(shop, plan):
    """Has the customers go the whole way, again and again; what each step took, over all of them.

    One request at a time: nobody waits for another, and no shop has to start processes in the midst of it. A first round, in which
    everything is read for the first time, is not counted.
    """
    bought = plan.bought()
    people = [shop.customer(number) for number in range(plan.customers)]
    taken = {}
    for turn in range(-1, plan.rounds):
        for name in STEPS:
            before = Measured(shop)
            for number, person in enumerate(people):
                _step(name, person, bought[(number + turn) % len(bought)])
            if name == "afterwards":
                time.sleep(_REST_SECONDS)
            if turn >= 0:
                taken[name] = _sum(taken.get(name), before.so_far())
    placed = [person.orders() for person in people]
    if set(placed) != {min(plan.rounds + 1, 20)}:
        raise RuntimeError(f"{shop.name} lists {sorted(set(placed))} orders of customers who placed {plan.rounds + 1}")
    return taken


def _step(name, person, product):
    if name == "sign in":
        person.sign_in()
    elif name == "search":
        person.search(product)
    elif name == "product":
        person.look(product)
    elif name == "cart":
        person.fill(product)
    elif name == "checkout":
        if not person.check_out():
            raise RuntimeError(f"{product.name} is sold out, of which there is plenty")
    elif name == "orders":
        person.orders()


def _sum(one, other):
    if one is None:
        return other
    return {name: _sum(one[name], value) if isinstance(value, dict) else one[name] + value for name, value in other.items()}


def race(shop, plan):
    """Has all buyers, each with one unit in the cart, check out the last units at the same moment."""
    product = plan.raced()
    people = [shop.customer(number) for number in range(plan.buyers)]
    for person in people:
        person.sign_in()
        person.fill(product)
    ready, before = threading.Barrier(plan.buyers), Measured(shop)

    def buy(person):
        ready.wait()
        return person.check_out()

    with ThreadPoolExecutor(plan.buyers) as pool:
        placed = sum(pool.map(buy, people))
    taken = before.so_far()
    # What a customer was told, and what she finds afterwards.
    listed = sum(person.orders() for person in people)
    promised, free = shop.promised(product)
    return taken | {"placed": placed, "refused": plan.buyers - placed, "listed": listed, "promised": promised, "free": free,
                    "oversold": oversold(plan.units, placed, listed, promised)}


def oversold(units, *sold):
    """How many units were sold that there were not, whoever counts them."""
    return max(0, max(sold) - units)
