"""What a partner's notice lacks of what its law asks to be written (PR-09), and how that is said and read.

The validators are those of the law; here stands only where an entry carries each field. Who signs and how it is reached
need no field: every entry is signed by an organisation that the agreement names and its feed reaches.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from countermark.law.asked import Paper
from countermark.law.deadlines import day_in
from countermark.law.drafts import Draft, Item, Problem, Signed
from countermark.law.preflight import missing, wanted_declarations
from countermark.node.notices import asked_by_platform, lawyer
from countermark.node.notices.papers import Filed

#: The reason of a question that a node asks by itself, because a notice lacks something.
INCOMPLETE = "incomplete"
#: Fields that the signed entry and the agreement bring by themselves.
BROUGHT = frozenset({"signature", "contact", "notifier_name", "notifier_email"})
#: Field of a law to the attribute of a notice that carries it; what a programme asks besides stands below the words.
CARRIED = {"facts": "explanation", "holder_identity": "right_owner", "work_title": "right_number"}
#: What a receiver asks by the kind of the right, which no entry carries; the evidence of the reason asks for it too.
BY_KIND = frozenset({"feature_comparison"})

#: What is no field of a law by itself, and is called so on pages.
TITLES = {
    "items": "The exact address of the offer",
    "ground": "The reason of the notice",
    "evidence": "Evidence for the reason",
}


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing: its id in the law, and what is missing and how to mend it, in a sentence or two."""

    id: str
    words: str


def lacks_of(regime_id: str, paper: Filed, declared: Collection[str], signer: str, at: datetime) -> tuple[Lack, ...]:
    """What a notice lacks.

    Args:
        regime_id: that it came under.
        paper: what it says.
        declared: ids of the declarations that were made.
        signer: who speaks: the organisation, or the person whose name came along.
        at: when it came.
    """
    regime = lawyer.regime(regime_id)
    words, codes = asked_by_platform.without_codes(regime_id, paper.explanation)
    said = dict.fromkeys(BROUGHT, signer) | codes
    said |= {name: getattr(paper, attribute) for name, attribute in CARRIED.items()} | {"facts": words}
    said["work_title"] = paper.right_number or paper.right_id
    signed = (
        Signed(declaration=one.id, version=one.version, signer=signer, at=at)
        for one in wanted_declarations(regime.file.asked, Paper.NOTICE)
        if one.id in declared
    )
    draft = Draft(
        paper=Paper.NOTICE,
        items=(Item(id=paper.external_id or "The offer", url=paper.url),),
        ground=paper.ground,
        fields=said,
        evidence=paper.evidence,
        signed=tuple(signed),
    )
    return _each_once(missing(regime, draft, day_in(at, regime.file.zone or "UTC")))


def declared_in(regime_id: str, *, good_faith: bool, accuracy: bool, worded: bool) -> frozenset[str]:
    """Ids of the declarations that an entry makes: by its two flags, and only with the words beside them (PR-10)."""
    wanted = wanted_declarations(lawyer.regime(regime_id).file.asked, Paper.NOTICE)
    made = (one.id for one in wanted if (good_faith if one.id == "good-faith" else accuracy))
    return frozenset(made) if worded else frozenset()


def title_of(regime_id: str, name: str) -> str:
    """What is called so on pages: the words of the law, in English; empty where nothing here has that id."""
    asked = lawyer.regime(regime_id).file.asked
    fields = {one.id: one.title for one in reversed(asked.fields) if Paper.NOTICE in one.of}
    signed = {one.id: one.text for one in wanted_declarations(asked, Paper.NOTICE)}
    return (TITLES | fields | signed).get(name, "")


def are_in_words(regime_id: str, ids: Collection[str]) -> bool:
    """Whether some of what is missing stands in the explanation: the words, or a code of a programme below them."""
    return not {"facts", *(name for name, _title in lawyer.codes(regime_id))}.isdisjoint(ids)


def told(lacks: Iterable[Lack]) -> str:
    """The list as it is told to whoever filed: a line for each, its id first."""
    return "\n".join(f"{one.id}: {one.words}" for one in lacks)


def read(note: str) -> tuple[Lack, ...]:
    """The list as it was told; a line that is none of it stands without an id."""
    found = []
    for line in note.splitlines():
        name, sep, words = line.partition(": ")
        is_one = bool(sep) and len(name) <= 40 and name.replace("_", "").replace("-", "").isalnum() and name.islower()
        found.append(Lack(name, words) if is_one else Lack("", line))
    return tuple(one for one in found if one.words.strip())


def ids_in(note: str) -> str:
    """Ids of what a question says is missing, as a reference for the law's record."""
    return ", ".join(one.id for one in read(note) if one.id)[:1000]


def _each_once(problems: tuple[Problem, ...]) -> tuple[Lack, ...]:
    """A lack for each id, with every sentence that is about it."""
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(one.field, []).append(f"{one.message} {one.mend}")
    return tuple(Lack(name, " ".join(words)) for name, words in found.items())
