"""An address that holds secrets."""

from __future__ import annotations


class Address:
    """Where alerts go, in the words of apprise. It shows its scheme alone, however it is written out."""

    __slots__ = ("_url",)

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def secret(self) -> str:
        """The whole address: for the service that it names, and for nobody else."""
        return self._url

    def __str__(self) -> str:
        return f"{self._url.partition('://')[0].lower()}://****"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and other._url == self._url

    def __hash__(self) -> int:
        return hash(self._url)
