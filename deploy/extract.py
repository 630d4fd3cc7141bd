"""Bring the English catalogue up to date with the words marked in code and templates (docs/decisions/0001).

    python deploy/extract.py           add new words, drop those no longer used, list what has no English, compile
    python deploy/extract.py --check   change nothing; fail where a word has no English

Existing English is kept; nothing is guessed from similar words. Entries are sorted and carry no places, so that a
change of the catalogue shows only the words that changed.
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from messages import compile_messages
from places import PROJECT

ENGLISH = PROJECT / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEAD = """msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
# What the arguments of a marking function are.
MARKS = {
    "gettext": ("singular",),
    "ngettext": ("singular", "plural"),
    "pgettext": ("context", "singular"),
    "npgettext": ("context", "singular", "plural"),
}
MARKS |= {f"{name}_lazy": words for name, words in MARKS.items()} | {"gettext_noop": ("singular",)}
# The calls that Django makes of template tags, in Babel's terms.
CALLS = {"_": (1,), "gettext": (1,), "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
Marked = tuple[str | tuple[str, str], str | None]


def main(arguments: list[str]) -> int:
    """Update (or check) the catalogue and list what is still without English; the exit code."""
    known = read_english()
    current = merge(known)
    if arguments != ["--check"]:
        write_english(current)
        compile_messages()
    missing = [message for message in current if message.id and not translated(message)]
    for message in missing:
        print(f"no English: {message.id!r}")
    words = sum(1 for message in current if message.id)
    print(f"{words - len(missing)} of {words} words in English")
    return 1 if missing and arguments == ["--check"] else 0


def read_english() -> Catalog:
    """The catalogue as it stands; an empty one before the first extraction."""
    if not ENGLISH.exists():
        return Catalog(locale="en")
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def merge(known: Catalog) -> Catalog:
    """All marked words, with the English they already have."""
    current = Catalog(locale="en")
    for words, context in sorted(marked(), key=str):
        singular = words[0] if isinstance(words, tuple) else words
        if isinstance(words, str) and current.get(singular, context):
            continue  # also marked with a plural, whose entry serves both
        old = known.get(singular, context)
        same_shape = old and isinstance(old.string, tuple) == isinstance(words, tuple)
        current.add(words, old.string if same_shape else None, context=context)
    return current


def marked() -> set[Marked]:
    """Every marked word of the project with its context; a pair where a plural is given."""
    found = set()
    for app in (*sorted(file.parent for file in PROJECT.glob("*/apps.py")), PROJECT / "config"):
        for file in sorted(app.rglob("*.py")):
            if "migrations" not in file.parts:
                found.update(in_module(file.read_text()))
    for folder in (PROJECT / "templates", *sorted(PROJECT.glob("*/templates"))):
        for file in sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"}):
            found.update(in_template(file.read_text()))
    return found


def in_module(source: str) -> Iterator[Marked]:
    """The words a module hands to the marking functions it imports, by whatever names; also inside f-strings."""
    nodes = list(ast.walk(ast.parse(source)))
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"]
    marks = {name.asname or name.name: MARKS.get(name.name) for node in imports for name in node.names}
    for call in nodes:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and marks.get(call.func.id):
            given = dict(zip(marks[call.func.id], (getattr(word, "value", None) for word in call.args), strict=False))
            words = tuple(given[name] for name in ("singular", "plural") if name in given)
            if all(isinstance(word, str) for word in words):
                yield words if len(words) > 1 else words[0], given.get("context")


def in_template(source: str) -> Iterator[Marked]:
    """The words of a template's tags, by way of the function calls they stand for."""
    calls = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    for _, words, _, context in extract("python", BytesIO(calls.encode()), keywords=CALLS):
        yield words, context


def translated(message: Message) -> bool:
    """Whether every form of it has English."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def write_english(catalogue: Catalog) -> None:
    """Write the catalogue, sorted, under a head that never changes."""
    entries = BytesIO()
    write_po(entries, catalogue, width=120, no_location=True, omit_header=True, sort_output=True)
    text = HEAD + entries.getvalue().decode().strip() + "\n"
    if not ENGLISH.exists() or ENGLISH.read_text() != text:
        ENGLISH.parent.mkdir(parents=True, exist_ok=True)
        ENGLISH.write_text(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
