"""What can go wrong with the secrets of bots."""

from socialcube.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError


class SecretNotFoundError(NotFoundError):
    """This bot has no secret {name}."""

    code = "secret_not_found"
    remedy = "The Secrets tab of the bot lists those it has."


class InvalidSecretNameError(InvalidInputError):
    """A secret's name is 1 to {max_length} small letters, digits and underscores; a letter comes first."""

    code = "invalid_secret_name"
    remedy = "Choose a name like weather_key."


class InvalidSecretHostError(InvalidInputError):
    """This is no host that a secret can be bound to: {host}"""  # noqa: D415 - what was typed ends the sentence

    code = "invalid_secret_host"
    remedy = "Give the name alone, like api.example.com: no https://, port, path or number address."


class InvalidSecretValueError(InvalidInputError):
    """A secret has 1 to {max_length} characters on one line."""

    code = "invalid_secret_value"
    remedy = "Copy it again, without line breaks. Nothing was changed."


class TooManySecretsError(ConflictError):
    """A bot has at most {most} secrets."""

    code = "too_many_secrets"
    remedy = "Delete one that no step uses any more."


class OtherHostError(ForbiddenError):
    """The secret {name} may be sent to {host} only, not to {wanted}."""

    code = "secret_bound_elsewhere"
    remedy = "Set a secret of another name for that host."
