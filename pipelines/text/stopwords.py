"""Function words of English and Chinese: they hold sentences together and name nothing. Negations included.

Own lists; what a review is about (hotel, delivery, 酒店) is never in them.
"""

from __future__ import annotations

from pipelines.text.language import COMMON_WORDS

_ENGLISH = """
a about above across after afterwards again against all almost alone along already also although always am among an
and another any anybody anyhow anyone anything anyway anywhere are aren't around as at away back be became because
become been before behind being below beside besides between beyond both but by came can can't cannot come comes
coming could couldn't did didn't do does doesn't doing don't done down during each either else elsewhere enough etc
even ever every everybody everyone everything everywhere except few for from further gave get gets getting give given
gives giving go goes going gone gonna got gotta gotten had hadn't has hasn't have haven't having he he'd he'll he's
her here here's hers herself him himself his how however i i'd i'll i'm i've if im in indeed instead into is isn't it
it'd it'll it's its itself ive just keep keeps kept lets let let's like lot lots made make makes making many may maybe
me might mine more moreover most mostly much must my myself near neither never nevertheless next no nobody none nor
not nothing now nowhere of off often oh ok okay on once one ones only onto or other others otherwise our ours
ourselves out over own per perhaps please put quite rather really said same saw say says see seem seemed seems seen
several shall she she'd she'll she's should shouldn't since so some somebody somehow someone something sometimes
somewhere soon still such take taken takes taking than that that'll that's the their theirs them themselves then there
there's therefore these they they'd they'll they're they've thing things this those though through thru thus till to
together too took toward towards try trying tried two u under until up upon ur us use used uses using very via want
wanted wants was wasn't way we we'd we'll we're we've well went were weren't what what's whatever when whenever where
where's whereas wherever whether which while who who's whoever whole whom whose why will with within without won't
would wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves dont didnt doesnt cant wont isnt
wasnt couldnt wouldnt youre thats theres hes shes id ill ain't ain arent amp rt know knew think thought actually
basically literally especially definitely certainly probably simply absolutely totally able bit little day days today
yesterday tomorrow ago yeah hey hi hello
"""

_CHINESE = """
的 了 是 我 你 您 他 她 它 们 我们 你们 您们 他们 她们 它们 咱 咱们 自己 本人 人家 别人 大家 大伙 某 某个 某些 谁 啥
什么 怎么 怎样 怎么样 怎么办 如何 为何 为什么 为啥 哪 哪里 哪儿 哪个 哪些 多少 几 几个 这 那 这个 那个 这些 那些 这样
那样 这么 那么 这种 那种 这里 那里 这儿 那儿 这次 那次 这边 那边 此 此次 此外 其 其他 其它 其中 其实 每 每个 每次 每天
各 各种 各个 另 另外 另一 别的 别 本 一 一个 一些 一点 一点点 一点儿 有点 有点儿 有些 一下 一样 一般 一直 一定 一起
一次 一种 一份 一家 一是 二 两 两个 三 四 五 六 七 八 九 十 零 百 千 万 第一 第二 第一次 首先 其次 最后 不 没 没有 未
无 非 不是 不会 不能 不要 不用 不了 不到 不知 不过 不然 不但 不仅 不管 不如 不再 有 有的 有时 有时候 在 到 从 自 向 往
对 对于 关于 把 被 给 让 叫 使 由 由于 以 以及 以后 以前 以为 之 之前 之后 之类 与 和 跟 同 及 或 或者 还是 而 而且
而是 并 并且 但 但是 可 可是 可以 可能 却 只 只是 只有 只能 只要 仅 就 就是 就算 才 又 再 再次 再说 还 还有 还要 还会
还能 还好 还没 也 也是 也有 也不 都 都是 都有 都没 已 已经 曾 曾经 正 正在 将 会 能 能够 要 要是 想 想要 应 应该 该
必须 需 需要 得 地 着 过 来 来说 去 上 下 里 中 内 外 前 后 左右 上面 下面 里面 外面 时 时候 当 当时 当然 然后 然而
于是 所以 因为 因此 因 为 为了 如果 若 假如 虽 虽然 尽管 即使 除了 除 比 比较 比如 例如 像 好像 似的 如 如此 按 按照
据 根据 通过 经过 连 甚至 尤其 特别 非常 很 太 真 真的 真是 挺 好 更 更加 最 最近 越 越来越 十分 极 极其 极了 相当 稍
稍微 略 几乎 差不多 大概 大约 刚 刚刚 刚才 马上 立刻 忽然 突然 终于 总 总是 总之 总体 总的来说 到底 究竟 反正 确实
的确 实在 简直 居然 竟然 竟 果然 幸好 幸亏 难道 何况 况且 啊 呀 吧 呢 吗 嘛 哦 喔 噢 哈 哈哈 哈哈哈 呵呵 嘿嘿 嗯 额 呃
唉 哎 哎呀 哇 哟 啦 咯 喽 咧 嘞 哒 滴 么 说 说是 看 看看 看到 觉得 感觉 知道 认为 个 件 次 份 位 家 种 些 点 样 块 元
年 月 日 号 天 今天 昨天 明天 现在 目前 今年 去年 等 等等 之一 方面 事 事情 东西 人 出 起 起来 出来 上来 下来 过来
回来 下去 上去 进去 出去 做 弄 搞 用 拿 放 成 完 完全 多 多了 少 大 小 那就 那是 就会 就要 便 则 且 乃 仍 仍然 依然 尚
所 者 令 致 至 至于 至少 直 直接 即 即便 既 既然 无论 不论 哪怕 宁可 与其 以免 毕竟 原来 本来 其余 全 全部 全都 所有
任何 整个 又是 是否 是不是 有没有 能不能 会不会 要不 要不是 要不然 算 算是 算了 罢了 而已 来着 我家 没什么 不怎么
怎么回事 有人 一句 多次 一会 一会儿 好多 很多 许多 好几 不少
"""

STOPWORDS: dict[str, frozenset[str]] = {
    **{language: frozenset(common.split()) for language, common in COMMON_WORDS.items()},
    "en": frozenset(_ENGLISH.split()),
    "zh": frozenset(_CHINESE.split()),
}
"""Function words by language code; beyond English and Chinese only the commonest few dozen."""
