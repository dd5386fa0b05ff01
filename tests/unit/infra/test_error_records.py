import json

from socialcube.domain.logs.types import ErrorLogRecord, ErrorSource
from socialcube.infra.error_records import record_of
from socialcube.kernel.errors import NotFoundError, SocialCubeError
from tests.fakes.clock import START


def describe(error: Exception) -> ErrorLogRecord:
    return record_of(error, ErrorSource.WEB, trace_id="r1", now=START)


def fail(text: str) -> Exception:
    try:
        json.loads(text)
    except ValueError as error:
        return error
    raise AssertionError


def test_an_exception_is_described_with_its_kind_and_stack() -> None:
    record = describe(fail("{"))
    assert record.code == "JSONDecodeError"
    assert "Traceback" in record.detail
    assert record.trace_id == "r1"


def test_our_own_errors_keep_their_code() -> None:
    assert describe(NotFoundError(kind="bot")).code == "not_found"


def test_equal_failures_with_other_values_share_a_fingerprint() -> None:
    assert describe(fail("{")).fingerprint == describe(fail("[1,")).fingerprint


def test_other_kinds_of_failure_have_other_fingerprints() -> None:
    assert describe(fail("{")).fingerprint != describe(SocialCubeError()).fingerprint


def test_the_place_is_the_innermost_frame_when_none_is_ours() -> None:
    assert describe(fail("{")).place.startswith("json.decoder:")
