"""Words that columns of review exports are named with, by what they make of a column; each a list split at spaces."""

from __future__ import annotations

EXACT: dict[str, str] = {
    "text": (
        "review reviews reviewtext reviewbody reviewcontent reviewcomment reviewstext reviewmessage "
        "reviewdescription text comment comments commenttext commentbody commentcontent content contents body "
        "message feedback tweet tweettext opinion verbatim remarks fulltext caption snippet userreview "
        "customerreview customercomment satisfactioncomment openendedresponse ratecontent reviewreview pros cons "
        "positives negatives advantages disadvantages positivereview negativereview 评论 评论内容 评论文本 "
        "评论详情 评价 评价内容 评价详情 点评 点评内容 点评详情 内容 评论正文 正文 文本 留言 留言内容 反馈 "
        "反馈内容 评语 短评 短评内容 长评 影评 书评 弹幕内容 弹幕 弹幕文本 用户评论 用户评价 客户评价 买家评价 "
        "买家评论 顾客评价 住客点评 住客评价 初评 初次评价 首次评价 首评 口碑 笔记内容 笔记正文 帖子内容 博文 "
        "微博内容 微博正文 微博文本 评价文本 游记内容 原文 原评论 优点 缺点 評論 評論內容 評價 評價內容 內容 "
        "評論文字 心得 優點 缺點 レビュー レビュー本文 レビュー内容 本文 口コミ 口コミ内容 クチコミ コメント 感想 "
        "良い点 悪い点 리뷰 리뷰내용 내용 후기 후기내용 코멘트 장점 단점"
    ),
    "rating": (
        "rating ratings score stars star starrating overall overallrating overallscore reviewrating reviewscore "
        "reviewstars reviewerscore reviewsrating reviewstar ratingscore ratingvalue ratingoverall scoreoverall "
        "commentstar csat csatscore nps npsscore satisfactionscore satisfactionrating overallsatisfaction 评分 "
        "总评分 综合评分 总体评分 整体评分 总分 总体评价分 总体评价 总评 综合 综合得分 星级 评分星级 得分 打分 "
        "分数 评价星级 评星 星数 评价等级 评价类型 评价结果 好评度 推荐度 推荐指数 用户评分 评论评分 评论星级 "
        "点评评分 总体满意度 整体满意度 满意度 評分 總評分 整體評分 星級 評価 総合評価 評点 総合 평점 별점 총점 "
        "만족도"
    ),
    "date": (
        "date time datetime timestamp at reviewdate reviewtime reviewdatetime reviewtimestamp reviewsubmitdate "
        "unixreviewtime reviewsdate commentdate commenttime createdat createtime createddate creationdate "
        "creationtime created ctime posted postedat postedon postdate posttime publishtime publisheddate "
        "publishedat publishdate submitted submittedat submitdate submissiondate responsedate enddate ratedate "
        "tweetcreated 评论时间 评论日期 评价时间 评价日期 点评时间 点评日期 发布时间 发布日期 发表时间 发表日期 "
        "创建时间 提交时间 提交答卷时间 日期 时间 弹幕时间 弹幕日期 评分时间 留言时间 反馈时间 評論時間 評論日期 "
        "評價時間 發布時間 發表時間 日期時間 日時 投稿日 投稿日時 レビュー日 口コミ投稿日 날짜 작성일 작성일자 "
        "등록일"
    ),
    "user": (
        "user username userid reviewer reviewerid reviewername reviewsusername author authorname authortitle "
        "nickname nick customer customerid customername member memberid handle profilename screenname displayname "
        "uname uid displayusernick requester reviewconsumeruserid respondentid respondent guest guestname 用户 "
        "用户名 用户名称 用户id 用户昵称 昵称 评论名称 评论者 评论人 评论用户 评价人 评价用户 点评人 点评用户 作者 "
        "会员 会员名 会员昵称 买家 买家昵称 顾客 客户 客户姓名 网名 账号 住客 住客姓名 使用者 博主 发布者 发布人 "
        "微博昵称 暱稱 用戶 用戶名 會員 ユーザー ユーザー名 ニックネーム 投稿者 作成者 작성자 사용자 닉네임 아이디"
    ),
    "item": (
        "product productname producttitle producthandle productid item itemname itemid asin store storename "
        "storeid storefront shop shopname hotel hotelname property propertyname listing listingid listingname "
        "restaurant restaurantname business businessname businessid place placename location locationname movie "
        "movietitle book bookname booktitle app appname package packagename sku branch brand company companyname "
        "attraction referencename auctionsku goodsname spu 门店 门店名称 门店名 店铺 店铺名称 店铺名 店名 商品 "
        "商品名称 商品名 商品标题 产品 产品名称 产品名 酒店 酒店名称 酒店名 餐厅 餐厅名称 餐厅名 餐馆名称 景点 "
        "景点名称 景区 景区名称 书名 电影 电影名 电影名称 片名 品名 商户 商户名称 商家 商家名称 型号 分店 应用 "
        "应用名称 航班 航班号 线路 線路 套餐名称 门票名称 视频标题 視頻標題 門市 商店 商品名稱 飯店 飯店名稱 製品 "
        "商品タイトル 店舗 店舗名 ホテル名 상품 상품명 매장 매장명 호텔명"
    ),
    "title": (
        "title headline subject summary reviewtitle reviewstitle reviewheadline reviewsummary heading "
        "reviewsubject 标题 评论标题 评价标题 点评标题 笔记标题 题目 主题 摘要 標題 評論標題 タイトル "
        "レビュータイトル 제목"
    ),
    "language": "language lang languagecode reviewlanguage reviewerlanguage locale 语言 语种 語言 評論語言 言語 언어",
}
HEADS: dict[str, str] = {
    "text": "review reviews text comment comments content body message feedback opinion remark remarks",
    "rating": "rating ratings score scores stars star overall csat nps",
    "date": "date time datetime timestamp at created posted",
    "user": "user username reviewer author nickname customer member userid guest respondent",
    "item": ("product item asin store shop hotel restaurant business place movie book sku branch property listing app"),
    "title": "title headline subject",
    "language": "language lang locale",
}
TAILS: dict[str, str] = {
    "text": "内容 评论 评价 点评 留言 反馈 正文 文本 评语 弹幕 意见 建议 感想 心得 內容 評論 評價 意見 建議",
    "rating": "评分 星级 得分 打分 分数 总分 满意度 星数 評分 星級 滿意度",
    "date": "时间 日期 時間",
    "user": "用户 用户名 昵称 会员 评论者 评论人 作者 用户ID 买家 顾客 客户",
    "item": "门店 店铺 商品 产品 酒店 店名 餐厅 景点 书名 商户 商家",
    "title": "标题 题目 摘要 標題",
    "language": "语言 语种",
}

