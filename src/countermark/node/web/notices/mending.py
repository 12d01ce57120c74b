"""The page on which an obstacle to a notice is mended."""

from django.urls import reverse

#: What is mended on the page of a channel.
OF_CHANNEL = frozenset({"approval", "address", "channel", "client", "codes", "columns", "server", "token"})


def mending_page(
    field: str, *, right: str = "", listing: str = "", finding: str = "", channel: str = "", agreement: str = ""
) -> str:
    """Its address; empty when it is mended where it is shown.

    Args:
        field: of the problem.
        right, listing: that the notice rests on, empty where there is none.
        channel, agreement: that it goes through or under, empty where there is none.
        finding: given where the notice is filed with others: papers are added on the page of the single notice, and
            the codes of a programme beside whatever the notice goes by.
    """
    if field in {"right", "rights"}:
        return reverse("web:right", args=[right]) if right else reverse("web:rights")
    if field in OF_CHANNEL and channel:
        return reverse("web:channel", args=[channel])
    if field == "reason_code" and finding and (channel or agreement):
        return reverse("web:channel", args=[channel]) if channel else reverse("web:agreement", args=[agreement])
    if field == "agreement":
        return reverse("web:agreements")
    if field == "items" and listing:
        return reverse("web:listing", args=[listing])
    return reverse("web:notice-file", args=[finding]) if field == "evidence" and finding else ""
