"""What writes the answer of the service at one address to its file, and says what that leads on to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin

from pswonto.errors import SiteError
from pswonto.static_site.addresses import NOT_FOUND, Address, Addresses
from pswonto.static_site.hypertext import led
from pswonto.static_site.visitor import Visitor
from pswonto.web.rest import BASE_PATH

_LINKING = ("text/html", "image/svg+xml")


@dataclass(frozen=True)
class Target:
    """The folder that is written to.

    Attributes:
        folder: Where it is.
        base_path: The path that it will have on its host, if that is known.
        given: Files whose content is known without asking.
    """

    folder: Path
    base_path: str | None
    given: Mapping[str, bytes]


@dataclass(frozen=True)
class Written:
    """What came of an address.

    Attributes:
        address: The address.
        found: The addresses that it leads to, and that were not found before.
        faults: What went wrong, in a sentence each.
    """

    address: Address
    found: list[Address]
    faults: list[str]


class Writer:
    """Writes files.

    Args:
        visitor: What asks the service.
        addresses: Which file stands for what.
        target: Where to write.
    """

    def __init__(self, visitor: Visitor, addresses: Addresses, target: Target) -> None:
        self._visitor = visitor
        self._addresses = addresses
        self._target = target
        # Pages lead to the same places again and again.
        self._places: dict[str, tuple[Address, str] | None] = {}

    async def write(self, address: Address) -> Written:
        """Write one file.

        Args:
            address: What it is.

        Raises:
            SiteError: The service itself fails.
        """
        written = Written(address, [], [])
        body = await self._content(address, written.faults)
        if body is None:
            return written
        if address.media_type in _LINKING:
            body = self._led(address, body.decode(), written).encode()
        path = self._target.folder / address.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return written

    async def _content(self, address: Address, faults: list[str]) -> bytes | None:
        if address.file in self._target.given:
            return self._target.given[address.file]
        if address.text is not None:
            return address.text.encode()
        reply = await self._visitor.get(address.target, address.media_type)
        if reply.status >= 500:
            raise SiteError([f"{address.target}: the service fails with status {reply.status}; its log says why"])
        media_type = dict(reply.headers).get(b"content-type", b"").decode().partition(";")[0]
        if reply.status == (404 if address.file == NOT_FOUND else 200) and media_type == address.media_type:
            return reply.body
        what = media_type if reply.status == 200 else f"status {reply.status}"
        faults.append(f"{address.target} was to be {address.media_type}, and is {what}")
        return None

    def _led(self, address: Address, text: str, written: Written) -> str:
        up = "../" * address.file.count("/") if address.file != NOT_FOUND else self._target.base_path or ""

        def lead(link: str) -> str:
            if link.startswith("#"):
                return link
            whole = link if link.startswith("/") else urljoin(address.target, link)
            is_new = whole not in self._places
            if is_new:
                self._places[whole] = self._addresses.find(whole)
            place = self._places[whole]
            if place is None:
                written.faults.append(f"{address.file}: no file can stand for {link}")
                return link
            found, fragment = place
            if is_new:
                written.found.append(found)
            return up + quote(found.file) + (f"#{quote(fragment)}" if fragment else "")

        return led(text, lead)


def is_download(address: Address) -> bool:
    """Tell whether an address is that of a file which belongs to a page, and has the answer to the same question."""
    return address.target.startswith(f"{BASE_PATH}/")
