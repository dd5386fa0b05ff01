from socialcube.sandbox.faults import Fault, Faults


def test_fault_matches_method_path_and_application() -> None:
    faults = Faults()
    faults.add(Fault(r"/messages$", method="POST", application_id=1))

    assert faults.take("GET", "/channels/1/messages", 1) is None
    assert faults.take("POST", "/channels/1/messages/2", 1) is None
    assert faults.take("POST", "/channels/1/messages", 2) is None
    assert faults.take("POST", "/channels/1/messages", 1) is not None
    assert faults.take("POST", "/channels/1/messages", 1) is None


def test_faults_are_used_up_in_order() -> None:
    faults = Faults()
    faults.add(Fault("/a", times=2, status=500))
    faults.add(Fault("/a", status=429))

    taken = [faults.take("GET", "/a", None) for _ in range(4)]

    assert [fault.status if fault else None for fault in taken] == [500, 500, 429, None]
    assert faults.list_waiting() == []
