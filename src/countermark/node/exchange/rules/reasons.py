"""Why something is not permitted: one code for each reason, with a sentence that a person can act on."""

#: The code of a permit that allows.
ALLOWED = "allowed"
_MOST_SHOWN = 60

#: Code -> sentence. Words in braces are filled in. Published in docs/reference/exchange-rules.md.
DENIALS: dict[str, str] = {
    # the question itself
    "action-unknown": "There is no action “{action}”. Only the actions of the reference page can be agreed.",
    "no-item": "Say which item it is about.",
    "kind-unknown": "There is no kind of item “{kind}”. Only the kinds of the reference page can be exchanged.",
    "clock": "The time has no zone, so no deadline can be checked. Give the time in UTC.",
    # who
    "not-a-party": "{party} is no party of this agreement. Only its two parties act under it.",
    "wrong-kind-of-party": "The agreement knows this party as another kind of organisation. Check whom you act for.",
    "sides-differ": "The terms were written for other kinds of organisations than the two that signed.",
    "role-unknown": "There is no role “{role}”. Name one of the reference page.",
    "side-not-granted": "The agreement does not let a {side} {deed}. Offer an amendment if it should.",
    "role-not-granted": "The role {role} may not {deed}. It belongs to: {roles}.",
    "role-never": "The role {role} can never {deed}, whatever an agreement says. Ask a colleague.",
    # the state of the agreement
    "state-unknown": "It is not known how this agreement stands. Ask for its current version.",
    "not-yet-agreed": "Both sides have to sign first.",
    "offer-lapsed": "Nobody signed the offer in time. Make a new one.",
    "not-yet-valid": "The agreement is valid from {day}. Wait until then.",
    "suspended": "The agreement is suspended. Only receipts, withdrawals and corrections still go out.",
    "ended": "The agreement has ended. Its terms do not leave this possible.",
    "ended-personal": "The agreement has ended: nothing personal goes out any more.",
    "deleted-at-end": "The agreement has ended, and its terms had these data deleted.",
    "not-in-this-state": "This is not possible while the agreement is {state}.",
    # the item
    "kind-not-for-action": "Items of the kind {kind} are not what one can {action}.",
    "kind-not-agreed": "The agreement does not name items of the kind {kind}. Offer an amendment if it should.",
    "side-not-source": "Under this agreement items of the kind {kind} do not come from a {side}.",
    "owner-unknown": "The item belongs to neither side. What came from elsewhere is not passed on.",
    "not-yours": "This is the other side's statement. Only its author can do this.",
    "own-statement": "This is your own side's statement. Only the other side can do this.",
    "withdrawn": "The item was withdrawn. Nothing more is done with it.",
    # purpose, territory, fields
    "no-purpose": "Say for which purpose.",
    "purpose-unknown": "The agreement has no purpose “{purpose}”. Choose one that it names.",
    "purpose-not-for-kind": "The purpose {purpose} does not cover items of the kind {kind}. Choose another.",
    "no-legal-basis": "The agreement names no legal basis of a {side} for the purpose {purpose}. Have it added.",
    "no-territory": "Say which country the item concerns.",
    "territory-outside": "The agreement does not cover {territory}. Offer an amendment if it should.",
    "field-unknown": "There is no field “{field}” of the kind {kind}, so it has no way out.",
    "secret": "The field “{field}” never leaves: {why}.",
    "field-not-agreed": "The agreement does not name the field {field} of the kind {kind}, so it is not sent.",
    "class-unknown": "“{data_class}” is no class of data, so the field {field} is treated as if it may not be sent.",
    "class-above-purpose": "{field} is {data_class}, and the purpose {purpose} goes up to {most} only.",
    "needs-reveal": "{field} is {data_class}. Reveal it, which is recorded.",
    "personal-needs-role": "{field} is {data_class}. It belongs to roles that may reveal it: {roles}.",
    # how long
    "no-retention": "There are personal data, and nobody said until when they are kept. Give the last day.",
    "no-retention-agreed": "The agreement does not say how long {data_class} data are kept, so {field} is not sent.",
    "retention-over": "It was to be kept until {day}, which is past. It has to be deleted.",
    "retention-too-long": "It would be kept until {day}, longer than {data_class} data may be. Choose an earlier day.",
    # onward
    "onward-not-agreed": "The agreement does not let items of the kind {kind} be passed on. Ask their owner.",
    "onward-recipient": "The agreement does not let anything be passed on to a {recipient}.",
    "onward-class": "{field} is {data_class}; what is passed on goes up to {most} only.",
    # values, in a preview
    "empty": "There is nothing in this field.",
    "value-unfit": "The value is not what this field holds: {shape}.",
    "too-large": "The value is larger than fits here: {limit}. Attach it as a file.",
}


def sentence(code: str, words: dict[str, str]) -> str:
    """The sentence of a code. Words from outside are cut and made printable; they are not read as a template."""
    if code == ALLOWED:
        return "The agreement allows it."
    return DENIALS[code].format_map({name: shown(word) for name, word in words.items()})


def shown(word: str) -> str:
    """A word from outside, short and printable."""
    cut = word if len(word) <= _MOST_SHOWN else word[:_MOST_SHOWN] + "…"
    return "".join(c if c.isprintable() else "�" for c in cut)
