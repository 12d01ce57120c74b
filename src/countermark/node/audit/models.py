"""The trail: one row for everything that was written, and for every view of personal data."""

from django.db import models

from countermark.node.kernel.append_only import AppendOnly
from countermark.node.kernel.ids import ID_LENGTH
from countermark.node.kernel.time import now


class Event(AppendOnly):
    """Something happened. Names people and things by id only: no personal data, as the row can never be erased."""

    # No foreign keys: an event outlives the account, the right or the organisation it speaks of.
    id = models.CharField(primary_key=True, max_length=ID_LENGTH, db_comment="adt_…, sorts by age")
    at = models.DateTimeField(default=now, db_comment="when it happened, UTC")
    organisation_id = models.BigIntegerField(db_comment="organisation whose trail it is in; 0 = the node itself")
    actor = models.CharField(max_length=60, db_comment="who did it: usr_…, worker, or system")
    action = models.CharField(max_length=60, db_comment="what was done, dotted: right.edited")
    target = models.CharField(max_length=80, blank=True, default="", db_comment="to what: an id that says its kind")
    detail = models.JSONField(default=dict, db_comment="facts about it, flat, never personal data")
    request_id = models.CharField(max_length=ID_LENGTH, blank=True, default="", db_comment="request it was part of")

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-id"], name="audit_newest_first"),
            models.Index(fields=["organisation_id", "actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["organisation_id", "action", "-id"], name="audit_by_action"),
            models.Index(fields=["organisation_id", "target", "-id"], name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"
