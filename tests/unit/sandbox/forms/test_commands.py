from socialcube.sandbox.forms import commands

BODY = {"name": "hello", "description": "d"}


def test_new_command_is_filled_with_discords_defaults() -> None:
    assert commands.new(BODY, in_guild=False) == {
        "type": 1,
        "name": "hello",
        "name_localizations": None,
        "description": "d",
        "description_localizations": None,
        "default_member_permissions": None,
        "nsfw": False,
        "integration_types": [0],
        "contexts": None,
        "dm_permission": True,
    }


def test_command_in_a_guild_has_no_dm_permission() -> None:
    assert "dm_permission" not in commands.new(BODY, in_guild=True)


def test_edit_keeps_what_is_absent_and_empties_what_is_null() -> None:
    old = commands.new(BODY | {"default_member_permissions": "8", "nsfw": True}, in_guild=False)

    kept = commands.edited({"description": "new"}, old, in_guild=False)
    emptied = commands.edited({"default_member_permissions": None}, old, in_guild=False)

    assert (kept["description"], kept["default_member_permissions"], kept["nsfw"]) == ("new", "8", True)
    assert emptied["default_member_permissions"] is None


def test_unknown_fields_are_dropped() -> None:
    assert "colour" not in commands.new(BODY | {"colour": "red", "id": "1"}, in_guild=False)
