"""The README's example of alerts, tried as it stands there."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from queue import SimpleQueue

from crashdesk.config.alert_settings import AlertKind, LevelEvent
from crashdesk.config.load import load_settings
from crashdesk.outside.notify import AlertCall, CommandRunner

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_example_works(tmp_path: Path) -> None:
    section = README.read_text(encoding="utf-8").partition("### Alerts")[2]
    toml, script = (re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL) for kind in ("toml", "sh"))
    assert toml is not None
    assert script is not None
    (tmp_path / "config.toml").write_text(toml.group(1), encoding="utf-8")
    program = tmp_path / "on-alert.sh"
    program.write_text(script.group(1), encoding="utf-8")
    program.chmod(0o755)
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    settings, problems = load_settings(tmp_path / "config.toml", environment)
    assert problems == ()
    rules = {rule.name: rule for rule in settings.alerts}
    assert (rules["large_liquidation"].min_usd, rules["day_total"].enabled) == (5e6, False)
    assert rules["btc_longs"].kind is AlertKind.LIQUIDATION
    assert rules["my_levels"].on == (LevelEvent.BREACH, LevelEvent.RECLAIM)
    assert (rules["trend"].on, len(rules["trend"].symbols)) == (tuple(LevelEvent), 2)
    assert (rules["deep"].percent, rules["deep"].symbols) == (20.0, ("BTC/USDT",))
    os.mkfifo(tmp_path / "alerts.log")
    said: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=lambda: said.put((tmp_path / "alerts.log").read_text()), daemon=True).start()
    CommandRunner(environment, said.put).run(AlertCall(rules["btc_longs"], 1_762_225_964_000, "$5.00M long liquidated"))
    assert said.get(timeout=20) == "2025-11-04 03:12:44 UTC btc_longs (btc): $5.00M long liquidated\n"
