"""The words of test purchases, as pages print them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from countermark.node.evidence.purchases.acts import Act, Mover, Stage
from countermark.node.web.words import Word

STAGE: Mapping[Stage, Word] = {
    Stage.ORDERED: pgettext_lazy("purchase", "Ordered"),
    Stage.RECEIVED: pgettext_lazy("purchase", "Received, not opened"),
    Stage.OPENED: pgettext_lazy("purchase", "Unpacked, not sealed"),
    Stage.SEALED: pgettext_lazy("purchase", "Under seal"),
    Stage.EXAMINED: pgettext_lazy("purchase", "Examined"),
    Stage.CLOSED: pgettext_lazy("purchase", "Closed"),
}
#: Classes of retention, by the label that the room of evidence gives.
KEPT: Mapping[str, Word] = {"routine": _("routine"), "for a case": _("for a case")}
MOVER: Mapping[Mover, Word] = {
    Mover.SELLER: _("the seller: the parcel is on its way"),
    Mover.BUYER: _("you: the parcel is here"),
    Mover.EXPERT: _("the expert"),
    Mover.COUNSEL: _("counsel: use it or close it"),
    Mover.NOBODY: _("nobody: it is closed"),
}
#: What was done, as a line of the timeline.
DONE: Mapping[str, Word] = {
    Act.ORDER: _("Ordered"),
    Act.RECEIVE: _("The parcel came"),
    Act.OPEN: _("Unpacked"),
    Act.SEAL: _("Put under seal"),
    Act.EXAMINE: _("Examined by an expert"),
    Act.CLOSE: _("Closed"),
    Act.STORE: _("Put in its place"),
    Act.HAND_OVER: _("Handed over"),
    Act.ADD: _("Files added"),
    Act.CORRECT: _("Corrected"),
    "sealed": _("The files were sealed for a bag"),
    "exported": _("Exported as a bag"),
    "checked": _("Compared with what was recorded"),
    "opened": _("A file was downloaded"),
    "exhibit": _("A paper was made"),
    "told": _("A partner was told the hash of the last act"),
    "held": _("A legal hold was set"),
    "released": _("The legal hold was lifted"),
    "deleted": _("Words and files were deleted: their time was over"),
}
#: What can be done, as the name of a form.
DO: Mapping[Act, Word] = {
    Act.ORDER: _("Record a test purchase"),
    Act.RECEIVE: _("The parcel came"),
    Act.OPEN: _("Unpack on film"),
    Act.SEAL: _("Put it under seal"),
    Act.EXAMINE: _("Record an expert's opinion"),
    Act.CLOSE: _("Close the purchase"),
    Act.STORE: _("Say where it is kept"),
    Act.HAND_OVER: _("Hand it over"),
    Act.ADD: _("Add files"),
    Act.CORRECT: _("Correct what was written"),
}
HELP: Mapping[Act, Word] = {
    Act.ORDER: _(
        "Buy as any customer would, and ask for nothing that was not on offer. Write references, never passwords or "
        "numbers of accounts and cards."
    ),
    Act.RECEIVE: _("Do not open it yet. Photograph the parcel from all sides, with its label."),
    Act.OPEN: _(
        "Film without a cut: the closed parcel, the label, the opening, each thing that is in it. Somebody who saw it "
        "is worth naming."
    ),
    Act.SEAL: _("Put everything back, close the parcel with numbered seals, and photograph them."),
    Act.EXAMINE: _("The expert opens the seal. Seal the parcel again afterwards, and record the new numbers."),
    Act.CLOSE: _("Nothing is added after this, except corrections. The record is kept as long as its class says."),
    Act.STORE: _("Where it lies, and whether the seals are whole."),
    Act.HAND_OVER: _("Who takes it, and what for. Whoever had it last gives it: the chain has no gap."),
    Act.ADD: _("Photographs, papers or a film that belong to the record."),
    Act.CORRECT: _("The first words stay in the chain, struck through; these are what is meant from now on."),
}
FIELD: Mapping[str, Word] = {
    "at": _("When it happened"),
    "buyer": _("Who ordered"),
    "buyer_class": _("The buyer is"),
    "account": _("Account at the shop, as a reference"),
    "order_number": _("Order number"),
    "price": _("Price paid"),
    "currency": _("Currency"),
    "payment_class": _("Paid by"),
    "payment_reference": _("Payment, as a reference"),
    "note": _("Note"),
    "by": _("By whom"),
    "carrier": _("Carrier"),
    "tracking": _("Tracking number"),
    "notary": _("Number of the notary's record"),
    "place": _("Place"),
    "witness": _("Witnessed by"),
    "parcel": _("What the parcel looked like"),
    "found": _("What was in it"),
    "seals": _("Numbers of the seals"),
    "intact": _("Seals found whole"),
    "to": _("To whom"),
    "purpose": _("What for"),
    "expert": _("Expert"),
    "competence": _("What makes the expert competent"),
    "conclusion": _("Conclusion"),
    "features": _("Features that show it"),
    "why": _("Why"),
    "correction": _("What was wrong"),
}
FIELD_HELP: Mapping[str, Word] = {
    "account": _("Such as “buyer 3”; never the name or number of the account itself."),
    "payment_reference": _("Such as “ends in 4417”, or the number of the receipt."),
    "seals": _("One a line."),
    "features": _("One a line, in the words of the expert."),
}
CHOICE: Mapping[str, Word] = {
    "employee": _("an employee"),
    "agency": _("an agency"),
    "lawyer": _("a lawyer"),
    "notary": _("a notary or bailiff"),
    "private": _("a private person"),
    "card": _("card"),
    "transfer": _("bank transfer"),
    "wallet": _("wallet"),
    "cash": _("cash"),
    "other": _("otherwise"),
    "yes": _("yes"),
    "no": _("no"),
    "not-sealed": _("it was not under seal"),
    "genuine": _("genuine"),
    "counterfeit": _("counterfeit"),
    "undetermined": _("undetermined"),
    "finished": _("the work is done"),
    "never-came": _("the parcel never came"),
    "returned": _("it went back to the seller"),
    "mistake": _("it was recorded by mistake"),
}
