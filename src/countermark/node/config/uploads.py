"""Uploads: written to temporary files as they come, and stopped at the limit instead of filling the disk."""

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler


class BoundedUpload(TemporaryFileUploadHandler):
    """Count what arrives over all files of one request; end the connection above COUNTERMARK_MAX_UPLOAD_BYTES."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep one piece; raises StopUpload above the limit."""
        self.received += len(raw_data)
        if self.received > settings.COUNTERMARK_MAX_UPLOAD_BYTES:
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)
