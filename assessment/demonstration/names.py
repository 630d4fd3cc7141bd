"""Invented names: people, firms, parks, streets. No telephone number is one that can ring."""

from random import Random

SURNAMES = "陈林黄李张王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄吕江何萧罗高潘简朱钟游詹胡施沈余卢梁赵颜柯翁魏孙戴范"
GIVEN = "文志国建俊伟雅淑美玉秀惠晓思雨子嘉宇浩明杰勇军平海春华丽芳敏静强磊洋艳娟涛超霞刚慧欣怡博然宁安和远"
BRANDS = "砚川岚屿澍珩玥砺彧煦珞霁沅翊骁琮湛钧曜泓晟禾澄汐垚铎瑄璟昭攸衡谦恪笃睿朔舫楫麓皋"
BRANDS_2 = "尔维拓诺泰科联达瑞创驰格通迈信元仕凯普络图锐森芯佑恩纳沃卡力"
TRADES = (
    ("电子", "电子元件", "计算机、通信和其他电子设备制造业"),
    ("精密模具", "精密模具", "专用设备制造业"),
    ("智能装备", "自动化设备", "专用设备制造业"),
    ("光电", "照明模组", "电气机械和器材制造业"),
    ("新能源", "储能电池", "电气机械和器材制造业"),
    ("塑胶制品", "塑胶外壳", "橡胶和塑料制品业"),
    ("五金", "五金结构件", "金属制品业"),
    ("印刷包装", "彩盒包装", "印刷和记录媒介复制业"),
    ("医疗器械", "康复器械", "专用设备制造业"),
    ("食品", "烘焙食品", "食品制造业"),
    ("服装", "职业装", "纺织服装、服饰业"),
    ("家具", "办公家具", "家具制造业"),
    ("物流", "冷链配送", "道路运输业"),
    ("供应链", "跨境电商", "批发业"),
    ("软件", "工业软件", "软件和信息技术服务业"),
    ("科技", "传感器", "科技推广和应用服务业"),
    ("环保科技", "水处理设备", "生态保护和环境治理业"),
    ("文化传播", "文创产品", "文化艺术业"),
    ("机器人", "协作机器人", "通用设备制造业"),
    ("餐饮管理", "团餐", "餐饮业"),
)
PARKS = {
    "XA": ("海澜创意园", "留仙云谷", "翻身产业园"), "XX": ("固戍恒晟园", "桃源智造城", "铁岗科创园"),
    "HC": ("三围航空园", "钟屋智谷", "黄麻布工业园"), "FY": ("凤凰灵聚园", "白石厦科技园", "怀德产业园"),
    "FH": ("和平永晟园", "塘尾高新园", "展城产业园"), "SJ": ("步涌同泰园", "后亭智汇园", "蚝乡工业园"),
    "XQ": ("象山润智园", "上寮科技园", "黄埔东环园"), "SG": ("江边兴业园", "塘下涌工业园", "潭头西部园"),
    "YL": ("燕川北部园", "洪桥头智造园", "罗田先进园"), "SY": ("塘头宏发园", "水田捷和园", "官田龙腾园"),
}  # fmt: skip
ROADS = (
    "松柏路",
    "锦程路",
    "洲石路",
    "沙江路",
    "蚝业路",
    "创业路",
    "永福路",
    "石岩大道",
    "桥和路",
    "西环路",
    "凤塘大道",
    "燕山路",
)
TITLES = ("总经理", "行政经理", "厂长", "财务负责人", "人事主管", "副总经理", "生产经理", "企业联络员")


def person(rng: Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))


def phone(rng: Random) -> str:
    """Eleven digits after 100, which no network gives out."""
    return f"100{rng.randrange(10**8):08d}"


def firms(rng: Random, n: int) -> list[tuple[str, tuple[str, str, str]]]:
    """So many different company names, each with its trade."""
    found: dict[str, tuple[str, str, str]] = {}
    while len(found) < n:
        trade = rng.choice(TRADES)
        brand = rng.choice(BRANDS) + rng.choice(BRANDS) * (rng.random() < 0.4) + rng.choice(BRANDS_2)
        form = "股份有限公司" if rng.random() < 0.04 else "有限公司"
        found[f"{'深圳市' if rng.random() < 0.8 else '深圳'}{brand}{trade[0]}{form}"] = trade
    return list(found.items())
