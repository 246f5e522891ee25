"""Messages of HTTP/1.1 as they come: read to their end, and handed on byte by byte, since signatures are over them."""

import asyncio
from dataclasses import dataclass

# More than a head or a line of a chunk ever has.
LIMIT = 1024 * 1024


class Broken(Exception):
    """The other side ended in the middle, or speaks something else."""


@dataclass(frozen=True)
class Message:
    """A request or an answer."""

    # `POST / HTTP/1.1`, or `HTTP/1.1 200 OK`.
    start: str
    # By their names in lower case; of several of one name the last.
    headers: dict[str, str]
    head: bytes
    body: bytes
    # Whether it says itself where it ends. What does not, ends with its connection.
    bounded: bool = True

    @property
    def whole(self) -> bytes:
        """As it came."""
        return self.head + self.body

    @property
    def method(self) -> str:
        """Of a request."""
        return self.start.split(" ", 1)[0]

    @property
    def target(self) -> str:
        """Path and query of a request."""
        return (self.start.split(" ") + [""])[1]

    @property
    def status(self) -> int:
        """Of an answer."""
        return int(self.start.split(" ")[1])

    @property
    def closes(self) -> bool:
        """Whether nothing follows on its connection."""
        return not self.bounded or self.headers.get("connection", "").lower() == "close"


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Message | None:
    """The next request; None where there is none any more.

    Raises Broken when it ends in the middle.
    """
    found = await _read_head(reader)
    if found is None:
        return None
    start, headers, head = found
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
    # A request without either has no body.
    body = await _read_body(reader, headers)
    return Message(start, headers, head, body or b"")


async def read_answer(reader: asyncio.StreamReader, method: str) -> Message:
    """The answer to a request of this method; what is said before the answer itself is passed over.

    Raises Broken when there is none, or it ends in the middle.
    """
    while True:
        found = await _read_head(reader)
        if found is None:
            raise Broken("no answer")
        start, headers, head = found
        message = Message(start, headers, head, b"")
        if message.status >= 200:
            break
    if method == "HEAD" or message.status in (204, 304):
        return message
    body = await _read_body(reader, headers)
    if body is None:
        return Message(start, headers, head, await reader.read(), bounded=False)
    return Message(start, headers, head, body)


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as end:
        if end.partial.strip():
            raise Broken("the head breaks off") from end
        return None
    except asyncio.LimitOverrunError as long:
        raise Broken("the head is too long") from long
    start, *lines = head.decode("latin-1").strip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return start, {name.strip().lower(): value.strip() for name, _, value in pairs}, head


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes | None:
    """The body as it came, chunks and all; None where the head does not say how long it is."""
    try:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return await _read_chunks(reader)
        if "content-length" in headers:
            return await reader.readexactly(int(headers["content-length"]))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as wrong:
        raise Broken("the body breaks off") from wrong
    return None


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    read = []
    while True:
        line = await reader.readuntil(b"\r\n")
        read.append(line)
        size = int(line.split(b";")[0], 16)
        if size == 0:
            break
        read.append(await reader.readexactly(size + 2))
    # Trailers, up to an empty line.
    while True:
        line = await reader.readuntil(b"\r\n")
        read.append(line)
        if line == b"\r\n":
            return b"".join(read)
