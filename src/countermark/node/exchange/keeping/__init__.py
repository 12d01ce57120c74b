"""Keeping keys: an encrypted folder, a signer process, and `signer_for`, which everybody else calls."""

from countermark.node.exchange.keeping.keyring import KeyFolder
from countermark.node.exchange.keeping.problems import KeyProblem
from countermark.node.exchange.keeping.signers import Rotation, key_folder, rotation_material, signer_for, usable_keys

__all__ = ["KeyFolder", "KeyProblem", "Rotation", "key_folder", "rotation_material", "signer_for", "usable_keys"]
