"""The catalogues of translations: what the pages say, gathered from the sources, and the files that hold it.

    python -m countermark.node.web.tests.catalogues

brings `web/locale/*/LC_MESSAGES/django.po` up to the sources, keeps every translation that is still asked for,
compiles the `.mo` beside it, and prints what nobody has translated yet. Nothing of gettext is needed for it.
"""

import ast
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib

WEB = Path(__file__).parents[1]
NODE = WEB.parent
TEMPLATES = WEB / "templates"
LOCALE = WEB / "locale"
#: Folder of the catalogue to the language and its plural forms.
CATALOGUES = {"fr": ("fr", "nplurals=2; plural=(n > 1);"), "zh_Hans": ("zh-hans", "nplurals=1; plural=0;")}
#: What a seller reads, whole: a test fails on one message that is missing.
SELLERS_TEMPLATES = (
    "notices/seller.html",
    "notices/seller_closed.html",
    "notices/_seller*.html",
    "conduct/_told*.html",
    "frame.html",
)
SELLERS_SOURCES = (
    "conduct/showing.py",
    "conduct/words.py",
    "notices/answering.py",
    "notices/attachments.py",
    "notices/countering.py",
    "notices/reasoning.py",
    "notices/seller_page.py",
    "notices/telling.py",
    "web/conduct/seller.py",
    "web/notices/seller.py",
)
#: What an officer reads to decide a notice; and the desk's records: proceedings, test purchases, a filer told.
OFFICE_TEMPLATES = (
    "notices/*.html",
    "proceedings/*.html",
    "purchases/*.html",
    "evidences/_hold.html",
    "evidences/_input.html",
    "evidences/_language.html",
    "evidences/_report.html",
    "conduct/_about_us.html",
    "conduct/tell.html",
    "account/*.html",
    "allauth/layouts/*.html",
    "frame/*.html",
    "me/*.html",
    "problems/*.html",
    "parts/*.html",
    "429.html",
)
OFFICE_SOURCES = (
    "notices/buyers.py",
    "web/notices/*.py",
    "web/proceedings/*.py",
    "web/purchases/*.py",
    "web/conduct/telling.py",
    "web/conduct/acts.py",
    "web/me/*.py",
    "web/proving.py",
    "web/shell.py",
    "web/words.py",
    "web/problems/answers.py",
    "web/templatetags/countermark.py",
)
_CALLS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "pgettext_lazy": -1,
    "pgettext": -1,
}


class Message(NamedTuple):
    """One thing that is said: context, words, words for many."""

    context: str
    words: str
    many: str = ""


def sellers() -> dict[Message, str]:
    """Every message that a seller can be shown, with the file it stands in."""
    found = _gather(SELLERS_TEMPLATES, SELLERS_SOURCES)
    return found | dict.fromkeys(_vocabulary(), "notices/reasons.py")


def office() -> dict[Message, str]:
    """Every message that an officer is shown on the pages that decide a notice, with the file it stands in."""
    found = _gather(OFFICE_TEMPLATES, OFFICE_SOURCES)
    return found | dict.fromkeys(_stages(), "notices/selectors.py")


def _gather(templates: Iterable[str], sources: Iterable[str]) -> dict[Message, str]:
    found: dict[Message, str] = {}
    for pattern in templates:
        for path in sorted(TEMPLATES.glob(pattern)):
            found |= dict.fromkeys(in_template(path), path.relative_to(NODE).as_posix())
    for pattern in sources:
        for path in sorted(NODE.glob(pattern)):
            found |= dict.fromkeys(in_source(path), path.relative_to(NODE).as_posix())
    return found


