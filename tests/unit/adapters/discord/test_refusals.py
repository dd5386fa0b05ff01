from socialcube.adapters.discord.refusals import code_of, reason_of


def test_places_of_nested_problems_are_named() -> None:
    body = {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {"data": {"content": {"_errors": [{"code": "X", "message": "Must be 2000 or fewer."}]}}},
    }
    assert reason_of(400, body) == "Invalid Form Body; data.content: Must be 2000 or fewer."
    assert code_of(body) == 50035


def test_body_that_is_no_error_object_gives_the_status() -> None:
    bodies: tuple[object, ...] = ("<html>", None, [], {"message": ""})
    for body in bodies:
        assert reason_of(502, body) == "HTTP 502"
        assert code_of(body) == 0


def test_endless_reason_is_cut() -> None:
    assert len(reason_of(400, {"message": "x" * 10_000})) == 500
