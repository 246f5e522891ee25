"""How the functions' log is read whole, though the local AWS answers a part and names no next one."""

import unittest
from unittest import mock

from apothecary_local import logs


class Reading(unittest.TestCase):
    class Logs:
        """As many events as are asked for, from a time on; no next page is named."""

        def __init__(self, *times):
            self._events = [{"timestamp": time, "message": f"{time} {place}"} for place, time in enumerate(times)]
            self.asked = 0

        def filter_log_events(self, logGroupName, startTime, limit):
            self.asked += 1
            later = [event for event in self._events if event["timestamp"] >= startTime]
            return {"events": later[:limit]}

    def read(self, *times):
        service = self.Logs(*times)
        with mock.patch.object(logs, "_PAGE", 3):
            return [event["timestamp"] for event in logs._events(service, since=0)], service.asked

    def test_every_event_is_read_once(self):
        self.assertEqual(self.read(1, 2), ([1, 2], 1))
        self.assertEqual(self.read(1, 2, 3, 3, 4, 5), ([1, 2, 3, 3, 4, 5], 3))
        self.assertEqual(self.read(*range(1, 12))[0], list(range(1, 12)))

    def test_a_moment_that_fills_an_answer_is_not_asked_for_for_ever(self):
        self.assertEqual(self.read(1, 1, 1, 1)[0][:3], [1, 1, 1])

    def test_a_next_page_that_is_named_is_followed(self):
        service = mock.Mock()
        service.filter_log_events.side_effect = [{"events": [{"timestamp": 1}], "nextToken": "two"}, {"events": [{"timestamp": 2}]}]
        self.assertEqual([event["timestamp"] for event in logs._events(service, since=0)], [1, 2])
        self.assertEqual(service.filter_log_events.call_args.kwargs["nextToken"], "two")


if __name__ == "__main__":
    unittest.main()
