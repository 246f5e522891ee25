"""Calls that go wrong on their way, against a small server that counts what has reached it."""

import asyncio
import json
import re
import unittest
import unittest.mock
from pathlib import Path

from ministack.services import lambda_svc

from apothecary_local import __main__ as commands
from apothecary_local import emulator, peers
from apothecary_local.console import Failure
from apothecary_local.stack import Stack
from apothecary_local.toolbox import ROOT
from fault_proxy import proxy, services
from fault_proxy.control import Control
from fault_proxy.proxy import Proxy
from fault_proxy.refusals import WORDS, refusal
from fault_proxy.weather import EVERY, KINDS, Weather, Wrong
from fault_proxy.wire import Broken, Message, read_answer, read_request
from ministack_mends import endpoints


def signed(service, method="POST", target="/", body=b"", more=""):
    """A request as a function signs it."""
    credential = f"AWS4-HMAC-SHA256 Credential=AKIA/20261201/us-east-1/{service}/aws4_request, SignedHeaders=host"
    head = (f"{method} {target} HTTP/1.1\r\nhost: here\r\nauthorization: {credential}\r\n{more}"
            f"content-length: {len(body)}\r\n\r\n")
    return head.encode() + body


def port_of(server):
    return server.sockets[0].getsockname()[1]


class Upstream:
    """Answers each request with how many there were, and keeps them."""

    def __init__(self, answer=None):
        self.seen, self._answer = [], answer

    async def serve(self, reader, writer):
        try:
            while request := await read_request(reader, writer):
                self.seen.append(request)
                body = str(len(self.seen)).encode()
                writer.write(self._answer or f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
                if self._answer:
                    break
        except (Broken, ConnectionError):
            pass
        finally:
            writer.close()


class Calls(unittest.IsolatedAsyncioTestCase):
    async def between(self, rates, upstream=None, service_of=services.of_aws):
        """A connection through a proxy with these rates."""
        self.upstream, self.weather = upstream or Upstream(), Weather(7)
        self.weather.set(rates)
        far = await asyncio.start_server(self.upstream.serve, "127.0.0.1", 0)
        near = await Proxy(port_of(far), self.weather, service_of).listen(0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(near))
        self.addAsyncCleanup(self.end, far, near, writer)
        return reader, writer

    async def end(self, far, near, writer):
        for one in (writer, near, far):
            one.close()
        # Those who serve notice that nobody is there any more.
        await asyncio.sleep(0.05)

    async def ask(self, connection, request):
        reader, writer = connection
        writer.write(request)
        await writer.drain()
        return await asyncio.wait_for(read_answer(reader, request.split(b" ", 1)[0].decode()), 5)

    async def test_what_nothing_befalls_goes_on_byte_by_byte_on_one_connection(self):
        connection = await self.between({})
        chunked = b"5;chunk-signature=x\r\nhello\r\n0\r\nx-amz-checksum: y\r\n\r\n"
        head = signed("s3", "PUT", "/bucket/key?x=%20y").replace(b"content-length: 0", b"transfer-encoding: chunked")
        for turn, request in enumerate([signed("dynamodb", body=b"{}"), head + chunked], 1):
            answer = await self.ask(connection, request)
            self.assertEqual((answer.status, answer.body), (200, str(turn).encode()))
            self.assertEqual(self.upstream.seen[-1].whole, request)
        self.assertEqual(self.weather.counts, {"dynamodb": {"passed": 1}, "s3": {"passed": 1}})

    async def test_an_answer_that_ends_with_its_connection_does_so_here(self):
        connection = await self.between({}, Upstream(b"HTTP/1.1 200 OK\r\n\r\nto the end"))
        answer = await self.ask(connection, signed("s3", "GET"))
        self.assertEqual((answer.body, answer.bounded), (b"to the end", False))

    async def test_who_asks_whether_to_go_on_is_told_so(self):
        reader, writer = await self.between({})
        request = signed("s3", "PUT", "/b/k", b"picture", "expect: 100-continue\r\n")
        head, _, body = request.partition(b"\r\n\r\n")
        writer.write(head + b"\r\n\r\n")
        self.assertEqual(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5), b"HTTP/1.1 100 Continue\r\n\r\n")
        answer = await self.ask((reader, writer), body)
        self.assertEqual((answer.status, self.upstream.seen[0].body), (200, b"picture"))

    async def test_a_service_that_fails_or_is_asked_too_much_says_so_itself_and_nothing_is_passed_on(self):
        connection = await self.between({"dynamodb": {"throttle": 1}, EVERY: {"error": 1}})
        throttled = await self.ask(connection, signed("dynamodb"))
        code = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
        self.assertEqual((throttled.status, json.loads(throttled.body)["__type"]), (400, code))
        failed = await self.ask(connection, signed("s3"))
        self.assertEqual((failed.status, b"<Code>InternalError</Code>" in failed.body), (500, True))
        self.assertEqual(self.upstream.seen, [])

    async def test_a_reset_comes_before_anything_is_passed_on(self):
        connection = await self.between({EVERY: {"reset": 1}})
        with self.assertRaises(ConnectionResetError):
            await self.ask(connection, signed("sqs"))
        self.assertEqual((self.upstream.seen, self.weather.counts["sqs"]), ([], {"reset": 1}))

    async def test_a_lost_answer_was_done_and_is_not_heard_of(self):
        reader, writer = await self.between({EVERY: {"lost": 1}})
        writer.write(signed("dynamodb", body=b"commit"))
        with self.assertRaises((TimeoutError, asyncio.TimeoutError)):
            await asyncio.wait_for(reader.read(1), 0.3)
        self.assertEqual([request.body for request in self.upstream.seen], [b"commit"])

    async def test_what_is_late_is_answered_all_the_same(self):
        connection = await self.between({EVERY: {"latency": 1}})
        before = asyncio.get_running_loop().time()
        self.assertEqual((await self.ask(connection, signed("kms"))).status, 200)
        self.assertGreaterEqual(asyncio.get_running_loop().time() - before, 0.05)
        self.assertEqual(self.weather.counts["kms"], {"passed": 1, "latency": 1})

    async def test_what_browsers_send_is_left_alone(self):
        connection = await self.between({EVERY: {"error": 1}})
        form = b"POST /bucket HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nform"
        link = b"GET /bucket/key?X-Amz-Credential=AKIA/20261201/us-east-1/s3/aws4_request HTTP/1.1\r\nhost: here\r\n\r\n"
        for request in (form, link):
            self.assertEqual((await self.ask(connection, request)).status, 200)
        self.assertEqual(self.weather.counts, {})

    async def test_providers_are_known_by_their_paths_and_a_browsers_key_is_none(self):
        connection = await self.between({EVERY: {"throttle": 1}}, service_of=services.of_payments)
        ours = b"POST /v1/payment_intents/pi_1/capture HTTP/1.1\r\nauthorization: Bearer sk_test_1\r\ncontent-length: 0\r\n\r\n"
        answer = await self.ask(connection, ours)
        self.assertEqual((answer.status, json.loads(answer.body)["error"]["code"]), (429, "rate_limit"))
        for request in (ours.replace(b"sk_test_1", b"pk_test_1"), b"GET /_ledger HTTP/1.1\r\n\r\n"):
            self.assertEqual((await self.ask(connection, request)).status, 200)

    async def test_rates_are_set_and_counters_read_while_it_runs(self):
        connection = await self.between({})
        control = await Control(self.weather).listen(0)
        there = await asyncio.open_connection("127.0.0.1", port_of(control))
        self.addAsyncCleanup(self.end, control, control, there[1])

        async def say(method, body, target="/faults"):
            text = json.dumps(body).encode()
            head = f"{method} {target} HTTP/1.1\r\ncontent-length: {len(text)}\r\n\r\n"
            answer = await self.ask(there, head.encode() + text)
            return answer.status, json.loads(answer.body)

        await self.ask(connection, signed("dynamodb"))
        self.assertEqual((await say("PUT", {"dynamodb": {"error": 1}}))[0], 200)
        self.assertEqual((await self.ask(connection, signed("dynamodb"))).status, 500)
        for wrong in ({"dynamodb": {"fire": 1}}, {"dynamodb": {"error": 2}}, {"*": {"error": 0.6, "lost": 0.6}}, [], {"s3": 1}):
            self.assertEqual((await say("PUT", wrong))[0], 400, wrong)
        self.assertEqual((await say("POST", {}))[0], 405)
        self.assertEqual((await say("GET", {}, "/"))[0], 404)
        status, state = await say("GET", {})
        self.assertEqual((status, state["seed"], state["rates"]), (200, 7, {"dynamodb": {"error": 1}}))
        self.assertEqual(state["counts"], {"dynamodb": {"passed": 1, "error": 1}})


