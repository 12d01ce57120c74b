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

from countermark.node.web.tests.vocabulary import tables

WEB = Path(__file__).parents[1]
NODE = WEB.parent
TEMPLATES = WEB / "templates"
LOCALE = WEB / "locale"
#: Folder of the catalogue to the language and its plural forms.
CATALOGUES = {"fr": ("fr", "nplurals=2; plural=(n > 1);"), "zh_Hans": ("zh-hans", "nplurals=1; plural=0;")}
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


def said() -> dict[Message, str]:
    """Everything that a page can say, with the file it stands in."""
    found = {Message("", words): where for where, table in tables().items() for words in table}
    for path in sorted(TEMPLATES.rglob("*.html")):
        found |= dict.fromkeys(in_template(path), path.relative_to(NODE).as_posix())
    for path in sorted(NODE.rglob("*.py")):
        if "tests" not in path.parts:
            found |= dict.fromkeys(in_source(path), path.relative_to(NODE).as_posix())
    return found


def in_template(path: Path) -> Iterator[Message]:
    """What a template says, in the order it stands there."""
    from django.template import Template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for node in _all_nodes(Template(path.read_text(encoding="utf-8")).nodelist):
        if not isinstance(node, TranslateNode | BlockTranslateNode):
            continue
        context = str(node.message_context.var) if node.message_context else ""
        if isinstance(node, BlockTranslateNode):
            many = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Message(context, node.render_token_list(node.singular)[0], many)
        elif node.filter_expression.var.literal is not None:
            # Django looks words with a percent sign up with the sign doubled.
            yield Message(context, str(node.filter_expression.var.literal).replace("%", "%%"))


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


def asked(entry: polib.POEntry) -> Message:
    """What an entry of a catalogue translates."""
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def file_of(folder: str, ending: str = "po") -> Path:
    """The catalogue of a language."""
    return LOCALE / folder / "LC_MESSAGES" / f"django.{ending}"


def bring_up(folder: str, wanted: dict[Message, str]) -> polib.POFile:
    """Write the catalogue of a language anew: what is wanted, with the translations that are there and certain."""
    path = file_of(folder)
    known = {asked(one): one for one in (polib.pofile(str(path)).translated_entries() if path.is_file() else [])}
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
    everything = said()
    for one in CATALOGUES:
        lacking = bring_up(one, everything).untranslated_entries()
        sys.stdout.write("".join(f"{one}: {entry.msgid}\n" for entry in lacking))
        sys.stdout.write(f"{one}: {len(everything)} messages, {len(lacking)} not translated\n")
