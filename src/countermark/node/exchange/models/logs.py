"""The node's log, its checkpoints and who witnessed them; partners' logs as far as we have seen them."""

from django.db import models

from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.time import now


class Log(models.Model):
    """The log of one organisation: how many leaves its tree has. Locked while it grows."""

    organisation = models.OneToOneField("parties.Organisation", models.PROTECT, related_name="+")
    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"log of {self.organisation_id}"


class TreeNode(AppendOnly):
    """The hash of one whole subtree: all that proofs need. `tree` names the log or the feed."""

    tree = models.CharField(max_length=40, db_comment="log:<organisation> or feed:<row>")
    level = models.PositiveSmallIntegerField(db_comment="0: leaves")
    index = models.BigIntegerField(db_comment="within the level")
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tree", "level", "index"], name="each_node_once")]

    def __str__(self) -> str:
        return f"{self.tree} {self.level}/{self.index}"


class LogLeaf(AppendOnly):
    """Where an entry of ours stands in our log."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    index = models.BigIntegerField()
    entry = models.OneToOneField("exchange.FeedEntry", models.PROTECT, related_name="leaf")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "index"], name="each_leaf_once")]

    def __str__(self) -> str:
        return f"leaf {self.index}"


class Checkpoint(AppendOnly):
    """What our log was at one moment, signed by us."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField(db_comment="signed note, without cosignatures")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "size"], name="one_checkpoint_of_a_size")]

    def __str__(self) -> str:
        return f"checkpoint of {self.organisation_id} at {self.size}"


class Cosignature(AppendOnly):
    """The line by which a partner witnessed one of our checkpoints; checked before it is kept."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="+")
    line = models.CharField(max_length=400)
    witnessed_at = models.DateTimeField(db_comment="time that the witness gives")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "agreement"], name="one_cosignature_of_a_witness")]

    def __str__(self) -> str:
        return f"cosignature of {self.checkpoint_id}"


class SeenCheckpoint(AppendOnly):
    """A partner's checkpoint that we found consistent with all before, and cosigned."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="+")
    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField(db_comment="as the partner signed it")
    line = models.CharField(max_length=400, db_comment="our cosignature")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "origin", "size"], name="one_seen_of_a_size")]

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"


class ReceiptProof(AppendOnly):
    """Proof that a receipt of a partner stands in the partner's log; checked before it is kept."""

    entry = models.OneToOneField("exchange.FeedEntry", models.PROTECT, related_name="receipt_proof")
    text = models.TextField(db_comment="C2SP tlog-proof, with cosignatures")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"proof of {self.entry_id}"


class Nonce(models.Model):
    """A number that a signed request used once; kept until the request would be too old anyway."""

    kid = models.CharField(max_length=43)
    nonce = models.CharField(max_length=64)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kid", "nonce"], name="each_nonce_once")]

    def __str__(self) -> str:
        return self.kid
