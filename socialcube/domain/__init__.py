"""One folder per feature, the same file names in each, the lower ones first.

`types`, `errors`, `events`, `policy`, `ports`, `documents`, `models`, `queries`, `service`, then
`registry` or `sink`, and `run`.
"""
