from bin.lib.package_index import translate

LISTED = """\
:env:.default-timeout='180'
:env:.index-url='https://mirror.example/simple'
global.cert='/etc/ssl/own.crt'
global.extra-index-url='https://a.example https://b.example'
global.index-url='https://elsewhere.example/simple'
download.index-url='https://only-for-download.example'
"""


def test_a_mirror_and_a_certificate_reach_uv() -> None:
    assert translate(LISTED) == {
        "UV_DEFAULT_INDEX": "https://elsewhere.example/simple",
        "SSL_CERT_FILE": "/etc/ssl/own.crt",
    }


def test_an_offline_machine_stays_offline() -> None:
    listed = "global.no-index='true'\nglobal.find-links='/wheels /more'\n"
    assert translate(listed) == {"UV_NO_INDEX": "true", "UV_FIND_LINKS": "/wheels,/more"}


def test_folders_that_only_add_packages_are_left_out() -> None:
    assert translate("global.find-links='/wheels'\nnonsense\n") == {}
