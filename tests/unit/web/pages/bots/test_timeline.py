"""What happened to a bot: lines of its log, and what people changed."""

import pytest

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.audit import service as audit
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import Level
from tests.factories.logs import make_bot_log
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot
from tests.unit.web.pages.bots.test_deeds import get


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"Moved to another runner", "Joined a server", "Stopped on purpose", "Told to restart"}),
        ("?kind=connection", {"Moved to another runner", "Stopped on purpose"}),
        ("?kind=servers", {"Joined a server"}),
        ("?kind=trouble", {"Stopped on purpose"}),
        ("?kind=commands", set()),
        ("?kind=changes", {"Told to restart"}),
        ("?kind=changes&q=nowhere", set()),
        ("?level=error", {"Stopped on purpose"}),
        (
            "?kind=nonsense",
            {"Moved to another runner", "Joined a server", "Stopped on purpose", "Told to restart"},
        ),
    ],
)
def test_the_timeline_is_narrowed_by_kind(site: Site, add_bot: MakeBot, query: str, seen: set[str]) -> None:
    bot_id, other, client = add_bot(), add_bot("Oak"), sign_in(site.app)
    rows = [
        make_bot_log(bot_id=bot_id, kind="taken_over", level=Level.INFO),
        make_bot_log(bot_id=bot_id, kind="guild_joined", level=Level.INFO),
        make_bot_log(bot_id=bot_id, kind="held", level=Level.ERROR),
    ]
    RowStore(site.services.shared.writes).write([make_entry(row) for row in rows])
    client.post(f"/admin/bots/{bot_id}/restart")
    client.post(f"/admin/bots/{other}/stop")
    page = client.get(f"/admin/bots/{bot_id}/logs{query}").text
    timeline = page.partition('data-region="timeline"')[2].partition("</section>")[0]
    every = {"Moved to another runner", "Joined a server", "Stopped on purpose", "Told to restart"}
    assert {title for title in every if f"<b>{title}</b>" in timeline} == seen
    if not seen:
        assert "No event fits" in timeline


def test_only_those_who_manage_members_read_who_changed_it(site: Site, add_bot: MakeBot) -> None:
    bot_id, owner = add_bot(), sign_in(site.app, name="Mara")
    owner.post(f"/admin/bots/{bot_id}/restart")
    assert "By Mara." in owner.get(f"/admin/bots/{bot_id}/").text
    reader = sign_in(
        site.app, name="Vera", permissions={Permission.BOT_VIEW, Permission.LOG_VIEW}, bots=[bot_id]
    )
    for tab in ("", "logs"):
        shown = reader.get(f"/admin/bots/{bot_id}/{tab}").text
        assert "<b>Told to restart</b>" in shown
        assert "Mara" not in shown.partition("</header>")[2].partition('data-region="timeline"')[2]
    manager = sign_in(site.app, name="Jonas", role=BuiltInRole.OWNER, bots=[bot_id])
    assert "By Mara." in manager.get(f"/admin/bots/{bot_id}/logs").text
    assert get(site, bot_id).generation == 2


def test_changes_are_found_by_the_name_of_whoever_made_them(site: Site, add_bot: MakeBot) -> None:
    bot_id, owner = add_bot(), sign_in(site.app, name="Mara")
    owner.post(f"/admin/bots/{bot_id}/restart")
    sign_in(site.app, name="Jonas").post(f"/admin/bots/{bot_id}/stop")
    with site.unit() as uow:
        audit.record(uow, Actor.cli("root"), "bot.edit", subject_kind="bot", subject_id=bot_id, bot_id=bot_id)
        uow.commit()

    def titles(client: SignedInClient, text: str) -> set[str]:
        page = client.get(f"/admin/bots/{bot_id}/logs?q={text}").text
        every = ("Told to restart", "Told to stop", "Name or tags changed")
        return {title for title in every if f"<b>{title}</b>" in page}

    assert titles(owner, "mARA") == {"Told to restart"}
    assert titles(owner, "By+Jonas.") == {"Told to stop"}
    assert titles(owner, "root+at+the+command") == {"Name or tags changed"}
    # Who made a change is hidden from those who do not manage members, so nobody finds it by that.
    reads = {Permission.BOT_VIEW, Permission.LOG_VIEW}
    reader = sign_in(site.app, name="Vera", permissions=reads, bots=[bot_id])
    assert titles(reader, "mara") == set()
    assert titles(reader, "root") == {"Name or tags changed"}


def test_servers_and_commands_are_named_only_to_those_who_may_see_them(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    row = make_bot_log(bot_id=bot_id, kind="guild_joined", message="Was added to Garden.")
    RowStore(site.services.shared.writes).write([make_entry(row)])
    with site.unit() as uow:
        for name in ("hello", "bye"):
            audit.record(
                uow,
                Actor.cli("root"),
                "command.publish",
                subject_kind="command",
                subject_id=name,
                bot_id=bot_id,
                after={"name": name},
            )
        uow.commit()
    url = f"/admin/bots/{bot_id}/logs"
    found = sign_in(site.app).get(f"{url}?q=published+/HELLO").text
    assert ("Published /hello" in found, "Published /bye" in found) == (True, False)
    assert "Was added to Garden." in sign_in(site.app).get(url).text
    reads = {Permission.BOT_VIEW, Permission.LOG_VIEW}
    reader = sign_in(site.app, name="Vera", permissions=reads, bots=[bot_id])
    shown = reader.get(url).text
    assert "<b>Joined a server</b>" in shown
    assert "<b>Published</b>" in shown
    assert ("Garden" in shown, "hello" in shown) == (False, False)
    assert "<b>Published</b>" not in reader.get(f"{url}?q=hello").text


def test_the_text_is_looked_for_before_the_lines_are_counted(site: Site, add_bot: MakeBot) -> None:
    bot_id, client = add_bot(), sign_in(site.app)
    client.post(f"/admin/bots/{bot_id}/stop")
    with site.unit() as uow:
        for _ in range(150):
            audit.record(
                uow, Actor.cli("root"), "bot.restart", subject_kind="bot", subject_id=bot_id, bot_id=bot_id
            )
        uow.commit()
    assert "<b>Told to stop</b>" in client.get(f"/admin/bots/{bot_id}/logs?q=told+to+stop").text


def test_a_line_of_one_part_says_which(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot(shard_count=2)
    row = make_bot_log(bot_id=bot_id, kind="resumed", message="It is back.", data={"shard": 1})
    RowStore(site.services.shared.writes).write([make_entry(row)])
    assert "Shard 2: It is back." in sign_in(site.app).get(f"/admin/bots/{bot_id}/").text
