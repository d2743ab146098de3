"""A web server of this machine that takes messages as apprise sends them by `json://`."""

from __future__ import annotations

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service:
    """Takes messages, or refuses them at paths that say so."""

    def __init__(self) -> None:
        service = self
        self.taken: list[dict[str, str]] = []
        self.next: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refused = "refuse" in self.path
                if not refused:
                    service.taken.append(json.loads(body))
                    service.next.put(service.taken[-1])
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
