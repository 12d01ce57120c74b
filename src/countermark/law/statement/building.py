"""From a decision to the JSON of the Transparency Database, and to the words that the seller reads."""

from typing import Any

from countermark.law.statement.decision import Besides, Decision, Measure, Origin
from countermark.law.statement.vocabulary import CATEGORY, KEYWORD
from countermark.law.wording import day_in_words, said
from countermark.model import RightKind

_MAIN = CATEGORY + "INTELLECTUAL_PROPERTY_INFRINGEMENTS"
_KEYWORDS = {
    RightKind.TRADEMARK: "TRADEMARK_INFRINGEMENT",
    RightKind.DESIGN: "DESIGN_INFRINGEMENT",
    RightKind.COPYRIGHT: "COPYRIGHT_INFRINGEMENT",
    RightKind.PATENT: "PATENT_INFRINGEMENT",
}
#: Besides a counterfeit: further category and its keywords. §2.3 of the catalogue.
_BESIDES = {
    Besides.UNSAFE: ("UNSAFE_AND_PROHIBITED_PRODUCTS", ("PROHIBITED_PRODUCTS", "UNSAFE_PRODUCTS")),
    Besides.FAKE_SHOP: ("SCAMS_AND_FRAUD", ("INAUTHENTIC_LISTINGS",)),
    Besides.HIDDEN_TRADER: ("CONSUMER_INFORMATION", ("INSUFFICIENT_INFORMATION_ON_TRADERS",)),
}
_FIELDS = {
    "DECISION_VISIBILITY": ("decision_visibility", "visibility"),
    "DECISION_MONETARY": ("decision_monetary", "monetary"),
    "DECISION_PROVISION": ("decision_provision", "service"),
    "DECISION_ACCOUNT": ("decision_account", "account"),
}


def build_statement(decision: Decision) -> dict[str, Any]:
    """The statement as the database takes it; check it with `validate` before it is sent."""
    statement: dict[str, Any] = {
        "puid": decision.puid,
        **_measures(decision),
        **_ground(decision),
        **_categories(decision),
        "content_type": [f"CONTENT_TYPE_{one}" for one in decision.content],
        "content_date": decision.posted.isoformat(),
        "application_date": decision.applies_from.isoformat(),
        "decision_facts": decision.facts,
        "source_type": decision.origin.value,
        "automated_detection": "Yes" if decision.detected_by_machine else "No",
        "automated_decision": decision.automation.value,
    }
    optional = {
        "territorial_scope": sorted(decision.countries),
        "content_language": decision.language.upper(),
        "source_identity": decision.notifier if decision.origin is not Origin.OWN_INITIATIVE else "",
        "decision_ground_reference_url": decision.reference_url,
        "content_id": {"EAN-13": decision.ean} if decision.ean else {},
        "account_type": _account_type(decision.business),
    }
    return statement | {name: value for name, value in optional.items() if value}


def _account_type(business: bool | None) -> str:  # noqa: FBT001
    if business is None:
        return ""
    return "ACCOUNT_TYPE_BUSINESS" if business else "ACCOUNT_TYPE_PRIVATE"


def _measures(decision: Decision) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for measure in decision.measures:
        field, end = _FIELDS[_field_of(measure)]
        if field == "decision_visibility":
            found.setdefault(field, []).append(measure.value)
        else:
            found[field] = measure.value
        if decision.until:
            found[f"end_date_{end}_restriction"] = decision.until.isoformat()
    return found


def _field_of(measure: Measure) -> str:
    return next(start for start in _FIELDS if measure.value.startswith(start))


def _ground(decision: Decision) -> dict[str, Any]:
    if decision.law:
        return {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": decision.law,
            "illegal_content_explanation": decision.explanation,
        }
    found = {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": decision.terms,
        "incompatible_content_explanation": decision.explanation,
    }
    if decision.also_illegal is not None:
        found["incompatible_content_illegal"] = "Yes" if decision.also_illegal else "No"
    return found


