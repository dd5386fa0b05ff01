import asyncio
import gc

import pytest

from socialcube.fleet import freezing as module
from socialcube.fleet.freezing import Freezer, freeze_all
from tests.fakes.engine import settle


class Bot:
    """Something that can be new."""


class Scene:
    def __init__(self) -> None:
        self.bots = [Bot() for _ in range(100)]
        self.frozen: list[int] = []
        self.online = asyncio.Event()
        self.freezer = Freezer(
            self.wait, lambda: self.bots, freeze=lambda: self.frozen.append(len(self.bots))
        )

    async def wait(self) -> None:
        await self.online.wait()

    async def pass_time(self) -> None:
        for _ in range(5):
            await settle()


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(asyncio, "sleep", lambda _, sleep=asyncio.sleep: sleep(0))
    return Scene()


async def test_bots_are_frozen_once_they_are_online_and_again_after_a_larger_batch(scene: Scene) -> None:
    task = asyncio.create_task(scene.freezer.run())
    await scene.pass_time()
    assert scene.frozen == []
    scene.online.set()
    await scene.pass_time()
    assert scene.frozen == [100]
    scene.bots += [Bot() for _ in range(49)]
    await scene.pass_time()
    assert scene.frozen == [100]
    scene.bots.append(Bot())
    await scene.pass_time()
    assert scene.frozen == [100, 150]
    task.cancel()


async def test_bots_that_are_not_online_in_time_are_frozen_nonetheless(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SETTLE_SECONDS", 0)
    task = asyncio.create_task(scene.freezer.run())
    await scene.pass_time()
    assert scene.frozen == [100]
    task.cancel()


def test_what_is_frozen_is_out_of_sight() -> None:
    try:
        freeze_all()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
