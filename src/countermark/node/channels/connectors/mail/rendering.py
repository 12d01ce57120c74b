"""The words of a mail: plain text, one fact a line, the signed declarations at its end."""

from collections.abc import Mapping

from countermark.node.channels.letters import Cargo, Letter

_SUBJECTS = {
    Cargo.NOTICE: "Notice of infringement",
    Cargo.WITHDRAWAL: "Withdrawal of a notice",
    Cargo.ANSWER: "Answer to your question",
    Cargo.SUIT: "A suit or complaint was filed",
}
_FIRST = {
    Cargo.NOTICE: "We notify you of an offer on {marketplace} that infringes a right of {owner}.",
    Cargo.WITHDRAWAL: "We withdraw the notice named below.",
    Cargo.ANSWER: "We answer what you asked about the notice named below.",
    Cargo.SUIT: "A suit or complaint was filed about the offer of the notice named below.",
}
_FACTS = (
    ("Our reference", "reference"),
    ("Notice", "notice_id"),
    ("Offer", "url"),
    ("Item", "item_id"),
    ("Title", "title"),
    ("Country", "country"),
    ("Right", "right_title"),
    ("Kind of right", "right_kind"),
    ("Office and number", "register"),
    ("Owner", "right_owner"),
    ("Filed under", "law"),
    ("Reason", "ground_title"),
    ("Your reason code", "reason_code"),
    ("Platform", "platform_name"),
    ("Complaint about", "complaint_type"),
    ("Patents", "patent_numbers"),
    ("Countries", "countries"),
    ("For the seller", "message_to_seller"),
    ("Withdrawn because", "reason"),
)
_LONGEST_SUBJECT = 150


def subject_of(letter: Letter) -> str:
    """One line, whatever a title holds."""
    fields = letter.fields
    said = f"{_SUBJECTS[letter.cargo]} {fields.get('notice_id', '')}: {fields.get('title', '')}"
    return " ".join(said.split())[:_LONGEST_SUBJECT].strip(" :")


def text_of(letter: Letter) -> str:
    """The mail's text."""
    given = dict(letter.fields)
    given["register"] = f"{given.get('right_office', '')} {given.get('right_number', '')}".strip()
    first = _FIRST[letter.cargo].format(
        marketplace=given.get("marketplace") or "your marketplace",
        owner=given.get("right_owner") or given.get("brand", "the owner"),
    )
    facts = "\n".join(f"{words}: {_line(given, name)}" for words, name in _FACTS if given.get(name))
    parts = [
        first,
        facts,
        given.get("explanation", ""),
        given.get("words", ""),
        given.get("evidence", ""),
        _signed(given, letter),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _line(given: Mapping[str, str], name: str) -> str:
    return " ".join(given[name].split())


def _signed(given: Mapping[str, str], letter: Letter) -> str:
    lines = [given.get("declarations", ""), given.get("signer", ""), given.get("sender", ""), given.get("contact", "")]
    papers = "\n".join(f"Enclosed: {one.name} (SHA-256 {one.sha256})" for one in letter.enclosed)
    return "\n".join(filter(str.strip, [*lines, papers]))
