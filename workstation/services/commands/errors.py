"""What the command line is told when a request cannot be carried out."""

from workstation.domain.errors import MeridianError
from workstation.domain.text import N_


class RefusedError(MeridianError):
    """The request makes no sense here; `why` is the sentence."""

    code = "refused"
    sentence = N_("{why}")


class NoChannelError(MeridianError):
    """There is no channel of that name."""

    code = "no_channel"
    sentence = N_("There is no channel called “{name}”. “channels list” shows the names.")


class NameTakenError(MeridianError):
    """The name is in use."""

    code = "name_taken"
    sentence = N_("There is a channel called “{name}” already.")


class NoChannelsError(MeridianError):
    """Nothing is configured."""

    code = "no_channels"
    sentence = N_("No channel is set up yet. “channels add” adds one.")


class NoMessageError(MeridianError):
    """There is no such message here."""

    code = "no_message"
    sentence = N_("There is no message {id}. “export messages” shows the ids.")


class NotSentError(MeridianError):
    """It did not leave and will not leave."""

    code = "not_sent"
    sentence = N_("Not sent: {why}")


class UnclearError(MeridianError):
    """It may have left."""

    code = "unclear"
    sentence = N_("It is not known whether this was sent, and looking for it did not tell. Decide in the outbox.")