# Words beside the head that make it something else: another event's date, an average, a reply.
DOUBTS: dict[str, str] = {
    "text": (
        "reply replies response seller merchant owner developer vader ml clean cleaned label sentiment processed "
        "token tokens tokenized tokenised lemmatized lemmatised stemmed segmented normalized normalised translated "
        "advice title followup additional append appended after rating score stars 回复 回覆 商家 客服 追加 追评 "
        "追評 清洗 分词 切词 处理 标签 商品 产品 翻译 译文"
    ),
    "rating": (
        "average avg mean count num number additional total confidence sentiment gold vader helpful useful votes "
        "hotel shop store restaurant seller place business 平均 情感 店铺 商家 门店 酒店 餐厅 景区 有用 点赞 置信"
    ),
    "date": (
        "reply replied response answer responded added seen update updated modified edited pub publish published "
        "birth join joined registered order ordered purchase purchased check checkin checkout stay visit visited "
        "experience trip travel delivery delivered release days crawl crawled scrape scraped start last 回复 回覆 "
        "入住 离店 下单 购买 消费 更新 修改 出版 上映 注册 出生 抓取 采集 爬取 追评 追加 到店 交付 送达 到货 收货 "
        "出行 出游 游玩 体验 签收 发货 付款 支付 成交 订单 开始 使用 所用 用餐 看房 提车 购车"
    ),
    "user": "total number count reply seller merchant owner 数 商家 卖家",
    "item": "parent reply count number",
    "title": "job seller 职位",
    "language": "program programming",
}

