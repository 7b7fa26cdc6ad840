"""What is wrong with a model file, and where."""

from __future__ import annotations

import os


class ModelFileError(ValueError):
    """A file that cannot be read as a model, or that contradicts itself.

    Args:
        path: The file or directory, as it was given.
        message: The rule, the value found, and where useful the fix.
        offset: Byte in the file at which the trouble was met; None where the file as a whole is
            meant.

    Examples:
        >>> print(ModelFileError("model.gguf", "the file is empty", 0))
        model.gguf: at byte 0: the file is empty
    """

    def __init__(
        self, path: str | os.PathLike[str], message: str, offset: int | None = None
    ) -> None:
        """Keep the three parts, so that a caller can show them apart."""
        self.path = os.fspath(path)
        self.message = message
        self.offset = offset
        super().__init__(self.path, message, offset)

    def __str__(self) -> str:
        """Return `path: at byte N: message`, control characters of hostile names escaped."""
        place = "" if self.offset is None else f"at byte {self.offset:,}: "
        lines = f"{self.path}: {place}{self.message}".split("\n")
        return "\n".join(printable(line) for line in lines)


class UnknownNameError(ModelFileError):
    """A name under which no store holds a model, and no file is found."""


def printable(text: str) -> str:
    r"""Return the text with everything that a terminal would act upon escaped.

    A tensor's name comes from whoever wrote the file; it may hold escape sequences.

    Args:
        text: Any text, lone surrogates included.

    Returns:
        The same text, unprintable characters as `\x1b` or `\udc80`.

    Examples:
        >>> print(printable("a\x1b[31mb"))
        a\x1b[31mb
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )
