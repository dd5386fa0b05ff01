from socialcube.sandbox.attachments import Attachment, Attachments


def test_file_is_kept_with_a_path_on_this_server() -> None:
    store, file = Attachments(), Attachment("a.png", "image/png", b"png")

    shape = store.add(7, 3002, file)

    assert store.find(7) is file
    assert (shape["url"], shape["size"]) == ("/attachments/3002/7", 3)


def test_oldest_files_make_room() -> None:
    store = Attachments()
    for number in range(9):
        store.add(number, 3002, Attachment("x", "x", bytes(10 * 1024 * 1024)))

    assert [number for number in range(9) if store.find(number)] == [3, 4, 5, 6, 7, 8]
