"""What can go wrong when secrets are sealed anew."""

from socialcube.kernel.errors import ConflictError


class KeysDifferError(ConflictError):
    """The panel seals to the key {wanted}, but this runner's newest key is {newest}."""

    code = "keys_differ"
    remedy = "Give every process the same TOKEN_SEALING_KEYS, restart them, then rotate again."


class KeyNotHeldError(ConflictError):
    """No runner could open what is sealed to the key {key_id}, so nothing was changed."""

    code = "key_not_held"
    remedy = "Add its opening key in front of those that `bots` reads, restart `bots`, then rotate again."


class RotationLostError(ConflictError):
    """Another runner goes on with this rotation."""

    code = "rotation_lost"
