"""What a file is, by its first bytes: what its name or a browser says about it is not believed."""

#: First bytes -> media type. Nothing that a browser would run, and no archive.
_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
#: Endings of the files that are known.
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def media_type_by_beginning(data: bytes) -> str:
    """PDF, PNG or JPEG as a media type; empty for everything else."""
    return next((media_type for beginning, media_type in _BEGINNINGS.items() if data.startswith(beginning)), "")
