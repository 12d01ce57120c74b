"""What a filer brings to a notice of ours that the marketplace found incomplete: texts, declarations, papers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from countermark.law.asked import Declaration, Paper
from countermark.law.preflight import wanted_declarations
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer, papers
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.lacking import Lack
from countermark.node.notices.models import Notice, Piece, SignedWords
from countermark.node.parties.access import Member

LONGEST_TEXT = 300
#: Id of what lacks to the field of a notice that brings it, where that is one line.
_FIELDS = {"items": "urls", "ground": "ground", "holder_identity": "right_owner", "work_title": "right_number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What is brought.

    Attributes:
        texts: id of what lacks to a line of text.
        declared: ids of declarations that are signed now, by `signer`.
        evidence: kind and paper.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    signer: str = ""
    evidence: tuple[tuple[str, Attachment], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to complete, for a form.

    Attributes:
        id, words: as the marketplace says.
        how: `line`, `ground`, `sign` or `paper`; empty where the words of the answer bring it.
        text: the declaration to be signed.
        choices: id and words of what can be chosen.
    """

    id: str
    words: str
    how: str
    text: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def wanted(notice: Notice, lacks: tuple[Lack, ...]) -> tuple[Wanted, ...]:
    """What a form asks of the filer for each thing that lacks."""
    asked, declared = lawyer.regime(notice.regime).file.asked, _declarations(notice)
    codes = dict(lawyer.codes(notice.regime))

    def one(lack: Lack) -> Wanted:
        if lack.id in declared:
            return Wanted(lack.id, lack.words, "sign", declared[lack.id].text)
        if lack.id == "evidence":
            return Wanted(lack.id, lack.words, "paper", choices=tuple(asked.evidence.items()))
        if lack.id == "ground":
            return Wanted(lack.id, lack.words, "ground", choices=tuple((g.id, g.title) for g in asked.grounds))
        return Wanted(lack.id, lack.words, "line" if lack.id in _FIELDS or lack.id in codes else "")

    return tuple(one(lack) for lack in lacks)


def bring(member: Member, notice: Notice, words: str, given: Completion) -> dict[str, object]:
    """Keep what is brought beside our notice; gives the fields of the entry that says it. The caller saves the notice.

    Raises:
        Invalid: a text is too long, or nobody signs.
    """
    _check(given)
    declared = [one for name, one in _declarations(notice).items() if name in given.declared]
    texts = {name: text.strip() for name, text in given.texts.items() if text.strip()}
    said: dict[str, object] = {_FIELDS[name]: text for name, text in texts.items() if name in _FIELDS}
    if "urls" in said:
        said["urls"] = (str(said["urls"]),)
    codes = [f"{title}: {texts[name]}" for name, title in lawyer.codes(notice.regime) if name in texts]
    said["explanation"] = "\n".join((words, *codes))
    if declared:
        said |= {"good_faith": True, "accuracy": True, "statement": "\n".join(one.text for one in declared)}
        said["signer_name"] = given.signer.strip()
    if given.evidence:
        said["evidence_ids"] = tuple(kind for kind, _ in given.evidence)
        said["evidence_hashes"] = tuple(one.sha256 for _, one in given.evidence)
    _keep(member, notice, given, declared)
    paper, typed = papers.read(notice.paper), {k: v for k, v in said.items() if isinstance(v, str | tuple | bool)}
    notice.paper = papers.write(papers.completed(paper, typed, in_words=False))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def _keep(member: Member, notice: Notice, given: Completion, declared: list[Declaration]) -> None:
    for kind, one in given.evidence:
        Piece(
            notice=notice, kind=kind, name=one.name, media_type=one.media_type, sha256=one.sha256, data=one.data
        ).save()
    for sentence in declared:
        SignedWords(
            notice=notice,
            declaration=sentence.id,
            words=sentence.text,
            version=sentence.version,
            signer=given.signer.strip(),
            by_id=member.user_id,
            at=now(),
        ).save()


def _declarations(notice: Notice) -> dict[str, Declaration]:
    asked = lawyer.regime(notice.regime).file.asked
    return {one.id: one for one in wanted_declarations(asked, Paper.NOTICE)}


def _check(given: Completion) -> None:
    for name, text in (*given.texts.items(), ("signer", given.signer), *(("kind", kind) for kind, _ in given.evidence)):
        if len(text) > LONGEST_TEXT or not is_storable(text):
            raise Invalid.of(name, "text-too-long", "This is too long.", "Write it in a few words.")
    if given.declared and not given.signer.strip():
        raise Invalid.of("signer", "signer-missing", "Nobody signs the statements.", "Write who signs.")
