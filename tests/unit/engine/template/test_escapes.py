"""Two hundred and more ways that lead out of other template engines (ASVS 5.0.0, 1.3.7)."""

from itertools import product

import pytest

from socialcube.engine.errors import EngineError
from tests.unit.engine.template.conftest import Render

ATTRIBUTES = [
    "__class__", "__base__", "__bases__", "__mro__", "__subclasses__", "__dict__", "__init__", "__globals__",
    "__builtins__", "__import__", "__getattribute__", "__reduce__", "__doc__", "__module__", "func_globals",
    "gi_frame", "f_back", "format", "format_map", "mro", "encode", "token", "env", "hint", "keys", "items",
]  # fmt: skip

ROOTS = ["user", "user.name", "options.all", "now", "nope", "forloop", "''", "(1..3)"]

FORMS = ["{{{{ {root}.{name} }}}}", "{{{{ {root}['{name}'] }}}}"]

OTHERS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ user.__class__.__base__.__subclasses__ }}",
    "{{ user | map: '__class__' }}",
    "{{ options.all | map: '__class__' | join }}",
    "{{ options.all | where: '__class__' | join }}",
    "{{ options.all | sort: '__class__' | join | remove: 'a' }}",
    "{{ user | first | first | map: '__class__' }}",
    "{{ self.__init__.__globals__ }}",
    "{{ context }}{{ environment }}{{ template }}{{ loader }}{{ partial }}",
    "{{ config }}{{ request.application.__globals__ }}",
    "{{ lipsum.__globals__.os.popen('id').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ 7*7 }}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "{% include '/etc/passwd' %}",
    "{% render '/etc/passwd' %}",
    "{% layout '/etc/passwd' %}",
    "{% import os %}",
    "{% python %}import os{% endpython %}",
    "{% assign x = user.__class__ %}{{ x }}",
    "{% for x in user.__class__.__mro__ %}{{ x }}{% endfor %}",
    "{% for x in user %}{{ x.__class__ }}{% endfor %}",
    "{% capture x %}{{ user.__class__ }}{% endcapture %}{{ x }}",
    "{% if user.__class__ %}__class__{% endif %}",
    "{% case user.__class__ %}{% when nil %}{% else %}__class__{% endcase %}",
    "{% assign k = '__class__' %}{{ user[k] }}{{ user.name[k] }}",
    "{% assign k = '__cla' | append: 'ss__' %}{{ user[k] }}",
    "{{ user.name | append: user.__class__ | remove: 'ann' }}",
    "{{ user.name | format: user }}",
    "{{ '%c' | date: '%' }}",
    "{{ '{0.__class__}' | replace: 'x', 'y' | remove: '{0.__class__}' }}",
    "{{ now | date: '{0.__class__}' | remove: '{0.__class__}' }}",
    "{{ empty.__class__ }}{{ blank.__class__ }}{{ nil.__class__ }}{{ true.__class__ }}",
    "{{ forloop.parentloop.__class__ }}",
    "{% for i in (1..2) %}{{ forloop.it }}{{ forloop._keys }}{{ forloop.__class__ }}{% endfor %}",
    "{% for i in (1..2) %}{{ forloop.parentloop.it }}{{ forloop.name.__class__ }}{% endfor %}",
]  # fmt: skip

PAYLOADS = [
    form.format(root=root, name=name) for form, root, name in product(FORMS, ROOTS, ATTRIBUTES)
] + OTHERS

SIGNS = (
    "<",
    "class",
    "object",
    "built",
    "function",
    "method",
    "module",
    "dict",
    "root:",
    "49",
    "0x",
    "Undefined",
)


def test_corpus_is_large_enough() -> None:
    assert len(set(PAYLOADS)) >= 200


@pytest.mark.parametrize("source", [source for source in PAYLOADS if source != "${7*7}#{7*7}<%= 7*7 %>"])
def test_asvs_1_3_7_escape_yields_nothing(render: Render, source: str) -> None:
    names = {"user": {"id": "1", "name": "ann"}, "options": {"all": ["a", {"b": "c"}]}}
    try:
        text = render(source, **names).text
    except EngineError:
        return
    assert not any(sign in text for sign in SIGNS), text


def test_other_template_languages_are_plain_text(render: Render) -> None:
    assert render("${7*7}#{7*7}<%= 7*7 %>").text == "${7*7}#{7*7}<%= 7*7 %>"
