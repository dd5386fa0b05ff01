"""How large a template and what it makes may be. Measured against python-liquid 2.3.6 on one slow core."""

from typing import Final

MAX_SOURCE: Final = 8_000
"""Characters of a template's source."""

MAX_MARKUP: Final = 500
"""Characters between one `{{` and its `}}`: the library's expression regexes are quadratic (4 ms here)."""

MAX_MARKUPS: Final = 500
"""Outputs and tags in one template."""

MAX_RANGE: Final = 1_000
"""Numbers in a range like `(1..10)`, and iterations of nested loops."""

MAX_ITEMS: Final = 2_000
"""Items of a list: as many as the characters of the longest message, so that `split: ""` works on it."""

MAX_UNIQ_ITEMS: Final = 500
"""Items for the filter `uniq`, which compares each item with all before it."""

MAX_VALUE: Final = 20_000
"""Characters of a value, its nested parts counted in."""

MAX_DEPTH: Final = 12
"""Lists and groups inside each other in one value."""

MAX_INTEGER_BITS: Final = 256
"""Bits of a whole number: `x | times: x` doubles them at every use."""

MAX_LOCALS_BYTES: Final = 200_000
"""Bytes of all assigned names together, as `sys.getsizeof` counts."""

MAX_OUTPUT_BYTES: Final = 16_384
"""UTF-8 bytes of the output: 4,096 characters, the longest text of an embed, at four bytes each."""

MAX_BLOCK_NESTING: Final = 30
"""Blocks inside each other."""

MAX_CONTEXT_DEPTH: Final = 10
"""Scopes inside each other; four are the library's own."""

MAX_WARNINGS: Final = 20
"""Remarks that one render leaves."""
