"""The browser the journeys use is a real one: it draws Chinese, keeps the policy, and tells what goes wrong."""

import pytest
from django.urls import reverse

from tests.browser import DESKTOP, PHONE, Troubles, axe_violations


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("dark", [False, True])
def test_the_sign_in_page_is_accessible_and_fits(open_page, width, dark):
    page = open_page(reverse("directory:login"), width=width, dark=dark, language="en" if dark else "zh-hans")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_broken_policy_and_an_exception_are_found(open_page, live_server, new_context):
    page = new_context(base_url=live_server.url).new_page()
    troubles = Troubles()
    troubles.watch(page)
    page.goto(reverse("directory:login"))
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(100)
    found = "\n".join(troubles.found())
    assert "Content Security Policy" in found
    assert "threw broken" in found
