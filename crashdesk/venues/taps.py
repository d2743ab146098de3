"""A thin layer over ccxt.pro classes: our clock, whole liquidation messages, HTTP refusals, rows that fail alone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crashdesk.model.ports import Clock
from crashdesk.venues.errors import BadDataError, HttpRefusalError, retry_after_seconds

_REFUSING = (403, 418, 429, 451)
_DATA = frozenset({"data", "e", "params", "topic", "stream"})
"""Keys of the messages with data that is not liquidations."""


@dataclass(eq=False)
class Tap:
    """What the layer tells its owner.

    `on_message` gets each whole message that `picks` knows as one of liquidations, `on_refused` the venue's words when
    it refuses a subscription, `on_accepted` when it accepts one. `data` counts messages with data by connection, of
    liquidations or not. `bad_frames` counts messages and `bad_tickers` ticker rows that could not be digested.
    `guarded` are the connections made so far, by URL.
    """

    clock: Clock
    picks: Callable[[Mapping[str, object]], bool] | None = None
    on_message: Callable[[object], None] | None = None
    on_refused: Callable[[str], None] | None = None
    on_accepted: Callable[[], None] | None = None
    bad_frames: int = 0
    bad_tickers: int = 0
    data: Counter[str] = field(default_factory=Counter)
    guarded: dict[str, Any] = field(default_factory=dict)


class TappedMixin:
    """Goes before a ccxt.pro class. ccxt's own names and signatures, hence `Any`."""

    tap: Tap

    def milliseconds(self) -> int:
        """UTC ms of the injected clock, for signing, paging and cut-offs inside ccxt."""
        return self.tap.clock.now_ms()

    def seconds(self) -> int:
        """The same in seconds."""
        return self.tap.clock.now_ms() // 1000

    def handle_errors(self, *args: Any) -> Any:
        """What refuses becomes one exception with Retry-After, before ccxt reads venue codes from the body.

        A body that is no JSON object or list is an error too, whatever the call: ccxt would take it for "no rows".
        """
        code, headers, body, answer = args[0], args[4], args[5], args[6]
        if isinstance(code, int) and (code in _REFUSING or code >= 500):
            wait = next((value for key, value in (headers or {}).items() if key.lower() == "retry-after"), None)
            raise HttpRefusalError(code, str(body)[:500], retry_after_seconds(wait, self.tap.clock.now_ms()))
        if not isinstance(answer, dict | list):
            raise BadDataError(_no_json(code, str(body or "")))
        return super().handle_errors(*args)  # type: ignore[misc]

    def parse_ticker(self, *args: Any, **kwargs: Any) -> Any:
        """One garbage row must not take the whole answer with it: it comes back without a symbol, counted."""
        try:
            return super().parse_ticker(*args, **kwargs)  # type: ignore[misc]
        except (ValueError, AttributeError, TypeError, LookupError, ArithmeticError):
            self.tap.bad_tickers += 1
            return {"symbol": None, "info": {}}

    def client(self, url: str) -> Any:
        """ccxt's connection to `url`, made to survive a frame that it cannot digest.

        As it is, one cut-off or binary frame ends its receive loop in silence.
        """
        made = super().client(url)  # type: ignore[misc]
        if url not in self.tap.guarded or self.tap.guarded[url] is not made:
            self.tap.guarded[url] = made
            made.handle_message = self._guarded(made.handle_message)
        return made

    def _guarded(self, handle: Callable[[Any], None]) -> Callable[[Any], None]:
        def handle_or_count(frame: Any) -> None:
            try:
                handle(frame)
            except Exception:  # noqa: BLE001 - whatever ccxt makes of a frame, the connection must go on
                self.tap.bad_frames += 1

        return handle_or_count

    def handle_message(self, client: Any, message: Any) -> None:
        """Liquidations go to the tap, whole and untouched: ccxt keeps one row of several and no borders of messages.

        A refused subscription is told at once, for which ccxt would wait for ever; pongs are ccxt's.
        """
        tap = self.tap
        if tap.picks is not None and isinstance(message, dict):
            if tap.picks(message):
                tap.data[client.url] += 1
                if tap.on_message is not None:
                    tap.on_message(message)
                return
            refusal = refusal_in(message)
            if refusal is not None:
                if tap.on_refused is not None:
                    tap.on_refused(refusal)
                return
            if accepts(message):
                if tap.on_accepted is not None:
                    tap.on_accepted()
                return
            if not _DATA.isdisjoint(message):
                tap.data[client.url] += 1
                return
        super().handle_message(client, message)  # type: ignore[misc]

    def handle_pong(self, client: Any, message: Any) -> Any:
        """ccxt compares this with the system's clock, so the injected one must not get in."""
        client.lastPong = int(time.time() * 1000)
        return message


def tapped(base: type[Any]) -> type[Any]:
    """The class of an exchange with the layer in front."""
    return type(base.__name__, (TappedMixin, base), {})


def _no_json(status: object, body: str) -> str:
    """What a body is that is no JSON object or list; its own text is never shown."""
    text = body.strip()
    what = (
        "nothing in it"
        if text in ("", "null")
        else "a web page"
        if text.startswith("<")
        else "no JSON object or list in it"
    )
    return what if status == 200 else f"{what}, HTTP {status}"


def refusal_in(message: Mapping[str, object]) -> str | None:
    """The venue's words when a socket message refuses a subscription, else None. Shapes of all wired venues.

    Deribit answers with the channels that it took, none when it knows none of them.
    """
    error = message.get("error")
    if isinstance(error, dict):
        return str(error.get("msg") or error.get("message") or error.get("code") or "refused")
    if message.get("event") == "error":
        return str(message.get("msg") or message.get("code") or "refused")
    if message.get("success") is False:
        return str(message.get("ret_msg") or "refused")
    if message.get("result") == []:
        return "no such channel"
    return None


def accepts(message: Mapping[str, object]) -> bool:
    """Whether a socket message accepts a subscription (OKX, Bybit, Binance and Deribit shapes)."""
    if message.get("event") == "subscribe" or (message.get("op") == "subscribe" and message.get("success") is True):
        return True
    if "id" not in message or "result" not in message:
        return False
    return message["result"] is None or isinstance(message["result"], list)
