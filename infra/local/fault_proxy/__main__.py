"""Runs the proxy: `python -m fault_proxy <seed> <control> <aws> <aws upstream> <payments> <payments upstream>`, all but the seed
ports of this machine. It ends with whoever has started it."""

import asyncio
import os
import sys

from . import services
from .control import Control
from .proxy import Proxy
from .weather import Weather


async def serve(seed: int, control: int, aws: int, aws_upstream: int, payments: int, payments_upstream: int) -> None:
    """Serves until the parent has gone."""
    weather, parent = Weather(seed), os.getppid()
    await Proxy(aws_upstream, weather, services.of_aws).listen(aws)
    await Proxy(payments_upstream, weather, services.of_payments).listen(payments)
    # Last: who is answered here finds the others.
    await Control(weather).listen(control)
    while os.getppid() == parent:
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
