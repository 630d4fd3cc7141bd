"""Words nobody types in good faith, and some that people do type and programs stumble over."""

NOTHING = ["", " ", "\t\r\n", "\u3000", "\u200b", "\ufeff", "\u2060", "\u200d", "\u00a0", "\u2028"]
CONTROLS = [
    "\0", "好\0好", "\x01", "\x08\x7f", "\x1b[31m红\x1b[0m", "\x85", "\x9f", "a\rb", "a\nb", "\v\f", "\ud800", 
    "\udfff尾",    "头\ud83d", "\udc00\ud800", "\ufffe", "\uffff", "\U0010ffff", "\ue000", "\ufffd",
]  # fmt: skip
LETTERS = [
    "𠮷野家", "🏭", "👩‍👩‍👧‍👦", "🇨🇳", "e\u0301", "\u0301", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "مرحبا", "\u202e反\u202c", "\u2066左\u2069",
    "ﷺ", "ﬁ", "İ", "ß", "Ⅷ", "①", "ＡＢＣ", "＜ｓｃｒｉｐｔ＞", "；ＤＲＯＰ", "Å", "가", "ก็็็็", "ʼ", "‘’“”",
]  # fmt: skip
MARKUP = [
    "<script>alert(1)</script>", "</title><img src=x onerror=alert(1)>", "\"'><svg onload=alert(1)>", "</textarea><b>",
    "<!--", "]]>", "<?xml version='1.0'?>", "&lt;b&gt;", "&#0;", "&#x110000;", "{{ 7 * 7 }}", "{% include 'x' %}",
    "{# #}", "${7*7}", "#{7*7}", "javascript:alert(1)", "data:text/html,x", "%3Cscript%3E", "\\u003cscript\\u003e", 
    "hx-get=/x",
]  # fmt: skip
QUERIES = [
    "'", "''", "\"", "`", "\\", "\\'", "';--", "' OR 1=1 --", "1; DROP TABLE petitions_petition", "%", "_", "%%", "%s",
    "%(title)s", "%n%n", "{0}", "{title}", "$1", "*", "?", ")(", "(?:a+)+$", "[", "\\N", "NULL", "E'\\x00'",
]  # fmt: skip
PLACES = [
    "../../../etc/passwd", "..\\..\\boot.ini", "/dev/null", "file:///etc/passwd", "http://[", "//evil.example",
    "\\\\evil\\x", "con", "a\r\nBcc: x@example.org", "a\r\n\r\n<html>", "; cat /etc/passwd", "$(id)", "`id`", "|id",
    "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "x@y", "\"<x>\"@example.org",
]  # fmt: skip
NUMBERS = [
    "0", "-1", "-0", "00", "1e400", "1e-400", "NaN", "Infinity", "0x10", "１２", "٣", "1_000", "1,000", "1.5",
    "9" * 400, "9223372036854775808", "-9223372036854775809", "2147483648", "true", "null", "undefined", "[]", "{}",
    "[" * 2000,
]  # fmt: skip
DAYS = [
    "0000-00-00", "0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01",
    "2026-1-1", "20260101", "2026-W01", "01/02/2026", "2026-01-01T00:00:00+16:00", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00", "2026-01-01T24:00", "2026-01-01T00:00:00.0000001Z", "25:00", "12:60", "now",
    "二〇二六年",
    "00000000-0000-0000-0000-000000000000", "urn:uuid:" + "f" * 32, "{" + "1" * 32 + "}", "g" * 32,
]  # fmt: skip
LONG = ["长" * 81, "x" * 5001, "🏭" * 2500, "\n" * 3000, "a " * 50_000, "%" * 10_000, "\u0301" * 1000]

CORPUS = [*NOTHING, *CONTROLS, *LETTERS, *MARKUP, *QUERIES, *PLACES, *NUMBERS, *DAYS, *LONG]
# What a program may send where words are expected.
SHAPES = [
    None,
    True,
    False,
    0,
    -1,
    2**63,
    1.5,
    1e300,
    [],
    {},
    [[]],
    [None],
    [1],
    {"a": "b"},
    ["x", {"y": 1}],
    ["\ud800"],
]
