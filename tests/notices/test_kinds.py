"""Every kind of notice has its words and its place among the groups people choose by."""

from django.conf import settings

from notices.kinds import KINDS, SELF, Group, group_of, is_urgent
from petitions.process import STEPS

TEXTS = {path.stem for path in (settings.BASE_DIR / "templates" / "notices").glob("*.txt") if path.stem[0] != "_"}


def test_every_text_and_every_step_is_a_kind_that_people_can_choose():
    assert TEXTS - {"default"} - set(KINDS) == set()
    assert set(STEPS) - set(KINDS) == set()
    assert all(str(kind.label) and kind.group in {*Group.values, SELF} for kind in KINDS.values())


def test_what_nobody_entered_is_among_the_others():
    assert group_of("unheard of") == Group.OTHER
    assert not is_urgent("unheard of", {})


def test_what_is_due_is_urgent_and_so_is_what_its_teller_says_is():
    assert [kind for kind in ("soon", "due", "overdue", "file") if is_urgent(kind, {})] == ["due", "overdue"]
    assert is_urgent("file", {"urgent": True})
