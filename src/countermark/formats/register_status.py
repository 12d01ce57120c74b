"""What the status a register gives means for us: in force, pending, lapsed, or not known."""

from countermark.model import RightStatus

#: Status codes of the US register, from table 1 ("Trademark Status Codes") of the USPTO's "Trademark Applications Daily
#: XML DTD Element Documentation", version 2.0. Only codes whose words leave no doubt are mapped: registered and
#: maintained; abandoned, cancelled or expired; filed, examined or published. A registration under attack (cancellation
#: pending, 790) is in force until it is decided. What is not here is not known.
_US_IN_FORCE = frozenset({*range(700, 709), 717, 740, 778, 780, 790, 800})
_US_LAPSED = frozenset({401, 402, *range(600, 611), 614, 618, 626, 709, *range(710, 715), 716, 900, 901})
_US_PENDING = frozenset(
    {
        616, *range(630, 633), 638, *range(640, 669), 672, 673, *range(680, 683), 686, 688, 689, 692, 693, 694,
        *range(718, 723), 724, 725, *range(730, 735), *range(744, 749), *range(752, 758), 760, 762, 774, 775,
        *range(801, 826),
    }
)  # fmt: skip

#: Words of WIPO ST.66 (MarkCurrentStatusCode) and ST.96 (MarkCurrentStatusCategory), and of registers that use them.
_WORDS: dict[str, RightStatus] = {
    **dict.fromkeys(
        (
            "registered", "registration published", "registration renewed", "renewed", "protected",
            "revocation proceeding pending", "invalidity proceeding pending", "registered and renewed",
        ),
        RightStatus.IN_FORCE,
    ),
    **dict.fromkeys(
        (
            "application filed", "filing date accorded", "classification checked", "application published",
            "application under examination", "application opposed", "opposition pending", "appeal pending",
            "registration pending",
        ),
        RightStatus.PENDING,
    ),
    **dict.fromkeys(
        (
            "application refused", "application withdrawn", "registration cancelled", "registration surrendered",
            "registration expired", "registration invalidated", "expired", "ended", "abandoned", "cancelled",
        ),
        RightStatus.LAPSED,
    ),
}  # fmt: skip


def status_of(office: str, code: str) -> RightStatus:
    """Map a register's status.

    Args:
        office: WIPO ST.3 code of the register.
        code: its status, a number or words.
    """
    code = code.strip()
    if office == "US" and code.isascii() and code.isdigit():
        number = int(code[:6])
        for codes, status in (
            (_US_IN_FORCE, RightStatus.IN_FORCE),
            (_US_LAPSED, RightStatus.LAPSED),
            (_US_PENDING, RightStatus.PENDING),
        ):
            if number in codes:
                return status
        return RightStatus.UNKNOWN
    return _WORDS.get(" ".join(code.casefold().split()), RightStatus.UNKNOWN)
