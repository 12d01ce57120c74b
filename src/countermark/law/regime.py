"""A regime: one law or one platform programme, loaded from a file, checked whole, named by its hash."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from countermark.formats.safe_yaml import read_mapping
from countermark.law.counting import CountingRule
from countermark.law.counting_rules import shipped_counting_rules
from countermark.law.regime_file import RegimeFile
from countermark.law.rule import Rule
from countermark.law.soundness import faults
from countermark.law.versions import version_of
from countermark.model import InvalidRecord
from countermark.model.decoding import convert

FORMAT = "countermark-regime/1"


@dataclass(frozen=True, slots=True)
class Regime:
    """A regime ready for use.

    Attributes:
        file: what it says.
        counting: the counting rules that it uses.
        version: hash of the file's canonical content and of those counting rules; a case pins it.
        source: the bytes of the file, to be kept beside the cases that pin it.
    """

    file: RegimeFile
    counting: dict[str, CountingRule]
    version: str
    source: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """`cn-goods`."""
        return self.file.id

    def rule(self, rule_id: str, day: date) -> Rule:
        """The rule of that id that is in force on a day.

        Raises:
            InvalidRecord: no such rule, or none on that day.
        """
        rows = [rule for rule in self.file.rules if rule.id == rule_id]
        for rule in rows:
            if rule.is_in_force(day):
                return rule
        what = f"is not in force on {day.isoformat()}" if rows else "does not exist"
        raise InvalidRecord("rule", f"{self.id}/{rule_id[:60]} {what}.", "See `countermark law list`.")

    def is_in_force(self, day: date) -> bool:
        """Whether the regime is in force on a day."""
        return self.file.valid_from <= day <= (self.file.valid_to or day)

    def counting_for(self, target: str) -> dict[str, CountingRule]:
        """The ways of counting that the regime uses, and the one that a service target names."""
        how = target.partition(": ")[0]
        return self.counting if not how else {**self.counting, how: shipped_counting_rules()[how]}

    @property
    def zone(self) -> ZoneInfo | None:
        """The time zone of the law; None where the case says it."""
        return ZoneInfo(self.file.zone) if self.file.zone else None


def read_regime(data: bytes, name: str = "regime", counting: dict[str, CountingRule] | None = None) -> Regime:
    """Read and check the file of a regime.

    Args:
        data: UTF-8 bytes.
        name: what to call it in errors.
        counting: ways of counting; those that ship when None.

    Raises:
        InvalidRecord: not such a file, or one that does not hold together; the first fault is said, with a mend.
    """
    content = read_mapping(data, name)
    try:
        file = convert(content, RegimeFile)
    except msgspec.ValidationError as error:
        raise InvalidRecord(name, f"{error}.", "Compare it with a shipped regime.") from error
    if file.format != FORMAT:
        raise InvalidRecord(name, f"the format is {file.format[:40]!r}.", f"Write `format: {FORMAT}`.")
    table = shipped_counting_rules() if counting is None else counting
    for fault in faults(file, table):
        raise InvalidRecord(name, f"{fault}.", "Mend that line; nothing of the file is used until then.")
    _check_zone(file.zone, name)
    used = {rule.time.count: table[rule.time.count] for rule in file.rules if rule.time}
    version = version_of({"regime": content, "counting": used})
    return Regime(file=file, counting=used, version=version, source=data)


def _check_zone(zone: str, name: str) -> None:
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        mend = "Write an IANA name; on a system without zones install tzdata."
        raise InvalidRecord(name, f"the time zone {zone[:40]!r} is unknown.", mend) from error
