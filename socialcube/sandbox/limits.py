"""Discord's limits as values, so that tests can make windows short and a bench can lift them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the stand-in. The defaults are Discord's own.

    Sources in Discord's docs: "Receiving and Responding" (interaction windows), "Gateway" (heartbeat,
    identify, commands, payload), "Rate Limits" (requests a second), "Application Commands" (creates a day).

    Attributes:
        callback_seconds: time for the first response to an interaction.
        interaction_seconds: life of an interaction's token.
        requests_per_second: REST calls of one bot over all routes.
        identify_seconds: window in which each of `max_concurrency` buckets admits one IDENTIFY.
        max_concurrency: buckets of a bot; a shard's is its number modulo this.
        guilds_per_shard: guilds of one session, beyond which the bot must be sharded.
        session_starts: IDENTIFYs a day and bot, before its token is reset.
        heartbeat_seconds: interval told in HELLO.
        gateway_commands: frames a connection may send in `gateway_commands_seconds`.
        gateway_commands_seconds: window of `gateway_commands`.
        payload_bytes: size of one frame from a client.
        replay_events: events kept for a RESUME, the oldest dropped first.
        resume_seconds: how long a session without a connection can be resumed.
        command_creates: commands made a day, per bot and place.
        commands: slash commands per bot and place.
        messages_kept: messages remembered per channel, the oldest dropped first.
        nonce_seconds: how long a nonce answers with the message it made.
        renamings: changes of a bot's username in `renaming_seconds`.
        renaming_seconds: window of `renamings`.
    """

    callback_seconds: float = 3.0
    interaction_seconds: float = 900.0
    requests_per_second: int = 50
    identify_seconds: float = 5.0
    max_concurrency: int = 1
    guilds_per_shard: int = 2500
    session_starts: int = 1000
    heartbeat_seconds: float = 41.25
    gateway_commands: int = 120
    gateway_commands_seconds: float = 60.0
    payload_bytes: int = 4096
    replay_events: int = 2000
    resume_seconds: float = 300.0
    command_creates: int = 200
    commands: int = 100
    messages_kept: int = 200
    nonce_seconds: float = 300.0
    renamings: int = 2
    renaming_seconds: float = 3600.0
