"""Our own small test of analogies, a : b = c : d, of everyday kinds; four words a line, one word of a file each.

Written for this project. By the kind of relation, English and Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = """
opposite: hot cold big small; open closed full empty; fast slow early late; cheap expensive clean dirty;
    good bad strong weak; soft hard light heavy; loud quiet bright dark; old new long short
more: big bigger fast faster; cheap cheaper strong stronger; loud louder small smaller; old older slow slower;
    long longer warm warmer; good better bad worse
many: room rooms bed beds; machine machines button buttons; review reviews order orders; box boxes dish dishes;
    city cities baby babies; child children foot feet
past: break broke buy bought; send sent pay paid; arrive arrived work worked; wait waited ask asked;
    sleep slept eat ate; give gave take took
worker and place: doctor hospital teacher school; cook kitchen waiter restaurant; farmer farm sailor ship;
    pilot plane driver car; judge court actor theatre
thing and part: car wheel chair leg; house roof bottle lid; book page phone screen; shoe sole shirt sleeve;
    guitar string piano key; tree branch knife blade
young: cat kitten dog puppy; cow calf sheep lamb; hen chick duck duckling; horse foal bear cub
man and woman: king queen man woman; father mother son daughter; brother sister uncle aunt; boy girl husband wife
country: france paris italy rome; japan tokyo china beijing; spain madrid germany berlin; russia moscow egypt cairo
made of: bread flour cheese milk; wine grapes juice fruit; window glass tyre rubber; book paper shirt cotton
use: pen write knife cut; bed sleep chair sit; soap wash towel dry; phone call camera photograph
taste and feel: sugar sweet lemon sour; salt salty coffee bitter; ice cold fire hot; stone hard cushion soft
"""

_CHINESE = """
相反: 大 小 高 低; 快 慢 早 晚; 贵 便宜 新 旧; 热 冷 干 湿; 好 坏 强 弱; 干净 脏 安静 吵; 软 硬 轻 重; 甜 苦 长 短
程度: 好 很好 快 很快; 大 最大 小 最小; 高 更高 低 更低; 贵 太贵 慢 太慢
人和地方: 医生 医院 老师 学校; 厨师 厨房 服务员 餐厅; 农民 农村 工人 工厂; 司机 汽车 飞行员 飞机; 法官 法院 演员 剧院;
    前台 酒店 店员 商店
东西和部分: 汽车 轮胎 椅子 椅腿; 房子 屋顶 瓶子 瓶盖; 书 页 手机 屏幕; 鞋 鞋底 衬衫 袖子; 树 树枝 刀 刀刃;
    电脑 键盘 电视 遥控器
男和女: 国王 王后 男人 女人; 父亲 母亲 儿子 女儿; 哥哥 姐姐 弟弟 妹妹; 爷爷 奶奶 叔叔 阿姨; 男孩 女孩 丈夫 妻子
国家和首都: 中国 北京 日本 东京; 法国 巴黎 英国 伦敦; 德国 柏林 俄罗斯 莫斯科; 韩国 首尔 泰国 曼谷
省和省会: 广东 广州 江苏 南京; 浙江 杭州 四川 成都; 湖北 武汉 陕西 西安; 湖南 长沙 山东 济南
用处: 笔 写 刀 切; 床 睡 椅子 坐; 肥皂 洗 毛巾 擦; 电话 打 相机 拍; 车 开 船 划
味道和感觉: 糖 甜 醋 酸; 盐 咸 辣椒 辣; 冰 冷 火 热; 石头 硬 棉花 软
做成: 面包 面粉 豆腐 黄豆; 酒 粮食 奶酪 牛奶; 玻璃 沙子 纸 木头; 衣服 布 轮胎 橡胶
吃和喝: 饭 吃 水 喝; 面 吃 茶 喝; 歌 唱 舞 跳; 书 看 音乐 听
时间: 早上 早餐 晚上 晚餐; 春天 暖和 冬天 寒冷; 昨天 今天 去年 今年; 白天 太阳 夜里 月亮
买和卖: 买 卖 进 出; 来 去 上 下; 开 关 借 还; 问 答 送 收
一类: 苹果 水果 白菜 蔬菜; 猫 动物 玫瑰 花; 椅子 家具 衬衫 衣服; 足球 运动 钢琴 乐器
单位: 人 个 书 本; 车 辆 纸 张; 鱼 条 花 朵; 马 匹 牛 头
"""


Quad = tuple[str, str, str, str]
"""a, b, c, d: a is to b as c is to d."""


def _parsed(text: str) -> dict[str, tuple[Quad, ...]]:
    """One kind a line, "name: quads between ;"; an indented line goes on with the one before."""
    kinds = {}
    for line in text.replace("\n    ", " ").strip().splitlines():
        name, _, quads = line.partition(":")
        words = [quad.split() for quad in quads.split(";")]
        kinds[name] = tuple((a, b, c, d) for a, b, c, d in words)
    return kinds


QUADS: Mapping[str, Mapping[str, tuple[Quad, ...]]] = {"en": _parsed(_ENGLISH), "zh": _parsed(_CHINESE)}
"""Language → kind → analogies."""


def quads(language: str) -> tuple[Quad, ...]:
    """All of a language."""
    return tuple(quad for kind in QUADS[language].values() for quad in kind)


def vocabulary(language: str) -> tuple[str, ...]:
    """All words of a language's analogies, each once."""
    return tuple(dict.fromkeys(word for quad in quads(language) for word in quad))