def in_template(path: Path) -> Iterator[Message]:
    """What a template says, in the order it stands there."""
    from django.template import Template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for node in _all_nodes(Template(path.read_text(encoding="utf-8")).nodelist):
        if isinstance(node, TranslateNode) and isinstance(node.filter_expression.var, str):
            yield Message("", node.filter_expression.var)
        elif isinstance(node, TranslateNode) and node.filter_expression.var.literal is not None:
            yield Message("", str(node.filter_expression.var.literal))
        elif isinstance(node, BlockTranslateNode):
            context = str(node.message_context.var) if node.message_context else ""
            many = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Message(context, node.render_token_list(node.singular)[0], many)


def _all_nodes(nodes: Iterable[object]) -> Iterator[object]:
    for node in nodes:
        yield node
        for part in getattr(node, "child_nodelists", ()):
            yield from _all_nodes(getattr(node, part, None) or ())


def in_source(path: Path) -> Iterator[Message]:
    """What a module says through gettext."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _CALLS:
            continue
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if _CALLS[node.func.id] == -1 and len(texts) == 2:
            yield Message(texts[0], texts[1])
        elif texts and len(texts) >= _CALLS[node.func.id]:
            yield Message("", texts[0], texts[1] if _CALLS[node.func.id] == 2 else "")


def _vocabulary() -> Iterator[Message]:
    from countermark.node.conduct import words
    from countermark.node.notices import reasons

    conduct = (words.KIND_WORDS, words.STANDING_WORDS, words.ACT_WORDS)
    yield from (Message("", one) for table in conduct for one in table.values())
    codes = (*(one for group in reasons.REASONS.values() for one in group), *reasons.COUNTER_REASONS)
    yield from (Message("", one.words) for one in codes)


def _stages() -> Iterator[Message]:
    from countermark.node.notices import reasons, selectors, states

    tables = (states.STAGE_WORDS, selectors.DEED_WORDS, selectors.CHOICE_WORDS)
    words = [one for table in tables for one in table.values()] + [one.words for one in reasons.WITHDRAWALS]
    return (Message("", one) for one in words)


def file_of(folder: str, ending: str = "po") -> Path:
    """The catalogue of a language."""
    return LOCALE / folder / "LC_MESSAGES" / f"django.{ending}"


def translations(folder: str) -> dict[Message, polib.POEntry]:
    """What a catalogue holds: those entries that are translated and certain."""
    entries = polib.pofile(str(file_of(folder))).translated_entries()
    return {Message(one.msgctxt or "", one.msgid, one.msgid_plural or ""): one for one in entries}


def bring_up(folder: str, wanted: dict[Message, str]) -> polib.POFile:
    """Write the catalogue of a language anew: what is wanted, with the translations that are there."""
    path = file_of(folder)
    known = {
        Message(one.msgctxt or "", one.msgid, one.msgid_plural or ""): one
        for one in (polib.pofile(str(path)) if path.is_file() else [])
    }
    made = polib.POFile(wrapwidth=110)
    language, plural = CATALOGUES[folder]
    made.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural,
    }
    for message, where in sorted(wanted.items(), key=lambda one: (one[1], one[0])):
        made.append(_entry(message, where, known.get(message), plural.startswith("nplurals=1")))
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(path))
    made.save_as_mofile(str(file_of(folder, "mo")))
    return made


def _entry(message: Message, where: str, known: polib.POEntry | None, one_form: bool) -> polib.POEntry:
    forms = {0: ""} if one_form else {0: "", 1: ""}
    plural = {"msgid_plural": message.many, "msgstr_plural": known.msgstr_plural if known else forms}
    return polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.words,
        msgstr=known.msgstr if known else "",
        occurrences=[(where, "")],
        flags=["python-format"] if "%(" in message.words else [],
        **(plural if message.many else {}),
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.node.config.settings.test")
    django.setup()
    everything = office() | sellers()
    for one in CATALOGUES:
        lacking = bring_up(one, everything).untranslated_entries()
        sys.stdout.write("".join(f"{one}: {entry.msgid}\n" for entry in lacking))
        sys.stdout.write(f"{one}: {len(everything)} messages, {len(lacking)} not translated\n")