# A column of one aspect's scores: kept as a segment, the rating only where no overall one exists.
ASPECTS = (
    "service services staff cleanliness clean hygiene location taste food flavor flavour drinks environment "
    "ambience ambiance atmosphere decor facilities amenities room rooms sleep comfort value valueformoney quality "
    "breakfast wifi wi fi shipping delivery logistics packaging speed fit size design appearance performance "
    "battery usability features functionality support communication accuracy checkin management culture career "
    "compensation balance benefits leadership hospitality presentation noise seat entertainment ground cabin "
    "boarding money product seller courier durability style 服务 服務 服务态度 态度 员工 卫生 衛生 清洁 清潔 整洁 "
    "干净 干净程度 位置 地理位置 交通 口味 味道 食物 食材 菜品 分量 环境 環境 氛围 设施 設施 设备 房间 客房 睡眠 "
    "舒适 舒适度 性价比 划算 早餐 网络 隔音 物流 物流服务 物流速度 配送 配送速度 快递 发货 发货速度 包装 速度 质量 "
    "品质 描述 描述相符 宝贝描述 商品 产品 商品描述 卖家服务 服务质量 外观 性能 动力 操控 油耗 空间 内饰 配置 续航 "
    "舒适性 智能化 驾驶感受 功能 易用性 景色 趣味性 趣味 体验 效果 技师 剧情 画面 演员 音乐 专业 客服 沟通 서비스 "
    "위치 청결 맛 분위기 가격 サービス 立地 部屋 食事 風呂 設備 清潔感 接客 雰囲気"
)
SCORE_TAILS = "评分 得分 打分 分数 星级 评价 满意度 分 評分 星級 滿意度 評価 평점"
NO_SCORE = (
    "average avg mean count counts num number additional total confidence sentiment gold vader helpful useful vote "
    "votes likes like upvotes thumbs thumbsup id ids rank ranking index price cost year month day age level lat "
    "lng latitude longitude hotel shop store restaurant place business verified recommend page row funny cool "
    "replies shares views numerator denominator probability"
)
COUNTS = "数 数量 次数 条数 量 长度 链接 网址 编号 人数 赞 序号 等级 排名 楼层 价格 人均 价 url 年龄 数目 數 数値"

# What a program or another person made of, or put beside, the review: never the text while a real one stands there.
SECONDHAND = (
    "reply replies replied answer answers clean cleaned cleaning processed preprocessed lemmatized lemmatised "
    "lemmas stemmed tokenized tokenised tokens segmented normalized normalised vader translated translation "
    "keyword keywords tag tags url link links address append followup stopwords bio signature photo photos image "
    "images pictures"
)
SECONDHAND_CHINESE = (
    "回复 回覆 回应 答复 追评 追評 追加 清洗 分词 切词 分詞 预处理 处理后 去停用词 关键词 关键字 翻译 译文 标签 "
    "標籤 地址 链接 图片 晒图 签名 简介 商品描述 产品描述 商品属性 商品规格 规格 返信 답글 답변"
)

# The two halves of a review that asks for good and bad apart.
PRAISE = (
    "pro pros positive positives positivereview reviewpositive positivefeedback positivecomment positivecomments "
    "advantage advantages strength strengths liked likes likebest likedmost whatilike bestpart thegood 优点 優點 "
    "满意 最满意 满意的一点 最满意的一点 满意的地方 最满意的地方 满意之处 满意点 亮点 好的方面 喜欢的地方 "
    "最喜欢的地方 好评内容 好评点 正面评价 正面评论 优势 良い点 良かった点 よかった点 좋은점 좋았던점 장점"
)
COMPLAINT = (
    "con cons negative negatives negativereview reviewnegative negativefeedback negativecomment negativecomments "
    "disadvantage disadvantages weakness weaknesses disliked dislikes dislikemost improvements worstpart thebad "
    "缺点 缺點 不满意 最不满意 最不满意的一点 不满意的地方 最不满意的地方 不满之处 不满意点 槽点 不好的方面 "
    "不喜欢的地方 差评内容 负面评价 负面评论 不足 不足之处 待改进 改进建议 需要改进的地方 劣势 気になった点 悪い点 "
    "残念な点 改善点 나쁜점 아쉬운점 단점"
)
