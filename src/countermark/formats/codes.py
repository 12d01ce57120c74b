"""Short lists the world agreed on: countries, languages, conditions, availability."""

import re
from functools import lru_cache

from countermark.formats.problems import Unfit
from countermark.model import Condition

#: ISO 3166-1 alpha-2, officially assigned (249 codes).
_COUNTRY_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR "
    "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO "
    "JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR "
    "MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO "
    "RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV "
    "TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRY_CODES.split())

#: What shops write for the condition of goods, in lower case.
CONDITIONS: dict[str, Condition] = {
    "unknown": Condition.UNKNOWN,
    **dict.fromkeys(
        ("new", "brand new", "new with tags", "neuf", "neuve", "nouveau", "全新", "newcondition"), Condition.NEW
    ),
    **dict.fromkeys(
        (
            "used", "pre-owned", "preowned", "second hand", "second-hand", "secondhand", "vintage", "occasion",
            "d'occasion", "seconde main", "二手", "usedcondition", "damagedcondition",
        ),
        Condition.USED,
    ),
    **dict.fromkeys(
        ("refurbished", "renewed", "reconditionné", "reconditionne", "remis à neuf", "翻新", "refurbishedcondition"),
        Condition.REFURBISHED,
    ),
}  # fmt: skip

#: Words that say nothing is left; every other word of availability says nothing about how many there are.
SOLD_OUT = frozenset({"out of stock", "out_of_stock", "outofstock", "soldout", "sold out", "discontinued"})

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_SCHEMA_ORG = re.compile(r"^(https?://schema\.org/|schema:)", re.IGNORECASE)


def without_schema_org(value: str) -> str:
    """`https://schema.org/UsedCondition` -> `UsedCondition`."""
    return _SCHEMA_ORG.sub("", value.strip())


@lru_cache(maxsize=1024)
def read_condition(text: str) -> Condition:
    """The condition a shop's word stands for; raises Unfit(condition-unknown)."""
    found = CONDITIONS.get(without_schema_org(text).casefold())
    if found is None:
        raise Unfit("condition-unknown", text)
    return found


@lru_cache(maxsize=1024)
def read_language(text: str) -> str:
    """A BCP 47 tag as written, underscores made hyphens; raises Unfit(bad-language)."""
    if not _LANGUAGE.fullmatch(text.strip()):
        raise Unfit("bad-language", text)
    return text.strip().replace("_", "-")


@lru_cache(maxsize=1024)
def read_country(text: str) -> str:
    """An ISO 3166-1 alpha-2 code in capitals; raises Unfit(country-unknown)."""
    code = text.strip().upper()
    if code not in COUNTRIES:
        raise Unfit("country-unknown", text)
    return code
