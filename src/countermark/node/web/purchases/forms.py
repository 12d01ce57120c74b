"""The form of each act, made from the fields that the act asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from countermark.node.evidence.purchases.acts import Act
from countermark.node.evidence.purchases.fields import FIELDS, LONGEST, Asked
from countermark.node.evidence.purchases.recording import CORRECTION
from countermark.node.kernel.time import now
from countermark.node.web.fields import PageForm, line
from countermark.node.web.purchases.words import CHOICE, FIELD, FIELD_HELP

_MOMENT = "%Y-%m-%dT%H:%M"


class ActForm(PageForm):
    """What one act asks. Times are those of the reader; services get them with their zone."""

    def __init__(self, act: Act, sent: QueryDict | None = None, words: Mapping[str, str] | None = None) -> None:
        super().__init__(sent, initial=_initial(act, words or {}), prefix=None)
        for asked in FIELDS[act]:
            self.fields[asked.name] = _field(asked)

    def ask_what_was_wrong(self) -> None:
        """Ask, besides, what was wrong with the words that are corrected."""
        self.fields[CORRECTION] = line(FIELD[CORRECTION], required=True, longest=LONGEST["line"])

    def given(self) -> dict[str, str]:
        """What was written, as services take it; call it after `is_valid`."""
        return {name: _text(value) for name, value in self.cleaned_data.items()}


def _initial(act: Act, words: Mapping[str, str]) -> dict[str, Any]:
    initial: dict[str, Any] = dict(words)
    at = datetime.fromisoformat(words["at"]) if "at" in words else now()
    return initial | {"at": timezone.localtime(at).replace(second=0, microsecond=0)}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")


def _field(asked: Asked) -> forms.Field:
    label, help_text = FIELD[asked.name], FIELD_HELP.get(asked.name, "")
    if asked.kind == "moment":
        widget = forms.DateTimeInput(format=_MOMENT, attrs={"type": "datetime-local"})
        zone = _("Your time: %(zone)s.") % {"zone": timezone.get_current_timezone_name()}
        return forms.DateTimeField(label=label, input_formats=[_MOMENT], widget=widget, help_text=zone)
    if asked.kind == "choice":
        options = [("", _("Choose")), *((code, CHOICE[code]) for code in asked.choices)]
        return forms.ChoiceField(label=label, choices=options, required=asked.needed)
    if asked.kind in {"text", "list"}:
        area = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(
            label=label, required=asked.needed, max_length=LONGEST[asked.kind], widget=area, help_text=help_text
        )
    more = {"inputmode": "decimal"} if asked.kind == "amount" else {"maxlength": str(LONGEST[asked.kind])}
    return line(label, required=asked.needed, help_text=help_text, longest=LONGEST[asked.kind], **more)
