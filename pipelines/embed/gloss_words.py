"""What common words of reviews mean, where a dictionary's first sense misleads (前台: stage, 酒店: wine shop).

Our own choice of words, as `word=gloss`. Words of grammar are dropped: the model that reads a gloss sentence makes
nothing of "completed action marker".
"""

from __future__ import annotations

import re

_SILENT = """
的 了 着 过 地 得 啊 呀 吧 呢 吗 嘛 么 哦 喔 噢 啦 咯 哈 哈哈 哈哈哈 呵呵 嘿嘿 嗯 额 呃 唉 哎 哎呀 哇 哟 喽 咧 嘞 哒 滴
把 将 就 就是 也 都 才 又 再 却 还 是 所 而 之 其 起来 下来 出来 过来 上来 过去 来说 的话 而已 罢了 一下 其实 居然 竟然
儿 一家 个 个儿 一个 这个 那个 某 反正 简直 到底 究竟 呐 哩 呗 惹 叭 哼 咳 吖 啥的 等等 之类 来着
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
不怎么样=not very good 不怎么=not very 不是很=not very 不算=not 不大=not very 没那么=not so 没有那么=not so
不那么=not so 没有想象中=not as expected 没想象中=not as expected 一点也不=not at all 一点都不=not at all
一点儿也不=not at all 一点儿都不=not at all 毫不=not at all 毫无=no 并不=not 并没有=not 并非=not 从不=never
从来不=never 从没=never 从来没有=never 再也不=never again 再也没=never again 不再=no longer 不得不=have to
不能不=have to 再也=again 不来=not come 不可能=impossible 不值得=not worth 不推荐=not recommend 不满意=not satisfied
没的说=perfect 没得说=perfect 没话说=perfect 无可挑剔=perfect 差点=almost 差点儿=almost 差一点=almost 没问题=no problem
没毛病=no problem 不会再=never again 没法=cannot 没办法=cannot 无法=cannot 谈不上=not really 可有可无=not needed
还行=okay 行吧=okay 还行吧=okay 还可以=okay 凑合=just acceptable 马马虎虎=so so 过得去=acceptable 中规中矩=average
爆=extremely 到爆=extremely 爆了=extremely 死了=extremely 极了=extremely 得很=very 要命=terribly 巨=very 贼=very
超级无敌=extremely 偏=rather 略=slightly 稍微=slightly 稍=slightly 有一点=a little 有点儿=a little
花了=spent 花钱=spend money 花费=spend 退不了=cannot refund 打不开=cannot open 开不了=cannot open 用不了=cannot use
连不上=cannot connect 睡不着=cannot sleep 吃不下=cannot eat 找不到=cannot find 看不清=cannot see 听不清=cannot hear
屏=screen 黑屏=black screen 花屏=screen glitch 触屏=touch screen 白屏=blank screen 充=charge 充电=charge
充电口=charging port 充电器=charger 充电宝=power bank 续航=battery life 耳机=earphones 音质=sound quality
拍照=take photos 指纹=fingerprint 流畅=smooth 灵敏=responsive 分辨率=resolution 外观=appearance 机身=phone body
膜=screen protector 贴膜=screen protector 版本=version 更新=update 下载=download 登录=log in 注册=sign up
验证码=verification code 密码=password 账号=account 会员=membership 充值=top up 广告=advertisement 弹窗=pop up
开机=switch on 关机=switch off 重启=restart 发热=overheating 发烫=overheating 掉电=battery drain 耗电=battery drain
周=week 星级=star rating 五星=five star 四星=four star 三星级=three star 五星级=five star 四星级=four star
便当=lunch box 影片=video 冷气=air conditioning 分量=portion 份量=portion 足=enough 骑手=delivery rider
送餐=food delivery 点餐=order food 餐具=cutlery 筷子=chopsticks 米饭=rice 汤=soup 洒=spilled 油腻=greasy 咸=salty
淡=bland 辣=spicy 酸=sour 苦=bitter 腻=greasy 馊=gone off 生=raw 硬=hard 软=soft 嫩=tender 香=fragrant 皮=skin
馅=filling 肉=meat 鱼=fish 虾=shrimp 面=noodles 起送价=minimum order 配送=delivery 配送费=delivery fee 迟到=late
到货=arrive 给力=great 靠谱=reliable 不靠谱=unreliable 坑人=rip off 坑爹=rip off 忽悠=deceive 黑心=dishonest
奸商=dishonest seller 骗=cheat 骗人=cheat 骗子=cheater 假=fake 次品=defective 残次品=defective 瑕疵=flaw
破损=damaged 破=broken 碎=broken 裂=cracked 漏=leak 漏水=leak 掉=fall off 断=break 开线=seam comes apart
线头=loose threads 型=style 有型=stylish 显瘦=slimming 显胖=looks fat 修身=slim fit 宽松=loose fit 偏大=too large
偏小=too small 薄=thin 厚=thick 透=see through 缩水=shrink 褪色=colour fades 掉毛=sheds hair 粘毛=picks up lint
沾毛=picks up lint 味儿大=strong smell 刺鼻=pungent smell 保暖=warm 透气=breathable 舒适=comfortable 舒服=comfortable
好用=easy to use 难用=hard to use 好看=good looking 难看=ugly 漂亮=beautiful 耐用=durable 结实=sturdy
好吃不贵=tasty and cheap 物美价廉=good and cheap 物有所值=worth the price 物超所值=great value
老=old 老是=always 千万=certainly 一次=once 不得了=extremely 堵=blocked 柜台=counter 不上=cannot 装不上=cannot install
好不好=good or not 好几次=several times 好些=many 差点没=almost 差点儿没=almost 什么都没有=nothing at all
一家三口=family 一家老小=family
几=several 几百=hundreds 几千=thousands 几十=dozens 说好=say good 挑=pick 没得挑=perfect 行=okay 度=degree
小区=residential area 面子=face 上不了网=cannot go online 行动电源=power bank 小米粥=millet porridge 怎么办=what to do
小米手机=Xiaomi phone 苹果手机=iPhone 红米=Redmi phone 小白鞋=white sneakers
二手机=used phone 二手=second hand 新机=new phone 双十一=shopping festival 双11=shopping festival
美团=Meituan 饿了么=Eleme 大众点评=Dianping 携程=Ctrip 拼多多=Pinduoduo 抖音=Douyin 小红书=Xiaohongshu
海底捞=Haidilao hotpot 如家=Home Inn 全季=Ji Hotel 汉庭=Hanting Hotel 亚朵=Atour Hotel 顺丰=SF Express
圆通=YTO Express 中通=ZTO Express 申通=STO Express 韵达=Yunda Express 微信=WeChat 支付宝=Alipay
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
