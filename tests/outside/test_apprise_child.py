"""Messages that apprise really sends, to a web server of this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crashdesk.config.address import Address
from crashdesk.outside.apprise_child import without_secrets
from crashdesk.outside.messenger import Job, deliver
from tests.outside.web_hook import Service

pytest.importorskip("apprise")


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


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("json://u:pa!ss$w0rd@h/x", "refused: /pa%21ss%24w0rd"),
        ("json://u:pa!ss$w0rd@h/x", "refused: /pa%21ss$w0rd"),
        ("mailto://me:my pass@h.com", "refused: /my%20pass"),
        ("mailto://me:my pass@h.com", "refused: /my+pass"),
        ("json://u:p%21ss w0rd@h", "refused: /p%21ss%20w0rd"),
        ("json://u:schl\u00fcssel@h", "refused: /schl%c3%bcssel"),
    ],
)
def test_so_are_parts_that_are_written_in_another_way(url: str, text: str) -> None:
    assert without_secrets(text, [url]) == "refused: /****"
