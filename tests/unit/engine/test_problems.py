from socialcube.engine.problems import join_path


def test_paths_read_like_code() -> None:
    assert (
        join_path("", ["steps", 0, "params", "embed", "fields", 2, "name"])
        == "steps[0].params.embed.fields[2].name"
    )
    assert join_path("steps[1]", ["then", 0]) == "steps[1].then[0]"
    assert join_path("steps", []) == "steps"
