"""Trademark records of registers: WIPO ST.96 (every version so far) and ST.66, read as a stream by local names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from countermark.formats.codes import COUNTRIES
from countermark.formats.problems import Unfit, problem
from countermark.formats.register_status import status_of
from countermark.model import Right, RightKind, RightStatus, RowProblem, Text

_DEPTH = 64
_RECORDS = 200_000
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
#: Registers of several countries at once.
_REGIONS = {"EM": ("EU",), "BX": ("BE", "NL", "LU"), "WO": ("WO",)}


#: What a classification of goods may say it is, for its numbers to be Nice classes.
_NICE_KINDS = frozenset({"", "nice", "primary", "international"})


@dataclass(slots=True)
class RegisterRecord:
    """One trademark as its register tells it.

    Attributes:
        source: `ST.96` or `ST.66`.
        office: WIPO ST.3 code of the register.
        number: of the registration, or of the application while there is none.
        mark: the verbal element, empty for a purely figurative mark.
        language: of the verbal element, when the record says.
        owner: name of the owner, the latest one the record names.
    """

    source: str
    office: str = ""
    number: str = ""
    mark: str = ""
    language: str | None = None
    owner: str = ""
    classes: tuple[int, ...] = ()
    territories: tuple[str, ...] = ()
    status: RightStatus = RightStatus.UNKNOWN
    valid_from: date | None = None
    valid_to: date | None = None

    def as_right(self, brand: str) -> Right:
        """The record as a right of a house."""
        what = self.mark or "figurative mark"
        return Right(
            brand=brand,
            kind=RightKind.TRADEMARK,
            title=f"{what}, trademark {self.office} {self.number}".strip(),
            mark=Text(self.mark, self.language) if self.mark else None,
            territories=self.territories,
            classes=self.classes,
            office=self.office,
            number=self.number,
            status=self.status,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            source=self.source,
        )


def read_register(stream: IO[bytes], name: str, problems: list[RowProblem]) -> Iterator[RegisterRecord]:
    """Read every trademark of a file.

    Args:
        stream: ST.96 or ST.66 XML.
        name: of the file, for the report.
        problems: records that cannot be used are told here.

    Raises:
        Unfit: broken-xml, forbidden-xml or xml-too-deep; records before the place were given.
    """
    reader = _Reader(name, problems)
    try:
        for event, element in iterparse(stream, ("start", "end"), forbid_dtd=True):
            if event == "start":
                reader.open(element)
            else:
                yield from reader.close(element)
        yield from reader.finish()
    except DefusedXmlException as error:
        raise Unfit("forbidden-xml") from error
    except ParseError as error:
        raise Unfit("broken-xml", line=str(error.position[0]), reason=str(error).split(":")[0]) from error


@dataclass
class _Reader:
    """Keeps the trademarks of one transaction until their owners are known, and forgets every element it has read."""

    name: str
    problems: list[RowProblem]
    depth: int = 0
    count: int = 0
    inside: int = 0
    held: list[RegisterRecord] = field(default_factory=list)
    owners: list[tuple[int, str]] = field(default_factory=list)

    def open(self, element: Element) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise Unfit("xml-too-deep", limit=str(_DEPTH))
        if local(element) in ("Trademark", "TradeMark"):
            self.inside += 1

    def close(self, element: Element) -> Iterator[RegisterRecord]:
        self.depth -= 1
        tag = local(element)
        if tag in ("Trademark", "TradeMark"):
            self.inside -= 1
            self._hold(element)
            element.clear()
        elif not self.inside:
            if tag == "Applicant":  # ST.66 lists owners beside the trademark, ST.96 inside it
                self.owners.append(_owner(element))
            if tag in ("TransactionData", "TradeMarkTransactionBody", "TrademarkTransactionBody"):
                yield from self.finish()
            if tag not in ("Name", "FreeFormatName", "FreeFormatNameDetails") and not _inside_applicant(tag):
                element.clear()

    def finish(self) -> Iterator[RegisterRecord]:
        """Give out what is held, with its owner."""
        owner = _latest(self.owners)
        for record in self.held:
            record.owner = record.owner or owner
            if record.mark or record.owner:
                yield record
            else:
                self._tell("the record names neither a mark nor an owner", record.number)
        self.held, self.owners = [], []

    def _hold(self, element: Element) -> None:
        self.count += 1
        if self.count > _RECORDS:
            raise Unfit("too-large", limit=f"{_RECORDS:,} records")
        record = _record(element)
        if record.number or record.mark:
            self.held.append(record)
        else:
            self._tell("the record has neither a number nor a mark", "")

    def _tell(self, reason: str, value: str) -> None:
        words = {"reason": reason}
        self.problems.append(problem("bad-entry", source=self.name, row=self.count, value=value, words=words))


def local(element: Element) -> str:
    """The name of an element without its namespace: versions of the standard differ in nothing but that."""
    return str(element.tag).rpartition("}")[2]


#: Parts of an ST.66 applicant, which are needed until the applicant closes.
_APPLICANT_PARTS = frozenset(
    {
        "ApplicantAddressBook", "FormattedNameAddress", "FormattedName", "FreeFormatNameLine", "FirstName", "LastName",
        "OrganizationName", "ApplicantExt", "PartyTypeCode", "EntityName",
    }
)  # fmt: skip


def _inside_applicant(tag: str) -> bool:
    return tag in _APPLICANT_PARTS


def _text(element: Element, *names: str) -> str:
    """The first non-empty text under an element, by local name, names in order of preference."""
    for name in names:
        for child in element.iter():
            if local(child) == name and child.text and child.text.strip():
                return child.text.strip()
    return ""


def _child(element: Element, *names: str) -> str:
    """As `_text`, of direct children only: dates and numbers also occur in priorities and events."""
    for name in names:
        for child in element:
            if local(child) == name:
                value = (child.text or "").strip() or _text(child, f"{name}Text")
                if value:
                    return value
    return ""


def _record(mark: Element) -> RegisterRecord:
    office = _child(mark, "RegistrationOfficeCode", "ReceivingOfficeCode")[:2].upper()
    registered = _child(mark, "RegistrationNumber")
    if not registered.strip("0"):
        registered = ""
    status = _child(mark, "MarkCurrentStatusCode") or _text(mark, "MarkCurrentStatusCategory")
    verbal = next((child for child in mark.iter() if local(child) == "MarkVerbalElementText"), None)
    return RegisterRecord(
        source="ST.66" if local(mark) == "TradeMark" else "ST.96",
        office=office,
        number=registered or _child(mark, "ApplicationNumber"),
        mark=((verbal.text or "") if verbal is not None else "").strip()[:500],
        language=_language(verbal),
        owner=_latest([_owner(child) for child in mark.iter() if local(child) == "Applicant"]),
        classes=_classes(mark),
        territories=_territories(mark, office),
        status=status_of(office, status),
        valid_from=_day(_child(mark, "RegistrationDate")),
        valid_to=_day(_child(mark, "ExpiryDate")),
    )


def _language(verbal: Element | None) -> str | None:
    for name, value in (verbal.attrib if verbal is not None else {}).items():
        if name.rpartition("}")[2] == "languageCode" and re.fullmatch(r"[A-Za-z]{2,3}", value):
            return str(value).lower()
    return None


def _classes(mark: Element) -> tuple[int, ...]:
    """Nice classes: a classification that says it is of another kind (national, domestic) has numbers of its own."""
    found: dict[int, None] = {}
    foreign: set[Element] = set()
    for child in mark.iter():
        if local(child) == "GoodsServicesClassification":
            kind = _text(child, "ClassificationKindCode").casefold()
            if kind not in _NICE_KINDS:
                foreign.update(child.iter())
        elif local(child) == "ClassNumber" and child not in foreign and child.text and child.text.strip().isdigit():
            number = int(child.text.strip()[:6])
            if 1 <= number <= 45:
                found[number] = None
    return tuple(found)


def _territories(mark: Element, office: str) -> tuple[str, ...]:
    named = dict.fromkeys(
        child.text.strip().upper()
        for child in mark.iter()
        if local(child) in ("DesignatedCountryCode", "DesignationCountryCode") and child.text
    )
    known = tuple(code if code != "EM" else "EU" for code in named if code in COUNTRIES or code == "EM")
    if known:
        return known
    return _REGIONS.get(office, (office,) if office in COUNTRIES else ())


def _day(text: str) -> date | None:
    """A day such as `1995-02-07-05:00`: the zone belongs to the register's clock, not to the day."""
    found = _DATE.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _owner(applicant: Element) -> tuple[int, str]:
    """An owner's name, and how late in the life of the mark it owned it (the US party type; 0 elsewhere)."""
    order = next((v for name, v in applicant.attrib.items() if name.rpartition("}")[2] == "sequenceNumber"), "")
    order = _text(applicant, "PartyTypeCode") or order
    name = _text(applicant, "OrganizationStandardName", "OrganizationName", "EntityName", "PersonFullName")
    lines = [
        child.text.strip()
        for child in applicant.iter()
        if local(child) in ("FreeFormatNameLine", "FirstName", "LastName") and child.text and child.text.strip()
    ]
    return (int(order) if order.isdigit() and len(order) < 6 else 0), (name or " ".join(lines))[:500]


def _latest(owners: list[tuple[int, str]]) -> str:
    """The US register numbers its owners, from the applicant (10) to the latest (31 and up); others put it first."""
    named = [(order, name) for order, name in owners if name]
    if not named:
        return ""
    if all(order >= 10 for order, _ in named):
        return max(named, key=lambda each: each[0])[1]
    return named[0][1]
