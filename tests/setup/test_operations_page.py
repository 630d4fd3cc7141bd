"""Who runs this finds every variable and every loop on one page."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "operations.md").read_text()


def test_every_variable_the_settings_read_is_described():
    read = set(re.findall(r"""\benv\.\w+\(\s*["'](\w+)""", (PROJECT / "config" / "settings.py").read_text()))
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.M)) == read


def test_the_proxy_sends_streams_to_the_live_process():
    example = (PROJECT / "deploy" / "nginx.conf.example").read_text()
    streams = re.search(r"location /live/ \{(.*?)\}", example, re.S)[1]
    assert "proxy_buffering    off" in streams
    assert "8001" in streams
