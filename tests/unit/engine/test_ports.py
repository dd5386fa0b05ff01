from socialcube.engine.ports import ResponderError


def test_refusal_tells_number_and_reason() -> None:
    error = ResponderError(50035, "Invalid Form Body")
    assert error.message == "Discord refused the answer: Invalid Form Body (50035)."
    assert (error.code, error.number, error.reachable) == ("answer_refused", 50035, True)


def test_braces_in_a_reason_are_harmless() -> None:
    assert "{number}" in ResponderError("x", "{number}{0.__class__}").message
