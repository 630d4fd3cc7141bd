"""What every template keeps to, so that the content security policy never has to be loosened."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
COMPONENTS = sorted((settings.BASE_DIR / "templates" / "components").glob("*.html"))
ICONS = set((settings.BASE_DIR / "deploy" / "icons.txt").read_text().split())
FORBIDDEN = {
    "an inline style": r"""\sstyle\s*=|<style""",
    "an inline script": r"""<script(?![^>]*\ssrc=)|javascript:""",
    "a handler in the markup": r"""\son[a-z]+\s*=""",
    "code in an htmx attribute": r"""\shx-on|\bjs:|hx-trigger="[^"]*\[""",
    "a name htmx 4 has given up": r"""hx-disabled-elt|hx-ext=""",
}


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_carry_no_code_and_no_style(path):
    text = path.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_each_component_names_its_variables_in_its_first_line(path):
    assert re.match(r"\{# .+ #\}\n", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_icons_are_in_the_sprite(path):
    used = set(re.findall(r"""\{% icon "([^"]+)""", path.read_text()))
    assert used - ICONS == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_form_that_changes_something_carries_its_token(path):
    text = path.read_text()
    forms = re.findall(r"""(?s)<form[^>]*(?:method="post"|hx-post)[^>]*>.*?</form>""", text, re.IGNORECASE)
    assert [form[:80] for form in forms if "csrf_token" not in form] == []
