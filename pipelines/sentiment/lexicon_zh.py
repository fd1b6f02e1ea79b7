"""A Chinese sentiment lexicon for reviews with negation and degree: one of the teachers.

Own lists. Words are matched as they stand in the text, longest first, so that no word segmenter is needed.
"""

from __future__ import annotations

import math
import re

_STRONG_POSITIVE = """
非常好 太好了 太棒了 完美 超赞 绝了 惊艳 强烈推荐 力荐 物超所值 物美价廉 超值 一流 极佳 最好吃 五星好评 满分 无可挑剔
宾至如归 爱死了 炒鸡好 真香 爱不释手 赞不绝口 必须好评 名不虚传 心满意足 无微不至 yyds 好评 超级好 良心 棒极了 一级棒
顶呱呱 顶级 惊喜 感动 回味无穷
"""
_POSITIVE = """
好 好吃 好喝 好用 好看 好听 好玩 好闻 美味 可口 鲜美 香 嫩 脆甜 入味 正宗 地道 新鲜 不错 很赞 赞 棒 给力 满意 喜欢 爱
推荐 值得 划算 实惠 便宜 优惠 性价比高 干净 整洁 卫生 舒适 舒服 温馨 安静 宽敞 明亮 漂亮 美丽 精致 精美 大方 时尚 高档
上档次 热情 周到 贴心 耐心 细心 礼貌 友好 亲切 专业 负责 及时 迅速 快 快捷 准时 神速 很快 方便 便利 流畅 清晰 清楚
稳定 牢固 结实 耐用 轻便 柔软 合适 合身 精彩 感人 有趣 好笑 过瘾 感谢 谢谢 多谢 辛苦了 开心 高兴 愉快 幸福 放心 省心
支持 点赞 优秀 出色 优质 良好 靠谱 实用 齐全 丰富 足 满满 份量足 量足 量大 还会来 还会再来 再来 下次还 会回购 回购
常来 一如既往 继续光顾 信赖 信得过 值 超好 正品 赏心悦目 受益 深刻 经典 引人入胜 温暖 可爱 惊人 强大 ok 还行 还可以
可以 没问题 没毛病 没得说 没话说 没异味 无异味 没有异味 没失望 物流快 发货快 热乎 实在 厚道 爱上 舒心 安心 贴合 顺滑
顺畅 细腻 丝滑 清爽 清新 解渴 香甜 多汁 饱满 酥脆 软糯 松软 筋道 爽口 下饭 管饱 解馋 美观 美美 颜值高 有质感 做工好
手感好 性价比 超出预期 出乎意料的好 名副其实 名不虚传 实至名归 不虚此行 流连忘返 受益匪浅 通俗易懂 深入浅出 爱看 好读
百看不厌 百听不厌 无可挑剔 挑不出毛病 没有缺点 省事 省力 省钱 神器 宝藏 种草 回头客 老顾客 不后悔 没后悔 不踩雷
无限回购
"""
_NEGATIVE = """
差 难吃 难喝 难用 难看 难听 难闻 难受 恶心 臭 馊 腥 油腻 太油 太咸 太淡 太辣 太硬 太甜 太酸 太贵 太慢 太少 太小 太差
太吵 凉了 凉透 冷了 冰凉 慢 很慢 晚了 迟到 超时 等了 催 洒了 撒了 漏了 破了 碎了 烂 坏 坏了 破损 变质 发霉 过期 不熟
夹生 没熟 糊了 焦了 烧焦 失望 后悔 无语 郁闷 生气 气愤 愤怒 投诉 差劲 糟糕 糟 一般般 敷衍 冷漠 态度恶劣 恶劣 粗鲁
不耐烦 骂人 推卸 不负责任 骗 骗人 欺骗 欺诈 忽悠 虚假 假货 假的 山寨 水货 劣质 次品 瑕疵 质量差 粗糙 掉色 褪色 起球
异味 味道重 刺鼻 有味 脏 脏乱 肮脏 灰尘 头发 虫子 蟑螂 苍蝇 拉肚子 肚子疼 吵 吵闹 噪音 嘈杂 隔音差 破旧 陈旧 老旧 潮湿
霉味 狭窄 简陋 昂贵 坑 坑人 坑爹 黑店 宰客 欺负 不值 浪费 上当 死机 卡顿 卡死 闪退 崩溃 掉线 黑屏 蓝屏 发热 发烫 没用
没法 无法 不能用 用不了 打不开 连不上 退货 退款 退了 换货 维修 返修 少了 缺少 漏发 错了 发错 送错 弄错 忘了 忘记 没给
没有给 没送 没收到 没放 不给 不接电话 没人接 没人管 不理 不回 不退 拒绝 取消 太坑 问题 毛病 缺点 不足 遗憾 可惜 凑合
勉强 将就 失败 无聊 枯燥 乏味 啰嗦 看不下去 做作 空洞 抄袭 错别字 盗版 再也不 不会再 不再 以后不 千万别 千万不要 别买
不推荐 不建议 不值得 慎重 慎入 小心 避雷 踩雷 难以下咽 不敢恭维 无良 奇葩 呵呵 吐槽 受不了 忍受不了 莫名其妙 不怎么样
不如 比不上 没味道 没味 没胃口 太次 差评 根本不 名不副实 言过其实 不咋地 不咋样 不够 不合理 不方便 麻烦 费劲 吃力
少得可怜 可怜 疼 痛 过敏 痒 假 贵 累 烦 气死 饿死 醉了 服了 什么玩意 不像话 太过分 过分 欠 肤浅 粗劣 糊弄 应付 拖沓
磨蹭 推脱 踢皮球 占线 打不通 联系不上 降价 缩水 串味 漏水 漏电 漏气 断裂 开胶 脱线 褶皱 划痕 色差 偏小 偏大 偏贵 偏咸
不匀 不新鲜 不好用 不熟练 不专业 误导 夸大 伪劣 塌 软塌塌 蔫 酸了 臭味 怪味 蚊子 掉毛 掉漆 生锈 反应慢 广告多 吵死
扰民 霸王条款 乱收费 多收 强制 捆绑 套路 智商税 不划算 大失所望 一言难尽 惨不忍睹 忍无可忍 无法忍受 后悔死 悔死 白买
白花 打水漂 冤枉钱 糟心 闹心 扫兴 添堵 蛮横 爱答不理 爱理不理
"""
_STRONG_NEGATIVE = """
垃圾 极差 最差 差到极点 差死了 烂透了 恶心死 气死 坑死 史上最差 太垃圾 超级差 非常差 骗子 黑心 无耻 骂 滚 零分 负分
一星 倒闭 太恶心 食物中毒 吐了 再也不会 再也不来 再也不买 脑残 有病 操 妈的
"""
_VALENCE: dict[str, float] = {
    **dict.fromkeys(_STRONG_NEGATIVE.split(), -2.0),
    **dict.fromkeys(_NEGATIVE.split(), -1.0),
    **dict.fromkeys(_STRONG_POSITIVE.split(), 1.8),
    **dict.fromkeys(_POSITIVE.split(), 1.0),
}
# Words that look like praise or blame and are neither.
_NEUTRAL = """
好像 好多 好几 好久 好不容易 最好 只好 好在 好歹 正好 刚好 恰好 幸好 好意思 可以说 不可以 香菇 香菜 香肠 香港 香蕉
香水 快递 快要 快点 尽快 外快 凉快 凉菜 凉皮 凉面 爱人 爱情 恋爱 差不多 出差 相差 误差 差点 时差 价值 值班 麻辣烫
臭豆腐 坏处 破解 累计 积累 高贵 贵阳 珍贵 贵宾 宝贵 假期 假日 放假 请假 假如 假设 慢慢 好友 你好 您好 爱好 好奇 足球
足够 手足 满足 虽然 问题不大 烂漫 作者 操作 体操 可爱 疼爱 辛苦 催眠 糟粕 痛快 赞助 棒球 吵架 快餐 快乐 欠缺 值得一提
好的 还好 实在是 实在太 还没 不差 舒服不
"""
# Traditional signs of the lists above and of what turns or strengthens them, and the simplified ones they are read as.
_TRADITIONAL = str.maketrans(
    "並乾亂併來倖傳傷價儘優凈別剛劃勁動勝問噹嚥囉塵壞夠夾媽實寬寶將專幹幾強彆後恥悅悶惡愛態憐憤戀換損敗時暈暢會業"
    "極樂樣機檔歡歸殘氣沒涼淚淨湊準溫滾滿潔潰濕灑無煩熱燒燙爛狹異當癢癮發盜盡瞭禮稱積穩窮簡級細結絕給經維線緻繼續"
    "罵聞聽腦腸膩臉臟興舊艷萬蒼薦藍處虛蟲蠅衛襲視親覺計記設訴詐評話語誤說談請謝譜議變讚豐豔負貨責貴買費貼賊賓賞質"
    "賴購贊軟較輕迴連週過遞適遲遺還釋錯閃閉開陳陽隻雖雜雞難電靜頂須頓頭題顧餓餿騙驚髒體鬧鬱魯鮮鹹麗麵麼點黴齊這個"
    "們為對業務裡裏",
    "并干乱并来幸传伤价尽优净别刚划劲动胜问当咽啰尘坏够夹妈实宽宝将专干几强别后耻悦闷恶爱态怜愤恋换损败时晕畅会业"
    "极乐样机档欢归残气没凉泪净凑准温滚满洁溃湿洒无烦热烧烫烂狭异当痒瘾发盗尽了礼称积稳穷简级细结绝给经维线致继续"
    "骂闻听脑肠腻脸脏兴旧艳万苍荐蓝处虚虫蝇卫袭视亲觉计记设诉诈评话语误说谈请谢谱议变赞丰艳负货责贵买费贴贼宾赏质"
    "赖购赞软较轻回连周过递适迟遗还释错闪闭开陈阳只虽杂鸡难电静顶须顿头题顾饿馊骗惊脏体闹郁鲁鲜咸丽面么点霉齐这个"
    "们为对业务里里",
)
_NEGATION = re.compile(
    r"(?:不太|不是很|不怎么|不是|并不|没有|没|不|无|(?<![特区级分个])别|未|毫无|谈不上|算不上|称不上|说不上|没觉得|不觉得|不够|缺乏|少了)的?$"
)
_REINFORCED = re.compile(r"(?:非常|特别|太|超级|超|极其|极|最|十分|相当|实在|真是|真的|真|巨|贼|很|挺|好)(?:的|地)?$")
_WEAKENED = re.compile(r"(?:有点儿|有点|有些|稍微|略|比较|还算|一点)(?:的|地)?$")
_TURN = re.compile(r"但是|但|不过|可是|然而|就是|只是|美中不足|除了")
_WORDS = re.compile("|".join(re.escape(word) for word in sorted([*_VALENCE, *_NEUTRAL.split()], key=len, reverse=True)))
_LONGEST_PREFIX = 4


