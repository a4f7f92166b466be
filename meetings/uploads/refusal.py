"""Why a file is not taken."""

from __future__ import annotations


class FileRefusedError(Exception):
    """A file that is not taken; `reason` is a sentence for who sent it.

    The sentence stands after the file's name: “It holds macros. …”.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


MACROS = "It holds macros. Save it without them, as .docx or PDF, and add it again."
ENCRYPTED = "It is encrypted or protected by a password. Take the protection off and add it again."
DAMAGED = "It is damaged and cannot be read. Save it anew and add it again."
TWO_KINDS = "It is two kinds of file at once. Save it anew as PDF, .docx or .odt and add it again."
EMBEDDED = "It holds other files or objects. Take them out, or save it as PDF, and add it again."
ELSEWHERE = (
    "It fetches parts from elsewhere: linked pictures, frames or data. Put them inside, or save it "
    "as PDF, and add it again."
)
SCRIPTS = "It holds scripts. Save it without them, as PDF, and add it again."
