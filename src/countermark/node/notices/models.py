"""Tables of notices: where each stands, and what happened, which is never rewritten."""

from django.db import models

from countermark.node.exchange.models import Agreement
from countermark.node.kernel.append_only import AppendOnly, WrittenOnce
from countermark.node.kernel.errors import Conflict
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now
from countermark.node.notices.states import Deed, RowState, Side, Stage, Told

CODE = 40


class Notice(models.Model):
    """One notice as it stands here; what it says is in `paper`, what the law makes of it in `matter`.

    Both are computed from rows that are never rewritten; they are kept so that a queue is one question.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, db_comment="ntc_…, the same on both nodes")
    side = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Side])
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, null=True, related_name="+")
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, null=True, related_name="+", db_comment="where there is no agreement"
    )
    stage = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Stage])
    regime = models.CharField(max_length=CODE)
    matter = models.TextField(db_comment="law.Matter as JSON; pins the version of the regime")
    law_state = models.CharField(max_length=CODE)
    paper = models.TextField(db_comment="notices.papers.Filed as JSON")
    brand = models.CharField(max_length=200)
    marketplace = models.CharField(max_length=200)
    title = models.CharField(max_length=500, db_comment="of the offer")
    finding = models.CharField(max_length=ID_LENGTH + 6, blank=True, default="", db_comment="fnd_… at the sender")
    listing = models.CharField(max_length=ID_LENGTH + 6, blank=True, default="", db_comment="lst_… here")
    seller = models.CharField(max_length=ID_LENGTH + 6, blank=True, default="", db_comment="slr_… here")
    by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+", db_comment="who filed it here")
    send_after = models.DateTimeField(null=True, db_comment="undo is possible until then")
    problem = models.CharField(max_length=500, blank=True, default="", db_comment="why it was held back")
    made_at = models.DateTimeField(default=now)
    filed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    # A move to another version of the law decides nothing.
    decision = models.CharField(
        max_length=10, blank=True, default="", choices=[(d.value, d.value) for d in Deed if d is not Deed.MIGRATE]
    )
    reason = models.CharField(max_length=CODE, blank=True, default="")
    due = models.DateField(null=True, db_comment="last day of that move; empty where no day is counted")
    due_who = models.CharField(
        max_length=20, blank=True, default="", db_comment="whose move it is now; empty: nobody's"
    )
    words_gone_at = models.DateTimeField(
        null=True, db_comment="when words and papers were deleted; what happened stays"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "public_id"], name="each_notice_once"),
            models.CheckConstraint(
                condition=models.Q(agreement__isnull=False, channel__isnull=True)
                | models.Q(agreement__isnull=True, channel__isnull=False, side=Side.SENT),
                name="notices_go_one_way",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "side", "stage", "id"], name="notices_by_stage"),
            models.Index(fields=["stage", "send_after"], name="notices_to_send"),
            models.Index(fields=["organisation", "finding"], name="notices_of_a_finding"),
            models.Index(fields=["organisation", "due", "id"], name="notices_by_due_day"),
            models.Index(fields=["organisation", "due_who", "due", "id"], name="notices_by_move"),
            models.Index(fields=["organisation", "listing"], name="notices_of_a_listing"),
            models.Index(fields=["organisation", "seller"], name="notices_of_a_seller"),
            models.Index(fields=["stage", "due_who", "due"], name="notices_to_turn"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def other_side(self) -> str:
        """Name of the organisation at the other side, whichever way leads there."""
        if self.agreement is not None:
            return self.agreement.partner_name
        return self.channel.marketplace if self.channel is not None else ""

    @property
    def agreed(self) -> Agreement:
        """The agreement with the other side. Raises Conflict: it has no node, and nothing is said in a feed."""
        if self.agreement is None:
            raise Conflict("The other side has no node; the notice went through a channel.", code="no-agreement")
        return self.agreement


class Batch(models.Model):
    """Notices that one person signed together; each of its rows becomes a notice, or stays a draft with the reasons."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="bat_…")
    key = models.CharField(max_length=64, db_comment="of the form or the file: makes one batch out of many tries")
    source = models.CharField(max_length=200, db_comment="page, or the name of the file")
    refused = models.JSONField(default=list, db_comment="lines of the file that are no rows: where, message, mend")
    together = models.TextField(db_comment="bulk.choosing.Together as JSON; holds the name of the signer")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    words_gone_at = models.DateTimeField(null=True, db_comment="when what was chosen and who signed was deleted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="each_batch_once")]

    def __str__(self) -> str:
        return self.public_id


class BatchRow(models.Model):
    """One row of a batch."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(db_comment="1, 2, 3 … as the rows stood")
    finding = models.CharField(max_length=ID_LENGTH + 6)
    chosen = models.TextField(db_comment="bulk.choosing.Row as JSON")
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RowState], default=RowState.WAITING)
    problems = models.JSONField(default=list, db_comment="why it stays a draft: field, code, message, mend, page")
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="batch_row")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="batch_rows_in_order")]
        indexes = [
            models.Index(fields=["batch", "state", "number"], name="batch_rows_by_state"),
            models.Index(fields=["state", "id"], name="batch_rows_to_file"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class Happening(AppendOnly):
    """One thing that happened to a notice, in the words of the trade and of the law. Never changed."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="happenings")
    number = models.PositiveIntegerField(db_comment="1, 2, 3 … within the notice")
    deed = models.CharField(max_length=10)
    event = models.CharField(max_length=CODE, blank=True, default="", db_comment="event of the regime; empty if none")
    rule = models.CharField(max_length=CODE, blank=True, default="")
    state = models.CharField(max_length=CODE, db_comment="state in law after it")
    facts = models.JSONField(default=dict, db_comment="references only, no personal data")
    reason = models.CharField(max_length=CODE, blank=True, default="")
    actor = models.CharField(max_length=60, db_comment="usr_…, partner, seller, node")
    entry = models.CharField(max_length=64, blank=True, default="", db_comment="id of the entry that said it")
    version = models.CharField(max_length=64, db_comment="of the regime, hash")
    at = models.DateTimeField(db_comment="when it took effect")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "number"], name="happenings_in_order")]
        indexes = [models.Index(fields=["entry"], name="happenings_by_entry")]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.number} {self.deed}"

    @property
    def note(self) -> str:
        """Words for the other side; empty where there are none, or their time is over."""
        said: HappeningWords | None = getattr(self, "words", None)
        return said.note if said else ""


