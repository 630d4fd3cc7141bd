"""Categories and service standards in the back office."""

from datetime import date

import pytest
from django.utils import timezone

from petitions.models import Category, ServiceStandard
from tests.cast import make_user, seat
from tests.petitions.stories import filed

pytestmark = pytest.mark.usefixtures("catalogue")
LIMITS = {"dispatch": "2wh", "accept": "1wd", "feedback": "2wd", "close": "5wd", "evaluate": "7d"}
LIMITS |= {"rework_feedback": "3wd", "rework_close": "10wd"}


@pytest.fixture
def office(client):
    client.force_login(seat(make_user("admin", "管理员"), "GXJ", "system administrator"))
    return client


def test_a_new_version_of_a_standard_counts_from_its_day(office):
    row = {"code": "P2", "valid_from": "2027-01-01", "name": "一般", "name_en": "General"} | LIMITS
    seen = office.post("/admin/petitions/servicestandard/add/", row).context["form"]
    row |= {"confirm": "", "previewed": seen.digest()}
    assert office.post("/admin/petitions/servicestandard/add/", row).status_code == 302
    assert str(ServiceStandard.objects.on("P2", date(2026, 12, 31)).limit("feedback")) == "3wd"
    assert str(ServiceStandard.objects.on("P2", date(2027, 1, 1)).limit("feedback")) == "2wd"


def test_a_limit_nobody_can_read_is_refused_at_its_field(office):
    row = {"code": "P2", "valid_from": "2027-01-01", "name": "一般"} | LIMITS | {"feedback": "three days"}
    answer = office.post("/admin/petitions/servicestandard/add/", row)
    assert "feedback" in answer.context["adminform"].form.errors


def test_a_standard_in_use_keeps_its_limits(office, lan, lantern):
    used = filed(lan, lantern, timezone.now()).standard
    row = {"name": "一般事项", "name_en": "General"} | LIMITS | {"feedback": "9wd"}
    office.post(f"/admin/petitions/servicestandard/{used.pk}/change/", row)
    used.refresh_from_db()
    assert (used.name, used.feedback) == ("一般事项", "3wd")


def test_categories_are_ended_not_deleted(office):
    category = Category.objects.get(code="Z0")
    assert office.get("/admin/petitions/category/").status_code == 200
    assert office.post(f"/admin/petitions/category/{category.pk}/delete/", {"post": "yes"}).status_code == 403
