from typing import Any

from socialcube.domain.bots.models import ShardState
from socialcube.domain.bots.types import GatewayState, ProcessState
from socialcube.domain.placements import service as placements
from tests.fakes.clock import START
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot


def test_each_part_stands_in_a_line_of_its_own(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot(shard_count=3)
    with site.unit() as uow:
        runner = placements.register_runner(uow, host="eu-1", pid=7, lock_path="", address="eu-1")
        seen: dict[str, Any] = {
            "bot_id": bot_id,
            "epoch": 1,
            "process": ProcessState.RUNNING,
            "sentence": "",
            "remedy": "",
            "updated_at": START,
        }
        uow.session.add_all(
            [
                ShardState(
                    shard=0,
                    gateway=GatewayState.CONNECTED,
                    runner_id=runner,
                    latency_ms=37.6,
                    guild_count=12,
                    **seen,
                ),
                ShardState(shard=1, gateway=GatewayState.RECONNECTING, runner_id=None, **seen),
            ]
        )
        uow.commit()
    page = " ".join(sign_in(site.app).get(f"/admin/bots/{bot_id}/").text.split())
    rows = page.partition("Shards of Fern")[2].partition("</table>")[0].split("<tr")[2:]
    assert len(rows) == 3
    for row, words in zip(
        rows,
        (
            ("Online", "Shard 1 of 3", ">12<", "38 ms", "eu-1"),
            ("Failed", "Shard 2 of 3", "—"),
            ("Starting", "Shard 3 of 3", "—"),
        ),
        strict=True,
    ):
        for word in words:
            assert word in row


def test_a_bot_in_one_part_has_no_table_of_parts(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    assert "Shards of Fern" not in sign_in(site.app).get(f"/admin/bots/{bot_id}/").text


def test_the_parts_of_a_stopped_bot_wait_for_nothing(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot(shard_count=2, desired_state="stopped")
    page = sign_in(site.app).get(f"/admin/bots/{bot_id}/").text
    assert "Starting" not in page.partition("Shards of Fern")[2].partition("</table>")[0]
