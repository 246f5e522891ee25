"""Where rates are set and counters are read: `GET` and `PUT /faults`."""

import asyncio
import json

from .weather import Weather, Wrong
from .wire import LIMIT, Broken, Message, read_request


class Control:
    """The weather, by HTTP."""

    def __init__(self, weather: Weather) -> None:
        self._weather = weather

    async def listen(self, port: int) -> asyncio.Server:
        """Serves on a port of this machine from now on."""
        return await asyncio.start_server(self._serve, "127.0.0.1", port, limit=LIMIT)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await read_request(reader, writer):
                status, body = self.answer(request)
                text = json.dumps(body).encode()
                head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
                writer.write(head.encode() + text)
                await writer.drain()
        except (Broken, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, request: Message) -> tuple[str, dict]:
        """The answer to a request."""
        if request.target != "/faults":
            return "404 Not Found", {"problem": "there is /faults"}
        if request.method == "PUT":
            try:
                self._weather.set(json.loads(request.body))
            except (Wrong, ValueError) as wrong:
                return "400 Bad Request", {"problem": str(wrong)}
        elif request.method != "GET":
            return "405 Method Not Allowed", {"problem": "GET or PUT"}
        return "200 OK", {"seed": self._weather.seed, "rates": self._weather.rates,
                          "counts": {service: dict(counts) for service, counts in sorted(self._weather.counts.items())}}
