"""A thin layer over ccxt.pro classes: our clock, whole liquidation messages, HTTP refusals, rows that fail alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crashdesk.model.ports import Clock
from crashdesk.venues.errors import BadDataError, HttpRefusalError, retry_after_seconds

_REFUSING = (403, 418, 429, 451)


@dataclass(eq=False)
class Tap:
    """What the layer tells its owner.

    `on_message` gets each whole liquidation message, `on_refused` the venue's words when it refuses a subscription,
    `on_accepted` when it accepts one. `bad_frames` counts messages and `bad_tickers` ticker rows that ccxt could not
    digest. `guarded` are the connections made so far, by URL.
    """

    clock: Clock
    on_message: Callable[[object], None] | None = None
    on_refused: Callable[[str], None] | None = None
    on_accepted: Callable[[], None] | None = None
    bad_frames: int = 0
    bad_tickers: int = 0
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
        """A refused subscription is told at once; ccxt would wait for ever."""
        refusal = refusal_in(message)
        if refusal is not None:
            if self.tap.on_refused is not None:
                self.tap.on_refused(refusal)
            return
        if accepts(message) and self.tap.on_accepted is not None:
            self.tap.on_accepted()
        super().handle_message(client, message)  # type: ignore[misc]

    def handle_liquidation(self, client: Any, message: Any) -> None:
        """Whole messages, untouched: ccxt would keep one row of several and lose the borders of messages."""
        if self.tap.on_message is not None:
            self.tap.on_message(message)

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


def refusal_in(message: object) -> str | None:
    """The venue's words when a socket message refuses a subscription (OKX, Binance and Bybit shapes), else None."""
    if not isinstance(message, dict):
        return None
    error = message.get("error")
    if isinstance(error, dict):
        return str(error.get("msg") or error.get("code") or "refused")
    if message.get("event") == "error":
        return str(message.get("msg") or message.get("code") or "refused")
    if message.get("success") is False:
        return str(message.get("ret_msg") or "refused")
    return None


def accepts(message: object) -> bool:
    """Whether a socket message accepts a subscription (OKX, Bybit and Binance shapes)."""
    if not isinstance(message, dict):
        return False
    if message.get("event") == "subscribe" or (message.get("op") == "subscribe" and message.get("success") is True):
        return True
    return "result" in message and message["result"] is None and "id" in message