def _categories(decision: Decision) -> dict[str, Any]:
    keywords = [KEYWORD + _KEYWORDS[kind] for kind in decision.kinds]
    further = [CATEGORY + _BESIDES[one][0] for one in decision.besides]
    keywords += [KEYWORD + word for one in decision.besides for word in _BESIDES[one][1]]
    # Without a right there is no infringement of one: the first of the other things is then the main category.
    main, more = (_MAIN, further) if decision.kinds or not further else (further[0], further[1:])
    found: dict[str, Any] = {"category": main}
    if more:
        found["category_addition"] = sorted(set(more))
    if keywords:
        found["category_specification"] = sorted(set(keywords))
    return found


def seller_sections(decision: Decision, language: str = "en") -> tuple[tuple[str, str], ...]:
    """What the seller reads: heading and text for each letter of article 17(3), (a) to (f).

    Args:
        decision: its own texts (facts, ground, explanation, redress) are in that language already.
        language: one of `wording.LANGUAGES`.
    """

    def told(sentence: str) -> str:
        return said(sentence, language)

    day, end = day_in_words(decision.applies_from, language), decision.until
    where = ", ".join(sorted(decision.countries)) or told("everywhere on this platform")
    until = told("until {day}").format(day=day_in_words(end, language)) if end else told("without an end date")
    # Chinese sentences follow one another without a space.
    between = "" if language == "zh-hans" else " "
    done = between.join(told(measure.words) for measure in decision.measures)
    applies = told("It applies from {day}, {until}, in: {where}.").format(day=day, until=until, where=where)
    ground = ("The law", decision.law) if decision.law else ("Our terms", decision.terms)
    sections = [
        ("What was decided", f"{done}{between}{applies}"),
        ("What it rests on", f"{decision.facts}\n{_origin(decision, language)}"),
        ("Automated means", between.join(told(one) for one in _automation(decision))),
        (ground[0], f"{ground[1]}\n{decision.explanation}"),
        ("What you can do", "\n".join(decision.redress)),
    ]
    return tuple((told(heading), text) for heading, text in sections)


#: Without and with the name of who notified.
_ORIGINS = {
    Origin.NOTICE: ("It goes back to a notice.", "It goes back to a notice by {notifier}."),
    Origin.TRUSTED_FLAGGER: (
        "It goes back to a notice of a trusted flagger.",
        "It goes back to a notice of a trusted flagger by {notifier}.",
    ),
    Origin.OTHER_NOTICE: (
        "It goes back to a message from outside.",
        "It goes back to a message from outside by {notifier}.",
    ),
    Origin.OWN_INITIATIVE: ("We looked on our own initiative.", "We looked on our own initiative."),
}
_DETECTED = ("No program was used to find the offer.", "A program found the offer.")
_TOOK = {
    "AUTOMATED_DECISION_NOT_AUTOMATED": "A person decided.",
    "AUTOMATED_DECISION_PARTIALLY": "A program prepared the decision and a person took it.",
    "AUTOMATED_DECISION_FULLY": "A program took the decision; you can ask a person to look at it.",
}


def seller_sentences() -> tuple[str, ...]:
    """Every fixed English sentence that `seller_sections` can use: what must be translated."""
    headings = ("What was decided", "What it rests on", "Automated means", "The law", "Our terms", "What you can do")
    frames = ("It applies from {day}, {until}, in: {where}.", "until {day}", "without an end date")
    origins = (sentence for both in _ORIGINS.values() for sentence in both)
    measures = (measure.words for measure in Measure)
    return (*headings, *frames, "everywhere on this platform", *measures, *origins, *_DETECTED, *_TOOK.values())


def _origin(decision: Decision, language: str) -> str:
    plain, named = _ORIGINS[decision.origin]
    return said(named if decision.notifier else plain, language).format(notifier=decision.notifier)


def _automation(decision: Decision) -> tuple[str, str]:
    return _DETECTED[decision.detected_by_machine], _TOOK[decision.automation.value]
