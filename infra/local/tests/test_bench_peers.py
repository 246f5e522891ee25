"""What `make bench-peers` counts, and what it takes for a fault."""

import json
import subprocess
import sys
import time
import unittest

from apothecary_local import toolbox

sys.path.insert(0, str(toolbox.ROOT / "infra" / "bench" / "peers"))

import plan
import play
import report
import vendure
from processor import Family, Stat
from wire import Answer, Count

_BURNS = "import time\nwhile time.process_time() < 1: pass\n"


def answer(status, body):
    return Answer(status, {}, json.dumps(body).encode())


def result(name, shop, race=None, calls=60, faults=0):
    step = {"processor_seconds": {"shop": shop, "beside": 1.0}, "calls": calls, "bytes": 600, "faults": faults, "seconds": 1.0}
    raced = {"placed": 20, "refused": 44, "listed": 20, "promised": 20, "free": 0, "oversold": 0, "faults": 0,
             "processor_seconds": {"shop": 1.0, "beside": 0.0}} | (race or {})
    return {"name": name, "steps": dict.fromkeys(play.STEPS, step), "race": raced}


class Processor(unittest.TestCase):
    def test_a_process_that_has_ended_is_still_counted(self):
        child = f"import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', {_BURNS!r}])\nprint('done', flush=True)\ntime.sleep(60)"
        with subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE) as parent:
            try:
                parent.stdout.readline()
                self.assertGreaterEqual(Family(parent.pid).children(), 0.9)
                self.assertLess(Family(parent.pid).own(), 0.9)
            finally:
                parent.kill()

    def test_a_process_that_runs_is_counted(self):
        child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {_BURNS + 'time.sleep(60)'!r}])"
        with subprocess.Popen([sys.executable, "-c", child], start_new_session=True) as parent:
            try:
                deadline = time.monotonic() + 20
                while Family(parent.pid).children() < 0.9 and time.monotonic() < deadline:
                    time.sleep(0.05)
                self.assertGreaterEqual(Family(parent.pid).children(), 0.9)
            finally:
                subprocess.run(["kill", "-KILL", "--", f"-{parent.pid}"])

    def test_a_name_may_hold_anything(self):
        text = "7 (a) S 9 (b)) S 3 7 7 0 -1 4194304 1 2 3 4 50 60 70 80 20 0 1 0 5"
        seen = Stat(text)
        self.assertEqual((seen.parent, seen.user, seen.system, seen.ended), (3, 50, 60, 150))


