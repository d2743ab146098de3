"""Which requests are answered: names of this machine, the page's own web socket, the token."""

from __future__ import annotations

import pytest

from crashdesk.outside.browser.guard import asked_here, from_our_page, is_loopback, new_token, same_token


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "::1", "127.8.9.1"])
def test_addresses_that_only_this_machine_reaches(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "desk.example", "localhost.example", "", "127.1 "])
def test_addresses_that_others_reach(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:9", "[::1]:8000", "LocalHost:8000"])
def test_asked_by_a_name_of_this_machine(host: str) -> None:
    assert asked_here(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "127.0.0.1:x",
        "[::1",
        "192.168.1.4:8000",
    ],
)
def test_asked_by_another_name(host: str | None) -> None:
    assert not asked_here(host)


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://LOCALHOST:8000", "localhost:8000", True),
        ("https://desk.example", "desk.example", True),
        ("http://127.0.0.1:8001", "127.0.0.1:8000", False),
        ("http://localhost:8000", "127.0.0.1:8000", False),
        ("http://evil.example", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000@evil.example", "127.0.0.1:8000", False),
        ("file://127.0.0.1:8000", "127.0.0.1:8000", False),
        ("null", "127.0.0.1:8000", False),
        ("", "127.0.0.1:8000", False),
        (None, "127.0.0.1:8000", False),
        ("http://", "", False),
        ("http://127.0.0.1:8000", None, False),
    ],
)
def test_a_web_socket_is_only_for_the_page_of_the_same_address(
    origin: str | None, host: str | None, *, ours: bool
) -> None:
    assert from_our_page(origin, host) is ours


def test_tokens() -> None:
    token = new_token()
    assert len(token) == 32
    assert token != new_token()
    assert same_token(token, token)
    for wrong in ("", token[:-1], f"{token}x", token.swapcase(), "\udcff", "ä"):
        assert not same_token(wrong, token)
