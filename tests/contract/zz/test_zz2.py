import socket, asyncio
def test_a(): socket.socket(socket.AF_INET)
async def test_b(): await asyncio.sleep(0)
