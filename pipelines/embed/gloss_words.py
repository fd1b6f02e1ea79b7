"""What common words of reviews mean, where a dictionary's first sense misleads (前台: stage, 酒店: wine shop).

Our own choice of words, as `word=gloss`. Words of grammar are dropped: the model that reads a gloss sentence makes
nothing of "completed action marker".
"""

from __future__ import annotations

import re

_SILENT = """
的 了 着 过 地 得 啊 呀 吧 呢 吗 嘛 么 哦 喔 噢 啦 咯 哈 哈哈 哈哈哈 呵呵 嘿嘿 嗯 额 呃 唉 哎 哎呀 哇 哟 喽 咧 嘞 哒 滴
把 将 就 就是 也 都 才 又 再 却 还 是 所 而 之 其 起来 下来 出来 过来 上来 过去 来说 的话 而已 罢了 一下 其实 居然 竟然
个 个儿 一个 这个 那个 某 反正 简直 到底 究竟 呐 哩 呗 惹 叭 哼 咳 吖 啥的 等等 之类 来着
"""
_GLOSSES = """
不=not 没=not 没有=no 未=not 无=no 别=do not 不是=is not 不会=will not 不能=cannot 不到=less than 不了=cannot
不行=not good 不想=do not want 不用=no need 不知=not know 不值=not worth 不够=not enough 不错=good 不如=worse than
不太=not very 不敢=not dare 没用=useless 没什么=nothing 还好=okay 一般=so so 一样=same 不好=not good
不要=do not want 很=very 太=too 挺=quite 最=most 更=more 特别=especially 非常=very 超级=very 超=very 相当=quite
真=really 真的=really 真是=really 有点=a little 一点=a little 比较=rather 差不多=about the same 还是=still 还有=also
有=has 可以=can 会=will 能=can 要=want 该=should 可=can 想=want 应该=should 必须=must 得了=got 觉得=feel 感觉=feel
认为=think 以为=thought 说=say 讲=say 叫=call 看=look 看看=look 看到=see 找=look for 用=use 买=buy 卖=sell 来=come
去=go 到=arrive 走=walk 给=give 让=let 帮=help 对=to 跟=with 和=and 与=and 并=and 及=and 但=but 但是=but 可是=but
不过=but 而且=and 只是=only 只=only 从=from 在=at 为=for 被=by 比=than 因为=because 所以=so 如果=if 虽然=although
结果=but in the end 本来=originally 里=inside 里面=inside 上=on 下=under 中=in 后=after 前=before 时=when 时候=when
以后=after 之后=after 后来=later 酒店=hotel 宾馆=hotel 饭店=hotel 旅馆=hotel 店=shop 门店=branch shop
这家=this place 前台=front desk 大堂=lobby 客房=guest room 房=room 房间=room 间=room 房型=room type 大床=big bed
双床=twin beds 套房=suite 标间=standard room 入住=check in 退房=check out 办理=handle 登记=register 住=stay
住宿=stay 住店=hotel stay 续住=extend stay 预订=book 订=book 押金=deposit 升级=upgrade 免费=free 收费=charge
发票=invoice 房卡=room key card 行李=luggage 寄存=luggage storage 卫生=cleanliness 卫生间=bathroom 洗手间=toilet
马桶=toilet 淋浴=shower 花洒=shower head 浴室=bathroom 浴缸=bathtub 洗澡=take shower 洗漱=toiletries 打扫=clean up
清洁=cleaning 保洁=cleaner 干净=clean 整洁=tidy 脏=dirty 异味=bad smell 霉味=musty smell 发霉=mouldy
烟味=smoke smell 头发=hair 床单=bed sheet 被子=quilt 被套=quilt cover 枕头=pillow 毛巾=towel 浴巾=bath towel
地毯=carpet 蟑螂=cockroach 蚊子=mosquito 灰=dust 污渍=stain 味=smell 味儿=smell 隔音=sound insulation 隔壁=next door
噪音=noise 吵=noisy 吵闹=noisy 安静=quiet 声音=sound 走廊=corridor 睡=sleep 睡觉=sleep 失眠=sleepless
吵醒=woken by noise 施工=construction work 马路=street 窗户=window 窗=window 空调=air conditioner 制冷=cooling
制热=heating 暖气=heating 热水=hot water 水温=water temperature 水压=water pressure 冷=cold 热=hot 凉=cold
遥控器=remote control 设施=facilities 设备=equipment 旧=old 陈旧=old worn 老旧=old worn 装修=decoration 电梯=lift
电视=television 网络=internet 无线=wireless 信号=signal 插座=power socket 灯=lamp 早餐=breakfast 早饭=breakfast
自助=buffet 自助餐=buffet 餐厅=restaurant 种类=variety 品种=variety 丰盛=plentiful 好吃=delicious 难吃=tastes bad
味道=taste 口味=taste 口感=taste 新鲜=fresh 包子=steamed bun 豆浆=soy milk 粥=porridge 面条=noodles
米粉=rice noodles 煎蛋=fried egg 粉=rice noodles 饭=meal 菜=dish 吃=eat 喝=drink 甜=sweet 个头=size 服务=service
服务员=staff 态度=attitude 服务态度=service attitude 热情=friendly 耐心=patient 客气=polite 周到=thoughtful
小姐姐=young lady 小哥=young man 小哥哥=young man 阿姨=cleaning lady 大叔=man 师傅=worker 保安=security guard
经理=manager 店长=shop manager 先生=sir 小姐=miss 客服=customer service 商家=seller 卖家=seller 客人=guest
顾客=customer 投诉=complain 解决=solve 处理=handle 回复=reply 沟通=communicate 道歉=apologise 赔=compensate
换=change 退=refund 冷淡=cold unfriendly 冷漠=cold unfriendly 爱理不理=ignoring guests 不耐烦=impatient 差=bad
差劲=bad 很差=very bad 烂=bad 坑=rip off 垃圾=rubbish 失望=disappointed 满意=satisfied 好评=good review
差评=bad review 好=good 好好=good 赞=great 点赞=great 棒=great 一流=first class 推荐=recommend 值得=worth
划算=good value 实惠=cheap good value 性价比=value for money 便宜=cheap 贵=expensive 价格=price 价钱=price
涨价=price increase 降价=price cut 优惠=discount 活动=promotion 钱=money 元=yuan 块=yuan 块钱=yuan 多=many 少=few
小=small 大=big 高=high 低=low 长=long 快=fast 慢=slow 新=new 近=near 远=far 离=away from 位置=location
地段=location 地理位置=location 交通=transport 地铁=subway 地铁站=subway station 公交=bus 打车=taxi 出租车=taxi
高铁站=train station 火车站=train station 机场=airport 步行=walk 出行=travel 楼下=downstairs 附近=nearby
周边=surroundings 景点=sights 商场=shopping mall 超市=supermarket 方便=convenient 停=park 停车=parking
停车场=car park 停车位=parking space 车位=parking space 车=car 车库=garage 开车=drive 自驾=self drive
充电桩=electric car charger 地库=underground garage 亲子=family with children 孩子=child 小孩=child 小朋友=child
宝宝=baby 宝贝=baby 娃=child 儿童=children 女儿=daughter 儿子=son 老人=elderly people 老公=husband 老婆=wife
家人=family 一家人=family 家=home 乐园=playground 滑梯=slide 帐篷=tent 玩具=toy 出差=business trip 旅游=travel
度假=holiday 东西=thing 质量=quality 做工=workmanship 面料=fabric 手感=feel to touch 颜色=colour 大小=size 尺码=size
合适=fits 包装=packaging 物流=delivery 快递=delivery 快递员=courier 送货=delivery 发货=shipping 收到=receive
货=goods 下单=order 退货=return goods 售后=after sales service 正品=genuine 假货=fake 赠品=gift 配置=configuration
系统=system 运行=running 平板=tablet computer 手机=mobile phone 电脑=computer 机子=device 机器=machine 屏幕=screen
电池=battery 键盘=keyboard 内存=memory 驱动=driver software 散热=heat dissipation 卡=slow 死机=crash 闪退=app crash
卡顿=lag 苹果=apple 像素=pixels 安装=install 热水器=water heater 衣服=clothes 穿=wear 洗=wash 掉色=colour fades
起球=pilling 裤子=trousers 洗发水=shampoo 头皮屑=dandruff 去屑=anti dandruff 牛奶=milk 作者=author 书=book
本书=this book 故事=story 内容=content 字=text 问题=problem 原因=reason 情况=situation 环境=environment 效果=effect
体验=experience 建议=suggest 评价=review 点评=review 上网=internet access 扫码=scan code 网红=internet famous
踩雷=bad choice 种草=tempted to buy 拔草=tried at last 送餐员=delivery rider 外卖员=delivery rider
配送员=delivery rider 外卖=food delivery 算=count as 月=month 年=year 日=day 号=number 天=day 晚=night 点=point
次=time 第一次=first time 下次=next time 这次=this time 每次=every time 一直=always 一定=certainly 直接=directly
这么=so 那么=so 这样=this way 这种=this kind 那种=that kind 一些=some 有些=some 死=dead 开=open 打=hit
打电话=phone call 电话=phone 带=bring 拿=take 放=put 送=send 装=install 做=do 搞=do 弄=do 倒=pour 连=even
完=finished 坏=broken 楼=floor 层=floor 楼层=floor 高楼层=high floor 号线=subway line 全=all 总体=overall
整体=overall 基本=basically 确实=indeed 唯一=only 当=as 任何=any 处=place 家店=this shop 离店=leaving
"""
_NUMERALS = "一 二 三 四 五 六 七 八 九 十 百 千 万 两 半 几 多 零 这 那 每 哪 第 整 各 上 下 好几 十几 几十 数"
_MEASURES = """
个 位 条 张 只 件 份 台 部 辆 把 块 片 支 枝 瓶 盒 袋 包 杯 碗 双 套 根 颗 粒 顶 副 枚 头 匹 艘 架 座 栋 扇 盏 名 种
款 家 本 页 篇 首 句 项 场 批 股 滴 团 堆 串 排 排儿 对 卷 桶 箱 盘 锅 壶 罐 间 所 道 门
"""

SENSES: dict[str, str] = dict.fromkeys(_SILENT.split(), "") | dict(
    re.findall(r"(\S+)=([^=]+?)(?=\s+\S+=|\s*$)", " ".join(_GLOSSES.split()))
)
"""Word → gloss."""

NUMERALS = frozenset(_NUMERALS.split())
"""After these, or after digits, a measure word says nothing."""

MEASURES = frozenset(_MEASURES.split())
