from tests.unit.web.conftest import Site


def test_search_engines_are_asked_to_leave(site: Site) -> None:
    answer = site.client.get("/robots.txt")
    assert answer.text == "User-agent: *\nDisallow: /\n"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_the_mark_is_found_where_browsers_look(site: Site) -> None:
    assert site.client.get("/favicon.ico").location == "/static/mark.svg"
