"""Who may what: roles, permissions and the one table that joins them; docs/reference/permissions.md has the words."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the organisation; each member has exactly one."""

    ANALYST = "analyst"
    COUNSEL = "counsel"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"
    READER = "reader"


class Permission(StrEnum):
    """One thing that may be done. The first part is the room."""

    LISTINGS_VIEW = "listings.view"
    LISTINGS_IMPORT = "listings.import"
    RIGHTS_VIEW = "rights.view"
    RIGHTS_EDIT = "rights.edit"
    FINDINGS_VIEW = "findings.view"
    SCANS_VIEW = "scans.view"
    SCANS_RUN = "scans.run"
    SCANS_CANCEL = "scans.cancel"
    REVIEW_VIEW = "review.view"
    REVIEW_DECIDE = "review.decide"
    REVIEW_DECIDE_ESCALATED = "review.decide_escalated"
    REVIEW_EXPORT = "review.export"
    MEMBERS_VIEW = "members.view"
    MEMBERS_MANAGE = "members.manage"
    AUDIT_VIEW = "audit.view"
    PERSONAL_DATA_VIEW = "personal_data.view"
    EXCHANGE_VIEW = "exchange.view"
    EXCHANGE_SHARE = "exchange.share"
    AGREEMENTS_MANAGE = "agreements.manage"
    EVIDENCE_CAPTURE = "evidence.capture"
    EVIDENCE_EXPORT = "evidence.export"
    EVIDENCE_PURCHASE = "evidence.purchase"
    CASES_VIEW = "cases.view"
    CASES_EDIT = "cases.edit"
    TOKENS_MANAGE = "tokens.manage"
    PERSONAL_DATA_EXPORT = "personal_data.export"
    RETENTION_HOLD = "retention.hold"
    CHANNELS_VIEW = "channels.view"
    CHANNELS_SEND = "channels.send"
    CHANNELS_MANAGE = "channels.manage"
    NOTICES_VIEW = "notices.view"
    NOTICES_FILE = "notices.file"
    NOTICES_DECIDE = "notices.decide"
    NOTICES_SANCTION = "notices.sanction"


_READ = frozenset(
    {
        Permission.LISTINGS_VIEW,
        Permission.RIGHTS_VIEW,
        Permission.FINDINGS_VIEW,
        Permission.SCANS_VIEW,
        Permission.REVIEW_VIEW,
        Permission.MEMBERS_VIEW,
        Permission.EXCHANGE_VIEW,
        Permission.CASES_VIEW,
        Permission.CHANNELS_VIEW,
        Permission.NOTICES_VIEW,
    }
)
_WORK = frozenset(
    {
        Permission.LISTINGS_IMPORT,
        Permission.SCANS_RUN,
        Permission.SCANS_CANCEL,
        Permission.REVIEW_DECIDE,
        Permission.PERSONAL_DATA_VIEW,
        Permission.EXCHANGE_SHARE,
        Permission.EVIDENCE_CAPTURE,
        Permission.CASES_EDIT,
        Permission.CHANNELS_SEND,
    }
)

#: The table. A role has what is listed here and nothing else.
GRANTED: dict[Role, frozenset[Permission]] = {
    Role.READER: _READ,
    Role.OFFICER: _READ | _WORK | {Permission.NOTICES_DECIDE},
    Role.ANALYST: _READ | _WORK | {Permission.RIGHTS_EDIT, Permission.EVIDENCE_PURCHASE, Permission.NOTICES_FILE},
    Role.COUNSEL: _READ
    | _WORK
    | {
        Permission.RIGHTS_EDIT,
        Permission.REVIEW_DECIDE_ESCALATED,
        Permission.REVIEW_EXPORT,
        Permission.EVIDENCE_EXPORT,
        Permission.EVIDENCE_PURCHASE,
        Permission.AUDIT_VIEW,
        Permission.CHANNELS_MANAGE,
        Permission.PERSONAL_DATA_EXPORT,
        Permission.RETENTION_HOLD,
        Permission.NOTICES_FILE,
        Permission.NOTICES_DECIDE,
        Permission.NOTICES_SANCTION,
    },
    Role.ADMINISTRATOR: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return permission in GRANTED[role]


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Every role that has a permission, in the order of `Role`."""
    return tuple(role for role in Role if may(role, permission))
