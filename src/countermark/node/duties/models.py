"""Tables of duties."""

from django.db import models

from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now

CODE, REF = 40, 80


class CourtFinding(AppendOnly):
    """What a court or an authority found on the offer of a notice."""

    notice = models.ForeignKey("notices.Notice", models.PROTECT, related_name="court_findings")
    infringes = models.BooleanField()
    authority = models.CharField(max_length=200)
    docket = models.CharField(max_length=100)
    day = models.DateField(db_comment="of the decision")
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.authority} {self.docket}"


class ListEntry(models.Model):
    """Something said about a shop to one partner: a consequence of a decision, with a last day."""

    class State(models.TextChoices):
        """Where it stands."""

        STANDING = "standing", "stands"
        TAKEN_BACK = "taken_back", "taken back"

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey("exchange.Agreement", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, db_comment="lse_…, the same on both nodes")
    ours = models.BooleanField(db_comment="whether we said it")
    seller = models.CharField(max_length=REF, db_comment="slr_… here, or the partner's pseudonym")
    marketplace = models.CharField(max_length=200)
    label = models.CharField(max_length=CODE, db_comment="labels.Label")
    source = models.CharField(max_length=REF, db_comment="decision that it rests on: ntc_…")
    expires_on = models.DateField(db_comment="last day; nothing counts after it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.STANDING)
    why = models.CharField(max_length=CODE, blank=True, default="", db_comment="why it was taken back")
    entry = models.CharField(max_length=64, db_comment="id of the entry that said it")
    said_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "ours", "public_id"], name="each_list_entry_once")
        ]
        indexes = [models.Index(fields=["organisation", "state", "-id"], name="list_entries_newest_first")]

    def __str__(self) -> str:
        return self.public_id


class Hold(models.Model):
    """A legal hold: what it keeps, for whom and why, and when somebody looks again."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="hld_…")
    target = models.CharField(max_length=REF, db_comment="evd_…, fnd_…, ntc_…, or id of an entry")
    reason = models.CharField(max_length=CODE, db_comment="litigation, authority, claim")
    case = models.CharField(max_length=200, db_comment="docket or case that it is for; names no person")
    owner = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=now)
    review_on = models.DateField(db_comment="day on which its owner looks again")
    reminded_on = models.DateField(null=True, db_comment="last day on which the trail says that it is due")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "ended_at", "review_on"], name="holds_by_review")]

    def __str__(self) -> str:
        return self.public_id


class Publication(models.Model):
    """Something for the public: drafted by one person, released by another, and taken back when it must."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", "waits for a second person"
        PUBLISHED = "published", "published"
        WITHDRAWN = "withdrawn", "withdrawn"

    class Kind(models.TextChoices):
        """What it is."""

        NOTICE = "notice", "notice, statement and result"
        ESSENCE = "essence", "essence of a joint arrangement"

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="pbl_…")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=REF, db_comment="ntc_…, or the name of an agreement")
    title = models.CharField(max_length=300)
    text = models.TextField(db_comment="redacted; holds no personal data")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    released_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-published_at"], name="publications_newest_first")]

    def __str__(self) -> str:
        return self.public_id


class PersonRequest(models.Model):
    """What a person asked, until when it is answered, and what was answered. Name and contact can be removed."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, db_comment="prq_…")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True, db_comment="personal data; removed when its time is over")
    contact = models.CharField(max_length=254, blank=True, db_comment="personal data; removed with the name")
    about = models.CharField(max_length=REF, blank=True, default="", db_comment="ntc_…, fnd_…, lst_… or slr_…")
    words = models.TextField(blank=True, db_comment="what was asked; personal data; removed with the name")
    received_on = models.DateField()
    due = models.TextField(db_comment="law.Deadline as JSON: how the last day was counted")
    due_on = models.DateField()
    extended = models.CharField(max_length=300, blank=True, default="", db_comment="why it takes longer")
    outcome = models.CharField(max_length=20, blank=True, default="")
    answer = models.TextField(blank=True, default="", db_comment="as given; may hold personal data")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "answered_at", "due_on"], name="person_requests_by_day")]

    def __str__(self) -> str:
        return self.public_id


class PersonStep(AppendOnly):
    """One thing that happened to a request; names nobody but those who work here."""

    request = models.ForeignKey(PersonRequest, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.request_id} {self.act}"


class Informing(models.Model):
    """A person about whom we hold what others told us: to be informed by a day, or excepted for a recorded reason."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    seller = models.CharField(max_length=REF, db_comment="slr_…")
    notice = models.CharField(max_length=REF, db_comment="ntc_… by which it became needed")
    obtained_on = models.DateField()
    due = models.TextField(db_comment="law.Deadline as JSON")
    due_on = models.DateField()
    done = models.CharField(max_length=20, blank=True, default="", db_comment="told, or code of an exception")
    words = models.CharField(max_length=500, blank=True, default="", db_comment="how, or why not; no personal data")
    by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "seller"], name="each_person_informed_once")]
        indexes = [models.Index(fields=["organisation", "done", "due_on"], name="informing_by_day")]

    def __str__(self) -> str:
        return f"{self.seller} {self.done}"
