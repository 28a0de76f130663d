"""What is uploaded is weighed while it arrives: nothing large is ever kept, not even for a moment."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from community.pictures.redraw import MOST_BYTES

MOST_AT_ONCE = 6 * MOST_BYTES


class Scales(FileUploadHandler):
    """Stands before Django's own handlers: a file past 10 MB is left out and noted, a request past 60 MB is cut off."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.file_weight = self.weight = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file_weight = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.file_weight += len(raw_data)
        self.weight += len(raw_data)
        if self.weight > MOST_AT_ONCE:
            raise StopUpload(connection_reset=True)
        if self.file_weight > MOST_BYTES:
            if self.request is not None:
                self.request.too_heavy = True  # type: ignore[attr-defined]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keeping the file is for the handlers behind this one."""
