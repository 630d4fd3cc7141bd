"""Every word a person reads is marked and has complete English; no Chinese slips past the catalogue (decision 0001)."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
MARKING = re.compile(r"_|_now|_lazy|(n|p|np)?gettext(_lazy|_noop)?")
APPS = ("assessment", "config", "directory", "notices", "petitions", "visits", "workdays")
# Modules that read the office's Chinese documents or write the project's own.
READ_CHINESE = {"directory/rosters.py", "petitions/drawing.py", "workdays/notice.py", "workdays/noticetext.py"}
# Written in braces in standard replies, which are Chinese.
VARIABLES = {"企业", "编号", "标题", "牵头单位", "经办人", "承诺日期", "今天"}
# Chinese that is stored, sent or matched, and so the same in every language.
NOT_WORDS = {
    "config/settings.py": {"企业诉求直达 <noreply@localhost>", "企业诉求直达 API", "企业诉求直达"},
    "notices/kinds.py": {"示例企业有限公司", "区水务局", "文经办", "示例说明。"},  # who a sample notice is about
    "petitions/export.py": {"＝", "＋", "－", "＠", "（", "）"},
    "petitions/filing.py": {"^[0-9+()（）转 -]{5,30}$"},
    "petitions/forms/conference.py": {"[\\s,，、;；]+"},
    "petitions/history.py": {"历史来信人", "历史导入：来信人不是企业，编号记在每件诉求的联系人中"},
    "petitions/likeness.py": {
        r"[0-9０-９A-Za-z_\W]+|[〇零一二三四五六七八九十百千万两]+(?=[年月日号天个件元米次项点])"
    },
    "petitions/standard_replies.py": VARIABLES,
    "petitions/variables.py": {*VARIABLES, "年", "月", "日"},
    "visits/forms.py": {"[,，、;；\\r\\n]+"},
}
ENGLISH_WITH_CHINESE = {"简体中文", "应为“是”或“否”。"}


@pytest.fixture(scope="module")
def english():
    """The entries of the English catalogue as (words, English) pairs of tuples, one item a plural form."""
    with (PROJECT / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [(as_tuple(message.id), as_tuple(message.string)) for message in read_po(file) if message.id]


def as_tuple(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (words,)


def test_every_marked_word_has_english():
    """Run `python deploy/extract.py` after marking words, then write their English."""
    done = subprocess.run(
        [sys.executable, "deploy/extract.py", "--check"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_english_keeps_the_placeholders(english):
    wrong = [
        (words[-1], text)
        for words, forms in english
        for text in forms
        if text and sorted(set(PLACEHOLDER.findall(text))) != sorted(set(PLACEHOLDER.findall(words[-1])))
    ]
    assert wrong == []


def test_english_is_english_and_decided(english):
    chinese = [words[0] for words, forms in english if any(map(CHINESE.search, forms))]
    assert set(chinese) <= ENGLISH_WITH_CHINESE
    assert "#, fuzzy" not in (PROJECT / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text()


def test_sentences_stay_sentences(english):
    told = [(words[0], text) for words, forms in english for text in forms if text]
    assert [(word, text) for word, text in told if word.endswith("。") != text.endswith(".")] == []


def test_templates_hold_no_unmarked_chinese():
    folders = (PROJECT / "templates", *(PROJECT / app / "templates" for app in APPS))
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in {".html", ".txt"}]
    assert list(finds(files, unmarked_in_template)) == []


def test_modules_hold_no_unmarked_chinese():
    files = [
        file
        for app in APPS
        for file in sorted((PROJECT / app).rglob("*.py"))
        if not {"migrations", "demonstration"} & set(file.parts) and str(file.relative_to(PROJECT)) not in READ_CHINESE
    ]
    assert list(finds(files, unmarked_in_module)) == []


def test_scripts_hold_no_chinese():
    files = sorted((PROJECT / "static").glob("*.js"))
    assert list(finds(files, lambda text: CHINESE.findall(re.sub(r"/\*.*?\*/|//.*", "", text, flags=re.S)))) == []


def finds(files: list[Path], look) -> Iterator[str]:
    """“file: text” of everything found that is not listed as no words."""
    for file in files:
        name = str(file.relative_to(PROJECT))
        yield from (f"{name}: {text}" for text in look(file.read_text()) if text not in NOT_WORDS.get(name, ()))


def unmarked_in_template(text: str) -> list[str]:
    """What is left after taking away comments and everything marked for translation, by line."""
    text = text.replace("【{{ sign }}】", "")  # how a text message begins, in every language
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.S)
    text = re.sub(r"(\{% blocktrans(?:late)?\b.*?%\}).*?\{% endblocktrans(?:late)? %\}", r"\1", text, flags=re.S)
    text = re.sub(r"""\{% trans(?:late)? (".*?"|'.*?')|_\((".*?"|'.*?')\)""", "", text)
    return [line.strip() for line in text.splitlines() if CHINESE.search(line)]


def unmarked_in_module(text: str) -> list[str]:
    """String literals with Chinese outside marking calls; docstrings are for readers of the code."""
    tree = ast.parse(text)
    marked = {id(part) for call in ast.walk(tree) if is_marking(call) for part in ast.walk(call)}
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    marked |= {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in strings if id(node) not in marked and CHINESE.search(node.value)]


def is_marking(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(MARKING.fullmatch(getattr(node.func, "id", "")))
