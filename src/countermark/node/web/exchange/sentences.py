"""What is wrong, why, and what to do, in words. Codes come from `exchange.shown` and `proof.refusals`."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from countermark.node.exchange.shown import Alarm, AlarmCode
from countermark.node.exchange.thawing import ThawReason
from countermark.node.web.words import Word, word
from countermark.proof.refusals import REASONS

#: Why a feed stands still, and what to do.
FROZEN: Mapping[str, tuple[Word, Word]] = {
    "equivocation": (
        gettext_lazy("Two different signed statements stand for one place."),
        gettext_lazy(
            "Download the proof below and give it to counsel. Ask the partner which statement stands. Nothing more is "
            "taken from this feed until two administrators let it go on; what we hold stays as it is."
        ),
    ),
    "rolled-back": (
        gettext_lazy("The partner's feed ends before what it had given us: its database went back in time."),
        gettext_lazy(
            "Ask the partner to bring back its newest data. What we hold of the feed is complete: you can export it "
            "and give it to the partner."
        ),
    ),
    "receipt-differs": (
        gettext_lazy("The partner signed for something else than this feed holds."),
        gettext_lazy(
            "Compare both sides: bring back your newest backup, or ask the partner for the entry it received."
        ),
    ),
}
#: What people found who let a feed go on (`thawing.ThawReason`).
THAW_REASONS: Mapping[str, Word] = {
    ThawReason.DATA_RESTORED: gettext_lazy("The newest data was brought back"),
    ThawReason.STATEMENT_AGREED: gettext_lazy("Both sides agree which statement stands"),
    ThawReason.FALSE_ALARM: gettext_lazy("The other side has corrected its mistake"),
}
_TO_DO: Mapping[AlarmCode, Word] = {
    AlarmCode.SILENT: gettext_lazy("Telephone the partner. Nothing is lost: entries wait and are fetched later."),
    AlarmCode.NOT_ASKING: gettext_lazy("Look whether it runs: “countermark node exchange”."),
    AlarmCode.NO_RECEIPT: gettext_lazy(
        "Remind the partner of the receipt that was agreed. Until it comes, it can say that it never got the entry."
    ),
    AlarmCode.NOT_WITNESSED: gettext_lazy(
        "Ask the partner why. Until it witnesses, only our own word shows that the log was not changed."
    ),
    AlarmCode.NOT_PROVEN: gettext_lazy(
        "Ask the partner whether its node still has its log witnessed. Until it does, nothing but its signature shows "
        "when it signed for our entries."
    ),
    AlarmCode.FROZEN: gettext_lazy("Read below why, and what to do."),
    AlarmCode.REFUSED: gettext_lazy("Tell the partner the code. It must say the entry again, properly."),
    AlarmCode.UNAPPLIED: gettext_lazy("Mend the cause that is named below, then try again."),
    AlarmCode.CLOCK: gettext_lazy("One of the two clocks is wrong. Entries from the future are kept back."),
    AlarmCode.BROKEN: gettext_lazy(
        "Somebody changed the database. Stop the node, keep a copy, and bring back the last good backup."
    ),
    AlarmCode.UNDELIVERED: gettext_lazy("Open the agreement: the partner's answer stands there."),
    AlarmCode.OFFER: gettext_lazy("Read it, then sign, answer with other terms, or decline."),
}
_KIND: Mapping[str, Word] = {
    "offer": gettext_lazy("our offer"),
    "signature": gettext_lazy("our signature"),
    "refusal": gettext_lazy("our refusal"),
}


def happened(alarm: Alarm) -> str:
    """What is wrong with a partner, as it goes on after its name and a colon."""
    facts = alarm.facts
    match alarm.code:
        case AlarmCode.SILENT:
            return _("no answer")
        case AlarmCode.NOT_ASKING:
            return _("our own node does not ask for entries")
        case AlarmCode.NO_RECEIPT:
            agreed = int(facts.get("hours", 0))
            return ngettext("no receipt within the agreed hour", "no receipt within the agreed %(n)d hours", agreed) % {
                "n": agreed
            }
        case AlarmCode.NOT_WITNESSED:
            return _("our log is not witnessed")
        case AlarmCode.FROZEN:
            return _("a feed stands still")
        case AlarmCode.REFUSED:
            return _("entry %(seq)s was refused") % {"seq": facts.get("seq", "")}
        case AlarmCode.UNAPPLIED:
            count = int(facts.get("count", 0))
            return ngettext("%(n)d entry could not be applied", "%(n)d entries could not be applied", count) % {
                "n": count
            }
        case _:
            return _other(alarm)


def _other(alarm: Alarm) -> str:
    facts = alarm.facts
    match alarm.code:
        case AlarmCode.KEY_ENDS:
            whose = _("our key") if facts.get("side") == "ours" else _("its key")
            return _("%(whose)s for %(purpose)s ends") % {
                "whose": whose,
                "purpose": word("key_purpose", facts.get("purpose", "")),
            }
        case AlarmCode.CLOCK:
            seconds = int(facts.get("seconds", 0))
            words = _("its clock is %(n)d seconds ahead") if seconds > 0 else _("its clock is %(n)d seconds behind")
            return words % {"n": abs(seconds)}
        case AlarmCode.NOT_PROVEN:
            return _("it has not proven that its receipts stand in its log")
        case AlarmCode.BROKEN:
            return _("the stored agreement no longer fits its signatures")
        case AlarmCode.UNDELIVERED:
            return _("its node did not take %(what)s") % {"what": _KIND.get(str(facts.get("kind")), "")}
        case _:
            return _("offers version %(n)s of the agreement") % {"n": facts.get("version", "")}


def to_do(alarm: Alarm) -> Word:
    """What a person does about it."""
    if alarm.code is AlarmCode.KEY_ENDS:
        return _renewal(str(alarm.facts.get("purpose", "")), ours=alarm.facts.get("side") == "ours")
    return _TO_DO[alarm.code]


def _renewal(purpose: str, *, ours: bool) -> str:
    command = f"countermark node keys renew {purpose}"
    if ours:
        words = _(
            "Renew it on the node before it ends: “%(command)s”. The partners learn of the new key by a signed entry "
            "and need to do nothing."
        )
    else:
        words = _("Ask the partner to run “%(command)s” before it ends. Here nothing has to be done.")
    return words % {"command": command}


def reason(code: str) -> str:
    """A refusal's code in words (docs/reference/proof.md); the code itself when it is newer than these pages."""
    return _(REASONS[code]) if code in REASONS else code


_OURS_WENT_BACK: tuple[Word, Word] = (
    gettext_lazy("The partner holds more of this feed than our database does: it went back in time."),
    gettext_lazy(
        "Bring back the newest backup. Nothing is said in this feed meanwhile, so nothing contradicts itself."
    ),
)


def frozen(code: str, *, ours: bool = False) -> tuple[Word, Word]:
    """Why a feed stands still, and what to do."""
    if ours and code == "rolled-back":
        return _OURS_WENT_BACK
    return FROZEN.get(code, (reason(code), gettext_lazy("Look at what was refused below, and telephone the partner.")))
