"""Why keys cannot be used or kept: each with its own code, and with what mends it."""

from countermark.node.kernel.errors import Problem


class KeyProblem(Problem):
    """Keys of this node cannot be used as they are; the detail says how to mend it and holds no secret."""

    code = "keys-unusable"
    title = "The keys of this node cannot be used"
    status = 503


class NoKey(KeyProblem):
    """There is no key for a purpose, or none that is valid at the moment."""

    code = "no-key"


class WrongPassphrase(KeyProblem):
    """The passphrase is missing, too short, or does not open a key."""

    code = "wrong-passphrase"


class LooseFile(KeyProblem):
    """Others than the owner could read or change a file of the key folder."""

    code = "loose-file"


class BrokenFolder(KeyProblem):
    """Manifest and key files do not fit one another, or one of them cannot be read."""

    code = "broken-key-folder"


class NotWritten(KeyProblem):
    """What was to be written is there already, or cannot be written."""

    code = "not-written"


class WrongForm(KeyProblem):
    """The message does not have the form that the key's purpose allows."""

    code = "wrong-form"


class SignerAway(KeyProblem):
    """The signer process does not answer."""

    code = "signer-away"
