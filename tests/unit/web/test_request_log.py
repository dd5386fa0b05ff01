import pytest

from socialcube.domain.logs.types import RequestLogRecord
from tests.fakes.clock import START
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import MakeSite, Site


def rows(site: Site) -> list[RequestLogRecord]:
    return [record for record in site.sink.records if isinstance(record, RequestLogRecord)]


def test_a_request_leaves_one_row(site: Site) -> None:
    answer = site.client.get("/login", headers={"User-Agent": "Mozilla/5.0 (X11)"})
    (row,) = rows(site)
    assert (row.method, row.path, row.status) == ("GET", "/login", 200)
    assert row.request_id == answer.headers["X-Request-ID"]
    assert row.occurred_at == START
    assert row.address == "127.0.0.1"
    assert row.agent == "Mozilla/5.0 (X11)"
    assert row.duration_ms >= 0


def test_a_signed_in_person_stands_in_the_row(site: Site) -> None:
    sign_in(site.app, name="Mara").get("/admin/")
    assert rows(site)[-1].user.startswith("user:")


def test_asvs_14_2_1_the_query_is_left_out(site: Site) -> None:
    site.client.get("/?code=secret")
    assert rows(site)[0].path == "/"


def test_a_code_that_lets_somebody_in_is_left_out(site: Site) -> None:
    site.client.get("/login/link/ABCD-EFGH")
    site.client.post("/login/link/ABCD-EFGH")
    site.client.get("/login//link/ABCD-EFGH")
    assert [row.path for row in rows(site)] == ["/login/link/••••"] * 3


def test_asvs_16_4_1_a_path_cannot_break_a_line(site: Site) -> None:
    site.client.get("/a%0d%0aSet-Cookie%1b[2J%e2%80%a8x", headers={"User-Agent": "x\x1b[31m"})
    (row,) = rows(site)
    assert row.path.isprintable()
    assert row.path.startswith("/a%0D%0ASet-Cookie%1B")
    assert row.agent.isprintable()


def test_long_values_are_cut(site: Site) -> None:
    site.client.get("/" + "a" * 5000, headers={"User-Agent": "b" * 5000})
    assert len(rows(site)[0].path) == 500
    assert len(rows(site)[0].agent) == 300


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/css/tokens.css"])
def test_what_machines_and_pages_fetch_all_the_time_is_not_logged(site: Site, path: str) -> None:
    site.client.get(path, buffered=True)
    assert rows(site) == []


def test_a_missing_file_is_logged(site: Site) -> None:
    site.client.get("/static/nothing.css")
    assert rows(site)[0].status == 404


def test_a_refused_host_is_logged(site: Site) -> None:
    site.client.get("/", headers={"Host": "evil.example"})
    assert rows(site)[0].status == 400


@pytest.mark.parametrize("given", ["abc-DEF_12", "0" * 64])
def test_a_well_formed_id_is_kept(site: Site, given: str) -> None:
    assert site.client.get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "0" * 65, "with space", "<script>", "a;b=c;d=e", ""])
def test_any_other_id_is_replaced(site: Site, given: str) -> None:
    kept = site.client.get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert kept != given
    assert len(kept) == 32


def test_a_proxy_is_believed_only_when_it_is_trusted(make_site: MakeSite) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}
    direct, behind = make_site(), make_site(TRUSTED_PROXIES="1")
    direct.client.get("/", headers=headers)
    behind.client.get("/", headers=headers)
    assert rows(direct)[0].address == "127.0.0.1"
    assert rows(behind)[0].address == "203.0.113.9"