class Answers(unittest.TestCase):
    def test_graphql_tells_of_faults_with_status_200(self):
        broken = {"errors": [{"message": "database is locked", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}
        refused = {"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]}
        self.assertTrue(vendure.is_fault(answer(200, broken)))
        self.assertTrue(vendure.is_fault(answer(502, {})))
        self.assertFalse(vendure.is_fault(answer(200, refused)))
        self.assertFalse(vendure.is_fault(answer(200, {"data": {}})))

    def test_a_checkout_is_placed_sold_out_or_neither(self):
        placed = {"data": {"addPaymentToOrder": {"__typename": "Order", "state": "PaymentAuthorized"}}}
        gone = {"data": {"transitionOrderToState": {"errorCode": "ORDER_STATE_TRANSITION_ERROR",
                                                    "transitionError": "… due to insufficient stock of Race"}}}
        without = {"data": {"addPaymentToOrder": {"__typename": "NoActiveOrderError", "errorCode": "NO_ACTIVE_ORDER_ERROR"}}}
        declined = {"data": {"addPaymentToOrder": {"__typename": "PaymentDeclinedError", "errorCode": "PAYMENT_DECLINED_ERROR"}}}
        found = [vendure.outcome_of(answer(200, said)) for said in (placed, gone, without, declined)]
        self.assertEqual(found, ["placed", "sold out", "no cart", "refused: PAYMENT_DECLINED_ERROR"])
        self.assertEqual(vendure.outcome_of(answer(500, {})), "fault")


class Sums(unittest.TestCase):
    def test_oversold_is_what_anybody_counts_beyond_what_there_was(self):
        self.assertEqual(play.oversold(20, 20, 20, 20), 0)
        self.assertEqual(play.oversold(20, 18, 18, 18), 0)
        for sold in ((21, 20, 20), (20, 21, 20), (20, 20, 21)):
            self.assertEqual(play.oversold(20, *sold), 1)

    def test_rounds_are_added(self):
        one = {"processor_seconds": {"shop": 1, "beside": 2}, "calls": 3}
        self.assertEqual(play._sum(play._sum(None, one), one), {"processor_seconds": {"shop": 2, "beside": 4}, "calls": 6})

    def test_a_count_knows_both_directions(self):
        count = Count()
        count.note(10, 20, False)
        count.note(1, 2, True)
        self.assertEqual(count.numbers(), (2, 11, 22, 1))


class Report(unittest.TestCase):
    PLAN = plan.Plan(customers=5, rounds=2)

    def test_ratios_are_ours_to_theirs_and_there_is_one_without_sign_in(self):
        said = report.numbers(self.PLAN, [result("ours", 1.0), result("theirs", 2.0, calls=30)])
        self.assertEqual(said["ours_to_theirs"]["theirs"]["processor_seconds"], 0.5)
        self.assertEqual(said["ours_to_theirs"]["theirs"]["processor_seconds_with_what_is_beside"], 14 / 21)
        self.assertEqual(said["ours_to_theirs"]["theirs"]["calls"], 2.0)
        ours, theirs = result("ours", 1.0), result("theirs", 1.0)
        theirs["steps"] = theirs["steps"] | {"sign in": theirs["steps"]["sign in"] | {"processor_seconds": {"shop": 7.0, "beside": 0}}}
        said = report.numbers(self.PLAN, [ours, theirs])["ours_to_theirs"]["theirs"]
        self.assertEqual((said["processor_seconds_without_sign_in"], said["processor_seconds"]), (1.0, 7 / 13))

    def test_the_table_shows_milliseconds_of_a_journey(self):
        text = report.table(self.PLAN, [result("ours", 1.0), result("theirs", 2.0)])
        self.assertIn("| search | 100.0 | 200.0 |", text)
        self.assertIn("| all without sign in | 600.0 | 1200.0 |", text)
        self.assertIn("| calls for each journey | 42.0 | 42.0 |", text)

    def test_only_what_is_wrong_with_ours_fails(self):
        well = result("ours", 1.0)
        self.assertEqual(report.faults(self.PLAN, [well, result("theirs", 1.0, {"oversold": 9, "faults": 3})]), [])
        for race in ({"oversold": 1}, {"free": 1}, {"promised": 19}, {"listed": 19}, {"faults": 1}):
            self.assertNotEqual(report.faults(self.PLAN, [result("ours", 1.0, race)]), [], race)
        self.assertNotEqual(report.faults(self.PLAN, [result("ours", 1.0, faults=1)]), [])

    def test_the_page_keeps_everything_else(self):
        page = f"before\n{report.BEGIN}\nold \\1\n{report.END}\nafter\n"
        self.assertEqual(report.write(page, "new \\1"), f"before\n{report.BEGIN}\nnew \\1\n{report.END}\nafter\n")
        with self.assertRaises(ValueError):
            report.write("nothing", "new")
        written = (toolbox.ROOT / "docs" / "performance" / "peers.md").read_text()
        self.assertIn("new", report.write(written, "new"))


class Words(unittest.TestCase):
    def test_words_are_understood_or_refused(self):
        self.assertEqual(plan.words(["customers=3", "buyers=9"]), plan.Plan(customers=3, buyers=9))
        for wrong in ("customers", "customers=0", "customers=-1", "shops=2", "rounds=41"):
            with self.assertRaises(ValueError):
                plan.words([wrong])

    def test_products_have_keys_of_their_own(self):
        products = [*plan.Plan().bought(), plan.Plan().raced()]
        self.assertEqual(len({one.key for one in products}), len(products))
        self.assertEqual(plan.Plan(units=7).raced().units, 7)
