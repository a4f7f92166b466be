"""Take the files of a form while it comes in, so that no file can take the form's words with it."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from .examine import LARGEST

TOO_LARGE = "It is larger than 10 MB. Make it smaller, or send it in parts."
NOT_STORED = "It could not be stored just now, for want of room. Add it again later."


class ReceivedFile(UploadedFile):  # type: ignore[type-arg]  # generic for the type checker alone
    """A file as it came in; `problem` says why it is not whole, "" where it is."""

    def __init__(self, *args: Any, problem: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problem = problem


class PatientUploadHandler(FileUploadHandler):
    """Keep each file up to the limit; one that is too large or finds no room costs nothing else.

    Django's own stop at the first such file, and what was typed beside it would be lost.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._problem, self._size = "", 0
        try:
            self._file: Any = TemporaryFile()  # noqa: SIM115  # closed with the request
        except OSError:
            self._file, self._problem = None, NOT_STORED

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if not self._problem and self._size > LARGEST:
            self._problem = TOO_LARGE
        if not self._problem:
            try:
                self._file.write(raw_data)
                self._file.flush()
            except OSError:
                self._problem = NOT_STORED

    def upload_interrupted(self) -> None:
        if getattr(self, "_file", None) is not None:
            self._file.close()

    def file_complete(self, file_size: int) -> ReceivedFile:
        if self._problem and self._file is not None:
            self._file.close()
            self._file = None
        if self._file is not None:
            self._file.seek(0)
        return ReceivedFile(
            self._file, self.file_name, self.content_type, file_size, self.charset,
            problem=self._problem,
        )  # fmt: skip
