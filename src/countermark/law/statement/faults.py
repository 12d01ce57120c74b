"""What is wrong with a statement of reasons."""

import msgspec

#: Every code, with its meaning; printed in docs/reference/law.md.
FAULT_CODES = {
    "automation-unlikely": "A decision on a person's notice, said to be wholly automated: check it.",
    "content-after-decision": "The content is dated after the decision about it.",
    "date": "It is not a day written YYYY-MM-DD.",
    "date-range": "The day lies outside what the database takes.",
    "ean": "The identifier is not an object whose one key EAN-13 holds 13 digits.",
    "end-before-start": "The restriction ends before it begins.",
    "end-without-measure": "An end date stands beside no such measure.",
    "gone": "The value belongs to the schema before 2025-07-01.",
    "keyword-elsewhere": "The keyword belongs to a category that is not named.",
    "missing": "The field is required.",
    "no-measure": "None of the four measures is named.",
    "not-a-list": "The field takes a list.",
    "not-a-text": "The field takes a text.",
    "not-an-object": "A statement is a JSON object.",
    "personal-data": "The text looks as if it held personal data; none may be sent.",
    "puid": "The identifier takes letters without accents, digits, hyphen and underscore, at most 500.",
    "too-long": "The text is longer than the database takes.",
    "unknown-field": "The database knows no such field; it would be lost.",
    "url": "It is not an address that begins with http:// or https://.",
    "value": "The field does not take this value.",
}


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        field: name in the database's schema.
        code: a key of `FAULT_CODES`.
        message: what is wrong; never shows personal data.
        mend: what to do.
        blocks: False = the database takes it, but a person should look.
    """

    field: str
    code: str
    message: str
    mend: str
    blocks: bool = True


def fault(field: str, code: str, mend: str, message: str = "", *, blocks: bool = True) -> Fault:
    """A fault; its message is the meaning of its code unless a better one is given."""
    return Fault(field, code, message or FAULT_CODES[code], mend, blocks)
