"""What came of it: for people, and for programs."""

import json
import re

from play import STEPS

BEGIN, END = "<!-- bench-peers -->", "<!-- /bench-peers -->"


def ratio(ours, theirs):
    """How many times ours is theirs; None where there is nothing to compare with."""
    return None if theirs <= 0 else ours / theirs


def numbers(plan, results):
    """Everything, with the ratios of ours to each other shop."""
    ours, *others = results
    compared = {}
    for other in others:
        compared[other["name"]] = {
            "processor_seconds": ratio(_processor(ours, "shop"), _processor(other, "shop")),
            "processor_seconds_without_sign_in": ratio(_processor(ours, "shop", "sign in"), _processor(other, "shop", "sign in")),
            "processor_seconds_with_what_is_beside": ratio(_processor(ours), _processor(other)),
            "calls": ratio(_total(ours, "calls"), _total(other, "calls")),
            "bytes": ratio(_total(ours, "bytes"), _total(other, "bytes")),
            "oversold": [ours["race"]["oversold"], other["race"]["oversold"]],
        }
    return {"plan": vars(plan), "shops": results, "ours_to_theirs": compared}


def table(plan, results):
    """The tables, as docs/performance/peers.md shows them."""
    names = [one["name"] for one in results]
    each = plan.journeys
    lines = [f"{each} journeys of {plan.customers} customers; milliseconds of processor time of the shop for each journey:", ""]
    lines += _head("step", names)
    for step in STEPS:
        lines.append(_row(step, [f"{1000 * one['steps'][step]['processor_seconds']['shop'] / each:.1f}" for one in results]))
    lines.append(_row("all", [f"{1000 * _processor(one, 'shop') / each:.1f}" for one in results]))
    lines.append(_row("all without sign in", [f"{1000 * _processor(one, 'shop', 'sign in') / each:.1f}" for one in results]))
    lines.append(_row("beside it: the local AWS, or the database", [f"{1000 * _processor(one, 'beside') / each:.1f}" for one in results]))
    lines += ["", "For each journey, and in the race:", ""] + _head("", names)
    lines.append(_row("calls for each journey", [f"{_total(one, 'calls') / each:.1f}" for one in results]))
    lines.append(_row("bytes for each journey", [f"{_total(one, 'bytes') / each:.0f}" for one in results]))
    lines.append(_row("answers 5xx in all journeys", [str(_total(one, "faults")) for one in results]))
    for name, of in (("units, and buyers", lambda _: f"{plan.units}, {plan.buyers}"), ("placed", lambda race: race["placed"]),
                     ("refused", lambda race: race["refused"]), ("**oversold**", lambda race: f"**{race['oversold']}**"),
                     ("promised by the stock in the end", lambda race: race["promised"]),
                     ("answers 5xx in the race", lambda race: race["faults"]),
                     ("processor seconds of the race", lambda race: f"{race['processor_seconds']['shop']:.2f}")):
        lines.append(_row(name, [str(of(one["race"])) for one in results]))
    return "\n".join(lines)


def faults(plan, results):
    """What is wrong with ours, in sentences. What is wrong with another shop is a finding, no fault."""
    ours = results[0]
    found, race = [], ours["race"]
    if race["oversold"]:
        found.append(f"{race['oversold']} units were sold that there were not")
    if (race["placed"], race["promised"], race["free"]) != (plan.units, plan.units, 0) and plan.buyers >= plan.units:
        found.append(f"of {plan.units} units {race['placed']} were sold, {race['promised']} are promised and {race['free']} free")
    if race["listed"] != race["placed"]:
        found.append(f"{race['placed']} were told of an order, {race['listed']} have one")
    if wrong := _total(ours, "faults") + race["faults"]:
        found.append(f"{wrong} answers were 5xx")
    return found


def write(document, text):
    """The page with the tables of this run in it.

    Raises ValueError where the page has no place for them.
    """
    if BEGIN not in document or END not in document:
        raise ValueError(f"the page has no {BEGIN}")
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: f"{BEGIN}\n{text}\n{END}", document, flags=re.DOTALL)


def save(file, said):
    """Keeps the numbers."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(said, indent=2) + "\n")


def _processor(result, part=None, without=None):
    """Processor seconds of all steps: of a part, or of all parts."""
    return sum(seconds for step, taken in result["steps"].items() if step != without
               for name, seconds in taken["processor_seconds"].items() if part in (None, name))


def _total(result, what):
    return sum(taken[what] for taken in result["steps"].values())


def _head(first, names):
    return [_row(first, names), "|---|" + "---:|" * len(names)]


def _row(first, cells):
    return f"| {first} | " + " | ".join(cells) + " |"
