"""Messages that apprise really sends, to a web server of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crashdesk.config.address import Address
from crashdesk.outside.apprise_child import without_secrets
from crashdesk.outside.messenger import Job, deliver

pytest.importorskip("apprise")


class Service:
    """Takes messages, or refuses them at paths that say so."""

    def __init__(self) -> None:
        service = self
        self.taken: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refused = "refuse" in self.path
                if not refused:
                    service.taken.append(json.loads(body))
                self.send_response(403 if refused else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    at_work = Service()
    yield at_work
    at_work.close()


def test_a_message_arrives_and_one_that_is_refused_says_why_without_secrets(service: Service) -> None:
    good = Address(f"json://user:hunter2@127.0.0.1:{service.port}/hook")
    bad = Address(f"json://user:hunter2@127.0.0.1:{service.port}/refuse/secrettoken")
    gone = Address("json://127.0.0.1:1/secrettoken")
    unknown = Address("nosuchservice://secrettoken")
    told = deliver([Job(url, "crashdesk: 2 alerts", "one & <two>\nthree") for url in (good, bad, gone, unknown)])
    assert told[0] == ""
    assert all(told[1:])
    assert told[3] == "apprise knows no such service, or the address is not whole"
    for reason in told:
        assert "hunter2" not in reason
        assert "secrettoken" not in reason
        assert str(service.port) not in reason
    assert "403" in told[1] or "Forbidden" in told[1]
    assert [(taken["title"], taken["message"]) for taken in service.taken] == [
        ("crashdesk: 2 alerts", "one & <two>\nthree")
    ]


def test_parts_of_an_address_are_left_out_of_a_complaint() -> None:
    url = "tgram://123456789:AbC_def/chat%20room?x=y"
    text = "cannot reach https://api.example/bot123456789:abc_DEF/send for chat room: 404"
    assert without_secrets(text, [url]) == "cannot reach https://api.example/bot****:****/send for ****: 404"