class OfTheHouse(unittest.TestCase):
    """What the functions themselves do, by their source."""

    SHARED = ROOT / "shared" / "src"

    def code_of(self, path):
        return path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]

    def test_every_path_that_a_provider_is_asked_at_is_known_as_its_own(self):
        for provider, least in (("stripe", 6), ("paypal", 8), ("bkash", 2), ("esewa", 1)):
            sources = [self.SHARED / "payments" / provider / name for name in ("request.rs", "client.rs")]
            # Up to what is put in, or asked.
            paths = [path for source in sources for path in re.findall(r'"(/(?:v\d|api/)[^"{?]*)', self.code_of(source))]
            self.assertGreaterEqual(len(paths), least, provider)
            for path in paths:
                target = path if path.endswith("/") else f"{path}/x"
                asked = Message(f"POST {target} HTTP/1.1", {}, b"", b"")
                self.assertEqual(services.of_payments(asked), provider, path)

    def test_no_client_outlasts_the_silence_after_a_lost_answer(self):
        code = "\n".join(self.code_of(path) for path in self.SHARED.rglob("*.rs"))
        waits = re.findall(r"(?:_timeout\(|attempt_timeout: |const (?:TIMEOUT|PATIENCE): Duration = )Duration::from_secs\((\d+)\)", code)
        # Textract's is the longest; a pattern that finds nothing would hold nothing.
        self.assertGreaterEqual(max(map(int, waits)), 20)
        self.assertGreater(proxy.SILENCE, max(map(int, waits)))


