"""`crashdesk snapshots renormalise`: wrong sides and sizes are mended from the venues' own rows, in a new file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.model.records import (
    Event,
    EventKind,
    Instrument,
    Liquidation,
    MarketKind,
    PriceBasis,
    Record,
    Side,
)
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.session import market_tape

Run = Callable[..., tuple[int, str, str]]
START = market_tape.START
AT = START + 1_000
LONG, SHORT = Side.LONG, Side.SHORT
FILL, BANKRUPT, ORDER = PriceBasis.FILL, PriceBasis.BANKRUPTCY, PriceBasis.ORDER

MARKETS = (
    Instrument("okx", "BTC/USDT:USDT", "BTC", "USDT", MarketKind.LINEAR, 0.01, 1),
    Instrument("okx", "BTC/USD:BTC", "BTC", "USD", MarketKind.INVERSE, 100.0, 1),
    Instrument("binanceusdm", "ETH/USDT:USDT", "ETH", "USDT", MarketKind.LINEAR, 1.0, 2),
    Instrument("binancecoinm", "BTC/USD:BTC", "BTC", "USD", MarketKind.INVERSE, 100.0, 1),
    Instrument("mirror", "ETH/USDT:USDT", "ETH", "USDT", MarketKind.LINEAR, 1.0, 2),
    Instrument("bybit", "BTC/USDT:USDT", "BTC", "USDT", MarketKind.LINEAR, 1.0, 1),
    Instrument("htx", "BTC/USDT:USDT", "BTC", "USDT", MarketKind.LINEAR, 0.001, 1),
    Instrument("gate", "BTC/USDT:USDT", "BTC", "USDT", MarketKind.LINEAR, 0.0001, 1),
    Instrument("bitfinex", "BTC/USD", "BTC", "USD", MarketKind.SPOT, None, 1),
    Instrument("deribit", "BTC/USD:BTC", "BTC", "USD", MarketKind.INVERSE, 10.0, 1),
    Instrument("kraken", "BTC/USD", "BTC", "USD", MarketKind.SPOT, None, 1),
)

BINANCE = {"s": "ETHUSDT", "S": "SELL", "o": "LIMIT", "q": "2", "p": "1", "ap": "3600.5", "l": "1", "z": "2", "T": AT}
DELIVERY = {"s": "BTCUSD_PERP", "S": "BUY", "o": "LIMIT", "q": "3", "ap": "100000", "l": "1", "z": "3", "T": AT}
OKX = {"bkPx": "100000", "posSide": "net", "side": "buy", "sz": "7", "ts": str(AT)}
HTX = {
    "contract_code": "BTC-USDT",
    "created_at": AT,
    "direction": "sell",
    "price": 100000.5,
    "volume": 20,
    "trade_turnover": 2000.01,
}
GATE = {"contract": "BTC_USDT", "time": AT // 1000, "size": -300, "left": "100", "fill_price": "100000"}
BITFINEX = ["pos", 1, AT, None, "tBTCUSD", 0.5, 90_000, None, 1, 1, None, 100_000]
DERIBIT = {
    "instrument_name": "BTC-PERPETUAL",
    "timestamp": AT,
    "direction": "sell",
    "liquidation": "M",
    "price": 100_000,
    "amount": 500,
}
TRUTH: tuple[tuple[str, str, object, Side, float, int, PriceBasis], ...] = (
    # venue, symbol, payload as it is kept, side, coins, micro-dollars, basis: worked out by hand from the venues' rules
    ("okx", "BTC/USDT:USDT", {"instId": "A", "details": [OKX]}, SHORT, 0.07, 7_000_000_000, BANKRUPT),
    ("okx", "BTC/USD:BTC", {"instId": "B", "details": [OKX]}, SHORT, 0.007, 700_000_000, BANKRUPT),
    ("binanceusdm", "ETH/USDT:USDT", BINANCE, LONG, 2.0, 7_201_000_000, FILL),
    ("binanceusdm", "ETH/USDT:USDT", {"e": "forceOrder", "E": AT, "o": BINANCE}, LONG, 2.0, 7_201_000_000, FILL),
    ("mirror", "ETH/USDT:USDT", BINANCE, LONG, 2.0, 7_201_000_000, FILL),
    ("binancecoinm", "BTC/USD:BTC", DELIVERY, SHORT, 0.003, 300_000_000, FILL),
    (
        "bybit",
        "BTC/USDT:USDT",
        {"T": AT, "s": "BTCUSDT", "S": "Buy", "v": "0.2", "p": "99999.5"},
        LONG,
        0.2,
        19_999_900_000,
        BANKRUPT,
    ),
    ("htx", "BTC/USDT:USDT", HTX, LONG, 0.02, 2_000_010_000, ORDER),
    ("gate", "BTC/USDT:USDT", GATE, SHORT, 0.02, 2_000_000_000, FILL),
    ("bitfinex", "BTC/USD", BITFINEX, LONG, 0.5, 50_000_000_000, FILL),
    ("deribit", "BTC/USD:BTC", DERIBIT, SHORT, 0.005, 500_000_000, FILL),
)
USELESS: tuple[tuple[str, str, str], ...] = (
    ("okx", "BTC/USDT:USDT", "{}"),
    ("okx", "BTC/USDT:USDT", '{"details": [{}, {}]}'),
    ("okx", "BTC/USDT:USDT", "not JSON"),
    ("bybit", "BTC/USDT:USDT", '{"T":1,"s":"BTCUSDT","S":"Sideways","v":"1","p":"1"}'),
    ("bybit", "DOGE/USDT:USDT", '{"T":1,"s":"DOGEUSDT","S":"Buy","v":"1","p":"1"}'),
    ("kraken", "BTC/USD", "{}"),
    ("nowhere", "BTC/USDT:USDT", "{}"),
    ("bitfinex", "BTC/USD", json.dumps([*BITFINEX[:8], 0, *BITFINEX[9:]])),
)


def _wrong(venue: str, symbol: str, raw: str) -> Liquidation:
    """A row whose side, price, size and sum are all wrong."""
    return Liquidation(venue, symbol, AT, LONG if len(raw) % 2 else SHORT, 1.0, 2.0, 3_000_000, ORDER, raw)


def _right(row: tuple[str, str, object, Side, float, int, PriceBasis]) -> tuple[object, ...]:
    venue, symbol, _, side, amount, micro, basis = row
    return venue, symbol, AT if venue != "gate" else AT // 1000 * 1000, side, pytest.approx(amount), micro, basis


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A recording of wrong rows, with a cascade that was found in them."""
    path = tmp_path / "wrong.crash"
    writer = RecordingWriter.open(path, market_tape.SESSION, START, fsync=False)
    writer.append(MARKETS, START)
    rows: list[Record] = [_wrong(venue, symbol, json.dumps(raw)) for venue, symbol, raw, *_ in TRUTH]
    writer.append(rows, AT)
    writer.append([_wrong(*row) for row in USELESS], AT + 1_000)
    writer.append([Event(EventKind.CASCADE, AT, AT, "as it seemed", symbol="BTC/USDT")], AT + 2_000)
    writer.append([Event(EventKind.WORKER, AT, AT, "something else")], AT + 3_000)
    writer.close(AT + 4_000)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], hermetic_environment: Path) -> Run:
    """With a venue of the user's own name, which speaks as Binance does."""
    config = hermetic_environment / "config/crashdesk/config.toml"
    config.parent.mkdir()
    config.write_text('[venues.mirror]\nexchange = "binanceusdm"\nsymbols = ["ETH/USDT:USDT"]\n')

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["snapshots", "renormalise", *(str(word) for word in arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def _records(path: Path) -> list[Record]:
    reader = RecordingReader.open(path)
    records = [record for _, batch in reader.batches(reader.first_offset) for record in batch.records]
    reader.close()
    return records


def test_every_venue_is_mended_and_what_is_useless_stays(wrong: Path, run: Run, tmp_path: Path) -> None:
    before, new = wrong.read_bytes(), tmp_path / "new.crash"
    code, out, err = run(wrong, "--out", new)
    assert (code, err) == (0, "")
    assert wrong.read_bytes() == before
    rows = [record for record in _records(new) if isinstance(record, Liquidation)]
    mended, kept = rows[: len(TRUTH)], rows[len(TRUTH) :]
    assert [(r.venue, r.symbol, r.ts_ms, r.side, r.amount, r.usd_micro, r.basis) for r in mended] == [
        _right(row) for row in TRUTH
    ]
    assert [r.raw for r in mended] == [json.dumps(raw) for _, _, raw, *_ in TRUTH]
    assert kept == [_wrong(*row) for row in USELESS]
    assert f"{len(rows)} liquidations: {len(TRUTH)} changed, 0 confirmed, {len(USELESS)} kept as they were" in out
    for reason in ("its market is not in the recording", "the payload kept is no JSON", "the payload kept is 2 rows"):
        assert reason in out
    long = sum(r.usd_micro for r in rows if r.side is LONG) / 1e6
    assert f"long {f'${long:,.2f}':>20}" in out


def test_cascades_are_found_anew_and_other_events_stay(wrong: Path, run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.crash"
    _, out, _ = run(wrong, "--out", new)
    events = [record for record in _records(new) if isinstance(record, Event)]
    assert [event.text for event in events] == ["something else"]
    assert "cascades: 1 before, 0 now" in out


def test_what_is_right_is_confirmed(wrong: Path, run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "first.crash", tmp_path / "second.crash"
    run(wrong, "--out", first)
    code, out, _ = run(first, "--out", second)
    assert code == 0
    assert f": 0 changed, {len(TRUTH)} confirmed, {len(USELESS)} kept" in out
    assert _records(second) == _records(first)


def test_nothing_is_ever_written_over(wrong: Path, run: Run, tmp_path: Path) -> None:
    other = tmp_path / "mine.crash"
    other.write_text("mine")
    for out in (wrong, other, tmp_path):
        code, said, err = run(wrong, "--out", out)
        assert (code, said, err.count("\n")) == (2, "", 1)
        assert "exists already" in err
    assert other.read_text() == "mine"
    code, said, err = run(tmp_path / "no.crash", "--out", tmp_path / "new.crash")
    assert (code, said, err.count("\n")) == (1, "", 1)
    assert not (tmp_path / "new.crash").exists()


def test_it_needs_no_ccxt_and_no_pandas(wrong: Path, tmp_path: Path) -> None:
    words = (
        "import sys; from crashdesk.cli.main import main; "
        f"code = main(['snapshots', 'renormalise', {str(wrong)!r}, '--out', {str(tmp_path / 'x.crash')!r}]); "
        "print(code, sorted({name.split('.')[0] for name in sys.modules} & {'ccxt', 'pandas', 'numpy', 'textual'}))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1:] == ["0 []"], done.stderr
