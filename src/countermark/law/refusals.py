"""Why an event is refused."""

#: Every code, with its meaning; printed in docs/reference/law.md.
CODES = {
    "barred": "A rule forbids it in so many words.",
    "clock-not-running": "It depends on a time that is not running.",
    "closed": "The matter is closed.",
    "earlier": "It lies before something that already happened.",
    "fact-missing": "The event does not bring a fact that it needs.",
    "fact-unknown": "The event brings a fact that the regime does not know.",
    "holds": "A fact of the case stands against it, or one that it needs is not true.",
    "needs-person": "A person decides this, never a machine alone.",
    "not-now": "The event is not possible in this state.",
    "other-version": "The matter has pinned another version of the regime.",
    "provisional": "A machine may not act on a date whose calendar is not published.",
    "rule-not-in-force": "The rule that it rests on is not in force on that day.",
    "too-early": "The time that must be over still runs, or the window is not open yet.",
    "too-late": "The time in which it was possible is over.",
    "unconfirmed": "A machine may not act on a rule that is not confirmed and that nobody has signed.",
    "unknown-event": "The regime knows no such event.",
    "wrong-actor": "This actor may not do it.",
}


class MoveRefused(Exception):
    """An event that is not possible.

    Attributes:
        code: a key of `CODES`.
        message: what stands against it, one sentence.
        mend: what to do instead, one sentence.
        rule: `regime/rule` that it fails on; empty when it is the procedure itself.
    """

    def __init__(self, code: str, message: str, mend: str, rule: str = "") -> None:
        assert code in CODES
        super().__init__(f"{message} {mend}")
        self.code, self.message, self.mend, self.rule = code, message, mend, rule

    def __reduce__(self) -> tuple[type["MoveRefused"], tuple[str, str, str, str]]:
        return MoveRefused, (self.code, self.message, self.mend, self.rule)
