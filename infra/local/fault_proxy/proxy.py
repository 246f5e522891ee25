"""The proxy of one upstream: each call is passed on, or goes wrong as the weather has it."""

import asyncio
import socket
import struct
from collections.abc import Callable

from .refusals import refusal
from .weather import Weather
from .wire import LIMIT, Broken, Message, read_answer, read_request

# For how long a call is left without its answer before the connection breaks: longer than any client here waits, of which Textract's
# waits longest (held by a test).
SILENCE = 25.0


class Proxy:
    """Between clients and one upstream on this machine."""

    def __init__(self, upstream: int, weather: Weather, service_of: Callable[[Message], str | None]) -> None:
        self._upstream, self._weather, self._service_of = upstream, weather, service_of
        # The loop itself holds tasks weakly, and what nobody holds may be collected in the middle of a call.
        self._tasks: set[asyncio.Task] = set()

    async def listen(self, port: int) -> asyncio.Server:
        """Serves on a port of this machine from now on."""
        return await asyncio.start_server(self._serve, "127.0.0.1", port, limit=LIMIT, backlog=1024)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            while (request := await read_request(reader, writer)) and await self._fare(request, reader, writer):
                pass
        except (Broken, ConnectionError):
            # One of the two sides has gone; for the other that is what it looks like when a connection breaks.
            _reset(writer)
        finally:
            writer.close()

    async def _fare(self, request: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Has one call go as it goes. Whether another may follow."""
        service = self._service_of(request)
        fault = self._weather.next(service) if service else None
        if fault and fault.late:
            await asyncio.sleep(fault.late)
        match fault and fault.kind:
            case "error" | "throttle" as kind:
                writer.write(refusal(service, kind == "throttle"))
            case "reset":
                _reset(writer)
                return False
            case "lost":
                await self._ask(request)
                await _be_silent(reader)
                _reset(writer)
                return False
            case _:
                answer = await self._ask(request)
                writer.write(answer.whole)
                await writer.drain()
                return not answer.closes
        await writer.drain()
        return True

    async def _ask(self, request: Message) -> Message:
        # A connection for each call: none that was kept can have ended unnoticed.
        reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream, limit=LIMIT)
        try:
            writer.write(request.whole)
            await writer.drain()
            return await read_answer(reader, request.method)
        finally:
            # Whoever closes in order keeps the port for a minute; at some hundred calls a second there would soon be none left.
            _reset(writer)


async def _be_silent(reader: asyncio.StreamReader) -> None:
    """Waits until the client gives up."""
    try:
        await asyncio.wait_for(reader.read(1), SILENCE)
    except (TimeoutError, asyncio.TimeoutError):
        pass


def _reset(writer: asyncio.StreamWriter) -> None:
    """Breaks the connection, as a machine that fails does: without a farewell."""
    if (sock := writer.get_extra_info("socket")) is not None:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            # It is closed already.
            pass
    writer.transport.abort()
