"""From words and pictures to a PDF: templates of our own, and a renderer that reads only the bytes it is given."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from countermark.node.kernel.errors import Conflict

TEMPLATES = Path(__file__).with_name("templates")
#: What the renderer asks of the machine; a node without it does everything but draw papers.
MISSING = (
    "This machine cannot draw papers: Pango is not installed. Install it (Debian: apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0) and try again."
)


def page_of(template: str, shown: Mapping[str, Any]) -> str:
    """One of our templates as HTML; every value is escaped."""
    engine = Engine(dirs=[str(TEMPLATES)], autoescape=True)
    return str(engine.get_template(template).render(Context(dict(shown))))


def pdf_of(page: str, pictures: Mapping[str, bytes], language: str) -> bytes:
    """A PDF/A-3u of a page.

    Args:
        page: HTML, from `page_of`; what it needs it names `exhibit:NAME`.
        pictures: bytes by name.
        language: `fr`, `zh` or `en`; decides which letters come first.

    Raises:
        Conflict: cannot-draw, Pango is missing on this machine.
        drawing.Forbidden: the page asks for anything else than what it was given.
    """
    if not can_draw():
        raise Conflict(MISSING, code="cannot-draw")
    # The renderer takes a second to load.
    from countermark.node.evidence.exhibits import drawing  # noqa: PLC0415

    return drawing.draw(page, pictures, language)


def can_draw() -> bool:
    """Whether the libraries of the system that the renderer opens are there."""
    try:
        from countermark.node.evidence.exhibits import drawing  # noqa: F401, PLC0415
    except OSError:
        return False
    return True
