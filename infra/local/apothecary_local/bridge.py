"""Lets containers reach the local AWS, which listens on this machine's loopback interface alone."""

import asyncio
import ipaddress
import subprocess
import threading

from .console import Failure


def gateway() -> str:
    """This machine's address as containers of Docker's default network see it: the first of its subnet.

    Raises Failure when Docker does not say.
    """
    asked = subprocess.run(
        ["docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}"],
        capture_output=True, text=True,
    )
    if asked.returncode != 0:
        raise Failure("Docker does not describe its default network.", asked.stderr.strip())
    return str(next(ipaddress.ip_network(asked.stdout.strip()).hosts()))


def open_to_containers(host: str, port: int) -> None:
    """Forwards connections to `host`:`port` to the same port of the loopback interface, until this process ends."""
    threading.Thread(target=asyncio.run, args=(_serve(host, port),), daemon=True).start()


async def _serve(host: str, port: int) -> None:
    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    server = await asyncio.start_server(forward, host, port)
    await server.serve_forever()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except OSError:
        # The other side has gone; the connection is over.
        pass
    finally:
        sink.close()