def score(text: str) -> float:
    """A Chinese text's polarity −1…1; 0 when no word of the lists occurs.

    Valences are summed as VADER does (x / √(x² + a), Hutto and Gilbert 2014); a negation before a word turns it and
    weakens it; what comes after "但是" counts more than what came before.
    """
    lowered = text.lower() if text.isascii() else text.lower().translate(_TRADITIONAL)
    turns = [match.start() for match in _TURN.finditer(lowered)]
    last_turn = turns[-1] if turns else -1
    total = 0.0
    for match in _WORDS.finditer(lowered):
        valence = _VALENCE.get(match.group())
        if valence is None:
            continue
        before = lowered[max(0, match.start() - _LONGEST_PREFIX) : match.start()]
        if _NEGATION.search(before):
            # "不好" is blame; "不难吃" is faint praise.
            valence *= -1.0 if valence > 0 else -0.4
        elif _REINFORCED.search(before):
            valence *= 1.4
        elif _WEAKENED.search(before):
            # 有点慢 is a complaint in few words; 还算干净 is faint praise.
            valence *= 0.6 if valence > 0 else 0.9
        if last_turn >= 0:
            valence *= 1.25 if match.start() > last_turn else 0.75
        total += valence
    return total / math.sqrt(total * total + 6.0)
