"""Uploads: written to temporary files as they come, and stopped at the limit instead of filling the disk."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUpload(TemporaryFileUploadHandler):
    """Count what arrives over all files of one request; refuse it above COUNTERMARK_MAX_UPLOAD_BYTES."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep one piece; raises RequestDataTooBig above the limit, which is answered with 413."""
        self.received += len(raw_data)
        if self.received > settings.COUNTERMARK_MAX_UPLOAD_BYTES:
            # Django closes the files that are whole; this one would stay until it is collected.
            self.file.close()
            raise RequestDataTooBig("The files of one upload are larger than COUNTERMARK_MAX_UPLOAD_BYTES.")
        super().receive_data_chunk(raw_data, start)
