"""The pictures of the README: one of each role's page. `SCREENSHOTS=1 pytest tests/journeys/test_pictures.py` writes
them to docs/screenshots/; otherwise the pages are only looked at.
"""

import os
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from directory.models import Unit
from petitions import operations
from petitions.models import Petition
from tests.browser import PHONE, PROJECT
from tests.cast import Role
from tests.journeys.district import NOW, District
from tests.journeys.walking import reads

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = PROJECT / "docs" / "screenshots"
WIDE = 1280
HEIGHTS = {"unit": 600, "leader": 1560, "call-back": 420, "panel": 700}  # the others: 860
LARGEST = 150 * 1024  # bytes


@pytest.fixture
def district(catalogue, clock, lan, chen, mei, lantern) -> District:
    clock.now = NOW
    return District(lan, chen.cadre, mei, lantern).settle(64)


def turned_away_twice(district: District) -> Petition:
    """The youngest ticket of a unit that holds it for another's; the panel has to rule."""
    petition = district.petitions["dispatched"]
    head, at = district.officer(petition.lead, Role.HEAD), petition.dispatched_at
    words = {"proposed": Unit.objects.get(code="GXJ"), "note": "依据“三定”方案第五条，园区用工协调由工信部门牵头。"}
    petition = operations.contest(petition, head, at + timedelta(hours=4), **words)
    petition = operations.uphold(
        petition, district.mei, at + timedelta(hours=5), note="企业要求的是招聘服务，仍由贵单位牵头。"
    )
    words["note"] = "企业另需产业工人定向培养，职责不清，提请裁定。"
    return operations.appeal(petition, head, at + timedelta(hours=6), **words)


def test_the_pictures_of_the_readme(open_page, district, luo, hua, shen, ada, root, ping):
    petition = district.petitions["promised"]
    unit = district.handler(district.petitions["late"].lead)
    pictures = {
        "cadre": (district.chen.user, "/", PHONE, "接下来去哪家"),
        "enterprise": (district.lan, "/", WIDE, "有困难，说一声"),
        "desk": (district.mei, "/petitions/?show=all", WIDE, "全部未办结"),
        "unit": (unit, "/petitions/?show=unit", WIDE, "本单位"),
        "petition": (district.handler(petition.lead), petition.get_absolute_url(), WIDE, "办理进度"),
        "panel": (ping, turned_away_twice(district).get_absolute_url(), WIDE, "退单裁定"),
        "call-back": (hua, "/", WIDE, "待评价"),
        "supervision": (shen, district.petitions["late"].get_absolute_url(), WIDE, "已逾期"),
        "auditor": (ada, "/petitions/all/?stage=closed", WIDE, "已办结"),
        "administrator": (root, "/admin/", WIDE, "服务标准"),
        "leader": (luo, "/board/?from=2023-05-01&to=2023-06-16", WIDE, "按时受理率"),
    }
    for name, (user, path, width, words) in pictures.items():
        page = open_page(path, user=user, width=width)
        page.set_viewport_size({"width": width, "height": HEIGHTS.get(name, 860)})
        reads(page, words)
        picture = drawn(page)
        assert len(picture) <= LARGEST, name
        if os.environ.get("SCREENSHOTS") == "1":
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / f"{name}.png").write_bytes(picture)
        page.context.close()


def drawn(page: Page) -> bytes:
    """What the window shows, in 256 colours, as a small PNG."""
    picture = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    written = BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()
