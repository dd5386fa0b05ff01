import pytest

from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site


@pytest.mark.parametrize("since", ["-5", "9" * 30, f"-{'9' * 30}"])
def test_an_id_that_no_row_has_gives_no_rows_and_no_error(site: Site, since: str) -> None:
    for stream in ("commands", "bots", "errors", "requests"):
        answer = sign_in(site.app).get(f"/admin/live/rows?stream={stream}&since={since}")
        assert answer.status_code == 200, stream
        assert answer.get_json()["rows"] == []


def test_what_is_no_log_and_what_may_not_be_seen_are_refused(site: Site) -> None:
    owner, nobody = sign_in(site.app), sign_in(site.app, name="Nora", role=None)
    json = {"Accept": "application/json"}
    assert owner.get("/admin/live/rows?stream=nothing", headers=json).status_code == 400
    assert nobody.get("/admin/live/rows?stream=commands", headers=json).status_code == 403
    assert nobody.get("/admin/live/bots", headers=json).get_json() == {"bots": []}
    assert site.client.post("/admin/live/ticket").status_code == 400
