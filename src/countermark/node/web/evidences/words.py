"""The words of custody of a captured page, as its page prints them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from countermark.node.web.words import Word

#: What was done, as a line of custody.
DONE: Mapping[str, Word] = {
    "asked": _("Asked for"),
    "failed": _("Not captured"),
    "captured": _("Captured"),
    "sealed": _("Sealed"),
    "stamped": _("Stamped by an authority"),
    "exhibit": _("A paper was made"),
    "told": _("A partner was told the hash of the seal"),
    "opened": _("A file was downloaded"),
    "checked": _("Compared with what was sealed"),
    "approved": _("An export was approved"),
    "exported": _("Exported as a bag"),
    "held": _("A legal hold was set"),
    "released": _("The legal hold was lifted"),
    "deleted": _("The files were deleted: their time was over"),
}
