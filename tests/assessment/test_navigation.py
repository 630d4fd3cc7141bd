"""Who finds what in the menu."""

import pytest

HOME, NEWS = "首页", "消息"
UNIT = [HOME, "办件队列", "全部诉求"]
OVERSEER = [HOME, "走访记录", "全部诉求", "联席会议", "看板", NEWS]
WITH_QUEUE = [HOME, "办件队列", *OVERSEER[1:]]
MENUS = {
    "lan": [HOME, "我要提诉求", "我的诉求", "走访记录", NEWS],
    "chen": [HOME, "我的企业", "登记走访", "走访记录", "全部诉求", NEWS],
    "wen": [*UNIT, NEWS],
    "zhao": [HOME, "办件队列", "走访记录", "全部诉求", "标准答复", "看板", NEWS],
    "mei": [HOME, "办件队列", "登记来件", "走访记录", "全部诉求", "联席会议", "看板", NEWS],
    "hua": [HOME, "办件队列", "走访记录", "全部诉求", "看板", NEWS],
    "shen": WITH_QUEUE,
    "luo": WITH_QUEUE,
    "ada": OVERSEER,
    "root": [HOME, NEWS, "通知渠道", "后台管理"],
}


@pytest.mark.parametrize("person", MENUS)
def test_each_person_finds_their_places(client, request, person):
    client.force_login(request.getfixturevalue(person))
    items = client.get("/preferences/").context["navigation"].items
    assert [str(item.label) for item in items] == MENUS[person]


@pytest.mark.parametrize("person", MENUS)
def test_every_place_opens(client, request, person):
    client.force_login(request.getfixturevalue(person))
    items = client.get("/preferences/").context["navigation"].items
    assert {item.url: client.get(item.url).status_code for item in items} == {item.url: 200 for item in items}


def test_the_place_one_is_in_is_marked(client, wen):
    client.force_login(wen)
    marked = {path: [item.url for item in client.get(path).context["navigation"].items if item.active] for path in
              ("/", "/petitions/", "/petitions/all/", "/preferences/")}  # fmt: skip
    assert marked == {
        "/": ["/"],
        "/petitions/": ["/petitions/"],
        "/petitions/all/": ["/petitions/all/"],
        "/preferences/": [],
    }


def test_a_stranger_finds_no_menu(client, db):
    assert client.get("/login/").context["navigation"].items == []
