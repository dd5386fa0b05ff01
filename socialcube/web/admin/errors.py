"""Ways in which a view may be declared wrongly. They stop the process at its start."""


class UndeclaredViewError(RuntimeError):
    """A generated screen says too little about itself to be safe."""

    def __init__(self, view: type, missing: str) -> None:
        super().__init__(f"{view.__name__} must declare {missing}")
