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
# Which arguments of a marking function are words; (n, "c") is a context.
MARKS = {
    "gettext": (1,),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
MARKS |= {f"{name}_lazy": words for name, words in MARKS.items()} | {"gettext_noop": (1,)}


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
    return 1 if missing else 0


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


def marked() -> set[tuple[str | tuple[str, str], str | None]]:
    """Every marked word of the project with its context; a pair where a plural is given."""
    found = set()
    for source, marks in (*python_sources(), *template_sources()):
        for _, words, _, context in extract("python", BytesIO(source.encode()), keywords=marks):
            found.add((words, context))
    return found


def python_sources() -> Iterator[tuple[str, dict]]:
    """Each module of the apps, with the names its marking functions go by there."""
    for app in [*sorted(file.parent for file in PROJECT.glob("*/apps.py")), PROJECT / "config"]:
        for file in sorted(app.rglob("*.py")):
            if "migrations" not in file.parts:
                source = file.read_text()
                yield source, marks_of(source)


def marks_of(source: str) -> dict:
    """The marking functions a module imports, by the names it gives them."""
    imports = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    names = [name for node in imports if node.module == "django.utils.translation" for name in node.names]
    return {name.asname or name.name: MARKS[name.name] for name in names if name.name in MARKS}


def template_sources() -> Iterator[tuple[str, dict]]:
    """Each template as the calls its tags stand for."""
    for folder in (PROJECT / "templates", *sorted(PROJECT.glob("*/templates"))):
        for file in sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"}):
            calls = templatize(file.read_text(), origin=str(file.relative_to(PROJECT)))
            yield "\n".join(line.lstrip() for line in calls.splitlines()), MARKS | {"_": (1,)}


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
