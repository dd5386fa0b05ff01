from pathlib import Path

import config
from socialcube.bootstrap import services
from socialcube.kernel.signing import SigningKeys
from tests.factories.settings import make_environ


def keys_of(folder: Path, **environ: str) -> SigningKeys:
    url = f"sqlite:///{folder}/a.db"
    shared = services.build(
        config.load_settings(make_environ(DATABASE_URL=url, VAR_DIR=str(folder), **environ))
    )
    with shared.unit_of_work() as uow:
        assert uow.keys is shared.audit_keys
    shared.close()
    return shared.audit_keys


def test_units_sign_with_the_key_of_the_settings_never_with_none(tmp_path: Path) -> None:
    assert "" not in keys_of(tmp_path).ids


def test_the_audit_key_signs_and_the_others_still_check(tmp_path: Path) -> None:
    before = keys_of(tmp_path)
    after = keys_of(tmp_path, AUDIT_KEY="a" * 40)
    assert after.ids == (after.ids[0], *before.ids)
    signed = before.sign(b"entry")
    assert after.check(signed.key_id, signed.value, b"entry")
