"""Serves until its standard input ends; each line of it is an order, each line of its output an answer."""

import asyncio
import gc
import json
import sys

from bench.peers.gateway.server import GatewayPeer, Server
from bench.peers.gateway.wire import Wire
from bench.peers.gateway.work import Work


async def serve() -> None:
    """Listen on a free port, tell its address, and do as told."""
    loop = asyncio.get_running_loop()
    server = Server()
    listening = await loop.create_server(
        lambda: Wire(server.respond, lambda wire: GatewayPeer(server, wire)), "127.0.0.1", 0, backlog=2048
    )
    server.address = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    _say({"address": server.address})
    # What measures must not stand still for its own rubbish.
    gc.collect()
    gc.freeze()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    work = Work(server)
    while line := await orders.readline():
        order = json.loads(line)
        found = getattr(work, order.pop("do"))(**order)
        _say(await found if asyncio.iscoroutine(found) else found)


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve())