class Chance(unittest.TestCase):
    def test_the_same_seed_fares_the_same_and_each_service_by_itself(self):
        def fare(seed, services):
            weather = Weather(seed)
            weather.set({EVERY: {"error": 0.2, "lost": 0.2, "latency": 0.5}})
            return [weather.next(service) for service in services]

        alone = fare(1, ["s3"] * 50)
        self.assertEqual(alone, fare(1, ["s3"] * 50))
        self.assertEqual(alone, fare(1, ["s3", "sqs"] * 50)[::2])
        self.assertNotEqual(alone, fare(2, ["s3"] * 50))

    def test_each_way_to_go_wrong_comes_about_as_often_as_it_should(self):
        weather = Weather(3)
        weather.set({"s3": dict.fromkeys(KINDS, 0.1) | {"latency": 0.3}})
        for _ in range(10_000):
            weather.next("s3")
        counts = weather.counts["s3"]
        for name, expected in {**dict.fromkeys(KINDS, 1000), "latency": 3000, "passed": 6000}.items():
            self.assertLess(abs(counts[name] - expected), expected / 5, counts)

    def test_rates_that_cannot_be_change_nothing(self):
        weather = Weather(1)
        weather.set({"s3": {"error": 0.5}})
        for wrong in ({"s3": {"error": True}}, {"s3": {"error": -0.1}}, None):
            with self.assertRaises(Wrong):
                weather.set(wrong)
        self.assertEqual(weather.rates, {"s3": {"error": 0.5}})


class Refusals(unittest.IsolatedAsyncioTestCase):
    async def test_each_service_refuses_in_a_whole_answer_with_its_own_code(self):
        for service, words in WORDS.items():
            for throttled, (status, code) in ((False, words.failed), (True, words.throttled)):
                reader = asyncio.StreamReader()
                reader.feed_data(refusal(service, throttled))
                reader.feed_eof()
                answer = await read_answer(reader, "POST")
                self.assertEqual((answer.status, answer.bounded), (status, True), service)
                self.assertIn(code, answer.body.decode() + answer.headers.get("x-amzn-errortype", ""), service)

    async def test_a_service_without_words_of_its_own_has_those_of_most(self):
        self.assertIn(b"ThrottlingException", refusal("scheduler", True))

    async def test_what_breaks_off_is_no_answer(self):
        for text in (b"", b"HTTP/1.1 200 OK\r\ncont", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"):
            reader = asyncio.StreamReader()
            reader.feed_data(text)
            reader.feed_eof()
            with self.assertRaises(Broken):
                await read_answer(reader, "GET")


class Between(unittest.TestCase):
    def test_functions_alone_find_aws_through_the_proxy(self):
        plain = lambda config, code_dir, port: {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "_HANDLER": config}
        with unittest.mock.patch.object(lambda_svc, "_provided_worker_env", plain):
            with unittest.mock.patch.dict("os.environ", {endpoints.VARIABLE: "http://127.0.0.1:2"}):
                endpoints.apply()
            given = lambda_svc._provided_worker_env("bootstrap", "/", 3)
        self.assertEqual(given, {"AWS_ENDPOINT_URL": "http://127.0.0.1:2", "_HANDLER": "bootstrap"})

    def test_a_stack_leads_there_where_calls_are_to_go_wrong_and_nowhere_else(self):
        def leads_to(faulty):
            stack = Stack(1, Path("/nowhere"), Path("/nowhere/stack.json"), faulty=faulty)
            with (unittest.mock.patch.object(Stack, "_port", lambda self, name: {"faulty-aws": 2, "faulty-peers": 3}.get(name, 4)),
                  unittest.mock.patch.object(peers, "_secret", lambda stack, name: name)):
                aws = emulator._environment(stack)
                payments = peers.parameters(stack)
                self.assertEqual(payments["PayPalUrl"], payments["StripeUrl"])
                return aws["AWS_ENDPOINT_URL"], aws["APOTHECARY_FUNCTIONS_ENDPOINT"], payments["StripeUrl"]

        direct = "http://127.0.0.1:1"
        self.assertEqual(leads_to(False), (direct, direct, "http://127.0.0.1:4"))
        self.assertEqual(leads_to(True), (direct, "http://127.0.0.1:2", "http://127.0.0.1:3"))

    def test_the_words_of_a_test_stack_come_before_its_command(self):
        words = commands._words_and_command
        self.assertEqual(words(("rights", "--", "cargo", "test")), ({"rights": 1}, ("cargo", "test")))
        self.assertEqual(words(("faults=7", "--", "cargo", "--", "x")), ({"faults": 7}, ("cargo", "--", "x")))
        self.assertEqual(words(("--", "cargo")), ({}, ("cargo",)))
        self.assertEqual(words(("cargo", "test")), ({}, ("cargo", "test")))
        for wrong in ("fault", "faults=x"):
            with self.assertRaises(Failure):
                words((wrong, "--", "cargo"))


if __name__ == "__main__":
    unittest.main()