class HappeningWords(WrittenOnce):
    """Words for the other side, beside the first happening of a deed; they go when the time of the case is over."""

    happening = models.OneToOneField(Happening, models.PROTECT, related_name="words")
    note = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.happening_id}"


class SignedWords(WrittenOnce):
    """A declaration that a person signed: the very words, who, when. PR-10. It ends with the case."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="signed")
    declaration = models.CharField(max_length=CODE)
    words = models.TextField()
    version = models.CharField(max_length=64, db_comment="SHA-256 of the words")
    signer = models.CharField(max_length=200, db_comment="name as signed; personal data")
    by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.declaration} of {self.notice_id}"


class Piece(WrittenOnce):
    """A paper that lies beside a notice: register extract, comparison, test purchase. It ends with the case."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="pieces")
    kind = models.CharField(max_length=CODE, db_comment="kind of evidence of the regime")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.sha256


class SellerLink(AppendOnly):
    """A way in for one seller to one notice. Only its SHA-256 is kept: who reads the table cannot use it."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to {self.notice_id}"


class CalendarLink(models.Model):
    """A member's way to its deadlines from a calendar program. Only the SHA-256 of the secret is kept."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    owner = models.ForeignKey("parties.User", models.CASCADE, related_name="+", db_comment="reads with this role")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True, db_comment="last read, to the hour")

    class Meta:
        indexes = [models.Index(fields=["owner", "organisation", "revoked_at"], name="calendar_links_of_a_person")]

    def __str__(self) -> str:
        return f"calendar link of {self.owner_id}"


class Statement(WrittenOnce):
    """A statement of reasons as the seller was given it, with the hash of its text. It ends with the case."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="statements")
    sections = models.JSONField(db_comment="heading and text, in order")
    filing = models.JSONField(null=True, db_comment="for the Transparency Database, where the law asks for it")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"statement of {self.notice_id}"


class Counter(WrittenOnce):
    """What a seller answered. Its words and names are personal data, kept in these columns and nowhere else.

    It goes when the time of the case is over (`forgetting`); that he answered stays in the happenings.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="counters")
    public_id = models.CharField(max_length=ID_LENGTH, db_comment="cnt_…, the same on both nodes")
    reason = models.CharField(max_length=CODE)
    words = models.TextField()
    fields = models.JSONField(default=dict, db_comment="what the law asks besides; personal data")
    declared = models.JSONField(default=list, db_comment="words that the seller signed")
    hashes = models.JSONField(default=list, db_comment="SHA-256 of the papers of the seller")
    received_at = models.DateTimeField()
    entry = models.CharField(max_length=64, blank=True, default="", db_comment="entry that passed it on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "public_id"], name="each_counter_once")]

    def __str__(self) -> str:
        return self.public_id


class CounterPaper(WrittenOnce):
    """A paper that a seller brought; it goes with the answer."""

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="papers")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256


class Flagger(AppendOnly):
    """That an authority has made whoever files under an agreement a trusted flagger."""

    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="+")
    authority = models.CharField(max_length=300, db_comment="Digital Services Coordinator that gave it")
    reference = models.CharField(max_length=300)
    awarded_on = models.DateField()
    kinds = models.JSONField(db_comment="kinds of right in which it is expert")
    governed_by = models.CharField(max_length=CODE, db_comment="key of flaggers.GOVERNORS")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+", db_comment="who took it down")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"flagger {self.reference}"


class FlaggerEnd(AppendOnly):
    """That such a status is over."""

    flagger = models.OneToOneField(Flagger, models.PROTECT, related_name="end")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"end of {self.flagger_id}"


class Followed(AppendOnly):
    """Whose programme the marketplace of an agreement follows; the newest row holds."""

    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="+")
    platform = models.CharField(max_length=20, blank=True, db_comment="ebay, taobao …; empty = none, the law applies")
    codes = models.JSONField(default=dict, db_comment="ground to the platform's own code of that reason")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+", db_comment="who wrote it down")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.agreement_id} follows {self.platform or 'the law'}"


class Telling(WrittenOnce):
    """Something that a seller or its buyers were told, word for word in every language. It ends with the case."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="tellings")
    what = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Told])
    language = models.CharField(max_length=10, blank=True, default="", db_comment="that the seller reads, if known")
    texts = models.JSONField(db_comment="language to headings and texts, in order")
    sha256 = models.CharField(max_length=64, db_comment="of the texts as RFC 8785")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} told about {self.notice_id}"


class PassedPaper(AppendOnly):
    """A paper whose bytes went to the partner or came from it; they lie beside the entry, and end with it."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="passed")
    sha256 = models.CharField(max_length=64)
    entry = models.ForeignKey("exchange.FeedEntry", models.PROTECT, related_name="+")
    ours = models.BooleanField(db_comment="we sent it")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "sha256", "ours"], name="each_paper_passed_once")]

    def __str__(self) -> str:
        return self.sha256


class BuyerRound(AppendOnly):
    """Buyers of an illegal product are told (DSA art. 32): what they are told, and how far back the duty reaches."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="buyer_rounds")
    known_on = models.DateField(db_comment="day on which the marketplace knew that the product is illegal")
    since = models.DateField(db_comment="first day of the six months")
    trader = models.CharField(max_length=300, db_comment="who sold it, as buyers see it")
    redress = models.CharField(max_length=1000, db_comment="what a buyer can do, in the marketplace's words")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"buyers of {self.notice_id}"


class BuyerOrder(AppendOnly):
    """One order of the product: the marketplace's own reference, and whether the buyer can be reached. Nothing else."""

    round = models.ForeignKey(BuyerRound, models.PROTECT, related_name="orders")
    reference = models.CharField(max_length=80)
    ordered_on = models.DateField()
    reachable = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "reference"], name="each_order_once_in_a_round")]

    def __str__(self) -> str:
        return self.reference


class BuyersTold(AppendOnly):
    """That it was done: messages sent, and the public notice for those who could not be reached."""

    round = models.OneToOneField(BuyerRound, models.PROTECT, related_name="told")
    sent = models.PositiveIntegerField(db_comment="messages sent")
    published_at = models.CharField(max_length=500, blank=True, default="", db_comment="address of the public notice")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.round_id} told"
