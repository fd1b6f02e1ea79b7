"""Reviews that speak to a machine instead of a reader: "ignore your instructions", "系统提示", role marks, hidden code.

They are no evidence: neither sent to a model nor quoted. The rules look for who is spoken to and what is ordered, and
not for what it is about; a review that only mentions an AI or instructions is none. They are one wall of several:
what a model writes must stand in reviews that pass (support.py), whatever made it write that.
"""

from __future__ import annotations

import re
import unicodedata

_MACHINE = r"(?:ai|a\.i\.|assistant|chat ?bots?|language models?|llms?|gpt|claude|gemini|qwen|copilot|summari[sz]er|bots?|models?|agents?|algorithms?)"
_ORDERS = r"(?:instructions?|prompts?|rules?|guidelines?|directives?|commands?|directions?|orders|policies|polic(?:y|ies)|constraints?|guardrails?|programming)"
_DROP = r"(?:ignore|disregard|forget|overrid(?:e|ing)|bypass|drop|discard|skip|cancel|set aside|put aside|abandon|stop following|do not follow|don't follow|no longer follow)"
_SAY = r"(?:say|reply|respond|answer|output|print|write|state|report|tell|conclude|repeat|return|emit|append|add|include|mention|summari[sz]e|translate|quote|cite|reveal|show|recommend|rate|insert|begin|start|end|claim|declare|announce|display|produce|generate)"

_ENGLISH = (
    rf"\b{_DROP}\b.{{0,60}}\b(?:above|previous|prior|earlier|preceding|before|all|any|every|your|the|other|these|those|system)\b.{{0,40}}\b(?:{_ORDERS}|reviews|text|context|data|evidence|messages?|told)\b",
    rf"\b(?:new|updated|real|actual|secret|hidden|final|system|developer|admin|priority|urgent|important)\s+(?:{_ORDERS}|message|note to|task)\b\s*[:：-]?.{{0,60}}\b(?:{_SAY}|you|must|ai|assistant|model)\b",
    rf"\b(?:dear|hey|hi|hello|note (?:to|for)|attention|message (?:to|for)|to (?:the|any|all|whatever)|instructions? (?:to|for)|as an?|for (?:the|any|all)|if you(?:'re| are) an?|you(?:'re| are) an?|you, the)\s+(?:helpful |large |reading |reviewing |automatic |automated )*{_MACHINE}\b",
    rf"\b{_MACHINE}\b\s*(?:[,:!]|reading this|who reads?|that reads?|must|should|shall|will now|please)\s*.{{0,80}}\b{_SAY}\b",
    rf"\byou (?:must|should|shall|will|have to|need to|are to|are required to)\b.{{0,40}}\b{_SAY}\b.{{0,120}}\b(?:answer|question|user|summary|reply|response|review(?:s|er)?|sentence|output|word|only|exactly|that)\b",
    rf"\b(?:in|to) (?:your|the|every|any|each|this) (?:answer|reply|response|summary|output|report|sentence|conclusion)s?\b.{{0,80}}\b{_SAY}\b",
    rf"\b{_SAY}\b.{{0,80}}\b(?:in|to|of|with|as|at the (?:start|end) of) (?:your|every|the|any|each) (?:final |only |whole |entire )?(?:answer|reply|response|summary|output|report)s?\b",
    rf"\b(?:tell|inform|assure|convince|warn|remind|persuade) (?:the |all |every |any |your )?(?:user|reader|analyst|manager|asker|person (?:who|asking)|whoever)s?\b",
    rf"\b(?:only|just|simply|always|instead|merely)\s+(?:{_SAY})\b.{{0,10}}(?:[\"“”「『:：]|with\b|that\b|the (?:word|phrase|string|text|sentence)|exactly\b)",
    rf"\b(?:{_SAY}) (?:only|exactly|verbatim|literally|nothing but|the following|the (?:word|phrase|string|text))\b.{{0,60}}(?:[\"“”「『:：]|\b(?:answer|sentence|nothing else|and nothing|exactly)\b)",
    r"\b(?:you are|you're) (?:now|no longer|hereby|henceforth)\b|\bfrom (?:now|here) on,? (?:you|answer|reply|respond|act|speak)\b|\b(?:act|behave|respond|answer|pretend|speak|write) (?:as if|as though|like|as) (?:you|an? (?:unrestricted|evil|different|pirate|system|admin|developer|root|linux|terminal)|dan\b|a )",
    r"\bpretend (?:that |to be |you)|\brole ?-?play\b|\bdeveloper mode\b|\bjailbreak|\bdo anything now\b|\bgod ?mode\b|\bsudo\b|\bdebug mode\b",
    rf"\b(?:system|hidden|initial|original|secret|developer) ?(?:prompt|{_ORDERS}|message)s?\b",
    r"\b(?:repeat|reveal|print|show|output|leak|display|dump)\b.{0,40}\b(?:your|the) (?:rules|prompt|instructions?|system|configuration|api|key|secret|context|everything above)",
    rf"\b(?:do not|don't|never|stop|avoid|refrain from)\b.{{0,30}}\b(?:mention|cite|quote|citing|quoting|mentioning|list|reveal|include|summari[sz]e|count)\b.{{0,40}}\b(?:other|any|the|these|this|bad|negative|all)?\s*(?:reviews?|complaints?|sources?|evidence|citations?|instructions?|numbers?)\b",
    rf"\bend of (?:the )?(?:reviews?|data|document|input|context|user|text|{_ORDERS}|file)\b|\b(?:begin|start) of (?:new|system|admin|{_ORDERS})",
    r"\b(?:cites?|sentences|row_ids|kind|citations?)\b\"?\s*[:=]\s*[\[{\"\d]",
    r"\b(?:translate|convert|encode|decode) (?:everything|your|the|all|this|it)\b.{0,60}\b(?:answer|reply|response|output|into|base64|rot13|morse|french|latin|klingon)\b",
    rf"\b(?:answer|reply|response|summary|output|report|conclusion)s? (?:has to|have to|must|should|needs? to|is to|shall|will)\b.{{0,20}}\b(?:{_SAY}|be|contain|read|consist)\b",
    rf"\b(?:when|if|should|whenever) (?:someone|somebody|anyone|anybody|a user|the user|users?|they|people|a person)(?: then)? asks?\b.{{0,60}}\b(?:you|{_SAY}|answer is|number is)\b",
    r"\bcite (?:review|row|source|only|number|this|nothing)\b|\b(?:whatever|everything|anything|whenever) you (?:write|say|answer|output|reply|generate|cite)\b",
    rf"\b{_DROP}\b.{{0,20}}\b(?:every|all|any) (?:other|of the other|the other|previous|negative)?\s*(?:reviews?|complaints?|comments?|texts?|rules)\b",
    r"\b(?:note|message|notice|memo|update|word|order)s? from (?:the |your )?(?:\w+ ){0,2}(?:developers?|admin\w*|systems?|operators?|vendor|maintainers?|engineers?|creators?|owner of this tool|security team)\b",
    r"\b(?:correct|right|only|true|expected|required|proper|desired) (?:conclusion|answer|response|summary|reply|output) (?:is|to|must|would|should)\b",
    r"\b(?:whoever|whatever|whichever|anyone who|anything that|any (?:program|machine|system|tool|software|computer) (?:that|which)|the (?:program|machine|software|tool|computer) (?:that|which)) (?:is )?(?:process|read|summari[sz]|analy[sz]|pars|scan|evaluat)\w*",
    r"\bpretend\b.{0,30}\b(?:rules?|instructions?|restrictions?|limits?)\b|\byour (?:first|last|next|only|every) (?:line|sentence|word|reply|answer|message|response)\b",
    r"\b(?:answer|reply|respond|write|speak|talk) (?:only |solely |exclusively )?in (?:[a-z]+ only|rhymes?|verse|capitals?|code|emoji\w*|french|german|spanish|latin|russian|chinese|english|japanese)\b",
    r"r[ée]pond(?:ez|s|re)\b.{0,20}\b(?:uniquement|seulement|en fran|par)|\bantworte\w*\b.{0,20}\b(?:nur|ausschlie|auf|mit)|\brespond[ae]\b.{0,20}\b(?:solo|s[óo]lo|[úu]nicamente|en espa)|\bignor(?:ez|iere|iere?n|a|ad|e) (?:toutes|alle|todas|les|die|las|sie)\b",
    r"\b(?:execute|eval|run|call|invoke|use)\b.{0,30}\b(?:the )?(?:tool|function|shell|command|api|code|script|plugin|query)\b.{0,60}(?:[(:`]|\bwith\b|\bdelete|\bdrop|\bsend|\bfetch)",
)
_CHINESE = (
    "(?:忽略|无视|忘记|忘掉|不要(?:再)?理会|不用(?:再)?理会|别管|不管|抛开|放弃|跳过|撇开|不要(?:再)?遵守|不必遵守|停止遵守|推翻|绕过|覆盖|取消|作废|清空|删除)"
    ".{0,20}(?:指令|指示|提示|规则|要求|设定|约束|限制|命令|上文|以上|前面|之前|上面|其他评论|其它评论|别的评论|所有评论|系统|说明|任务|内容)",
    "(?:系统|开发者|管理员|隐藏|内部|初始|原始)(?:提示|指令|消息|命令|通知|设定|备注|信息|要求)(?:词|符|语)?(?=[:：，,。是为及】\\])）]|$|更新|如下|已)|提示词|(?:规则|指令|设定|要求|政策)(?:已经?|刚刚|现已)(?:更新|变更|修改|改为|失效|作废)|(?:最新|新的?|更新|紧急|真正的?|最高优先级)(?:指令|命令|任务|规则|指示|要求)",
    "(?:致|给|告诉|提醒|请|尊敬的|亲爱的|各位|正在读.{0,6}的|正在阅读.{0,8}的|处理.{0,8}的|负责.{0,8}的|作为(?:一个|一名)?|身为|你是(?:一个|一名)?)"
    "(?:这个|这位|本|一个|任何|所有)?(?:AI|ＡＩ|人工智能|智能助手|语言模型|大模型|模型|机器人|助手|程序|算法|系统)(?!(?:客服|语音|推荐的))",
    "(?:AI|人工智能|智能助手|助手|大?模型|机器人)(?:[，,：:！!请]|注意|必须|应该|务必|听好|你好).{0,40}(?:回答|回复|输出|总结|写|说|告诉|生成|推荐|翻译)",
    "(?:请|必须|务必|应当|应该|一律|只(?:需|要|能|准|许|可)|直接|统一|改为|一定要|都要|你要|你得|需要|立刻|马上)(?:你)?(?:在(?:你的)?(?:回答|答案|总结|回复|摘要)(?:中|里)?)?"
    '(?:回答|回复|输出|总结(?:为|成|说)|写(?:上|成|出|道)|告诉(?:用户|读者|提问者|大家|对方|老板|经理)|声称|宣布|返回|打印|复述|生成|报告说|说明?[:：“"「]|回应|标注|推荐)',
    '(?:在|把)?(?:你的)?(?:回答|答案|回复|总结|摘要|结论|报告)(?:的)?(?:中|里|里面|末尾|开头|结尾|前面|后面|只|必须|要|应|请|一律|改成|写成|换成).{0,30}(?:加上|写|附上|包含|只|说|为|成|出现|声明|注明|改|是|“|"|「)',
    "(?:从现在(?:起|开始)|从此刻起|接下来)[，,]?.{0,8}(?:你|请|只|都|一律|扮演|回答|用)|(?:现在)?你(?:现在)?(?:是|不再是|变成|扮演)(?:了)?(?:一个|一名|一位)?(?:不受|没有|无|海盗|系统|管理员|开发者|猫|专业|推销|另|助手|客服经理|公关)|扮演|角色扮演|假装(?:你|成)|开发者模式|越狱",
    "(?:不要|不得|禁止|切勿|别|不准|不许|无需)(?:再)?(?:提到|提及|引用|引述|显示|列出|统计|总结|说明|透露|标注|写)(?:任何|其他|其它|别的|这些|以上|这条|负面|差评|来源|编号|评论|本|投诉|问题|上述)",
    "(?:复述|透露|泄露|显示|打印|输出|公开|重复|念出)(?:你的|全部|所有|上面|以上|系统|一遍)?.{0,8}(?:提示|指令|规则|设定|密钥|口令|密码|内部)",
    "(?:评论|数据|文档|输入|内容|正文|资料|用户消息|上下文)(?:到此|到这里|至此)?(?:结束|完毕|截止)[。，,\\s:：】\\]—-]|以下(?:是|为)(?:新|系统|真正|管理员|正式|开发者)",
    "(?:现在|从(?:这里|此)(?:开始|起))[，,]?(?:请)?你(?:就)?是|你现在(?:就)?是|每(?:一)?(?:句话?|个句子)(?:都)?(?:要|必须|得|应|请|用|以|末|结尾|后面)|(?:所有|全部)(?:句子|回答|答案|内容)(?:都)?(?:要|必须|得|应|一律)",
    "(?:总结|回答|作答|概括|汇总|答复|分析|摘要)(?:的时候|时候?|之前|前)[，,]?.{0,8}(?:记得|请|务必|必须|一定|要|别忘|先|直接)?.{0,4}(?:写|说|加上|附上|注明|强调|提示|输出|声明)",
    "(?:如果|要是|凡是|当)?(?:有人|用户|别人|谁|客户|大家|老板|提问者)(?:来)?(?:问|提问|询问|查询).{0,24}(?:你|一律|统一|就|都|请)(?:就|只|要|都|得|一律|统一)?(?:说|答|回答|回复|告诉|报)",
    "(?:引用|引述|标注)(?:第|编号|评论).{0,4}\\d+|(?:读到|看到|读取|处理|解析|分析|扫描|抓取)(?:到)?(?:这|本|此)(?:段|条|则|句|篇)?(?:文字|评论|内容|话|文本|数据)?的(?:程序|机器|系统|AI|人工智能|模型|助手|软件|算法|机器人)|(?:程序|机器|软件|算法)(?:务必|必须|请|应当)",
    "从(?:这里|现在|此处|此刻)(?:开始|起)[，,]?(?:一律|统一|只|全部|都|请|你)|(?:正确|唯一|标准|最终|应有)的?(?:结论|答案|回答)(?:是|为|应|只)|结论(?:应|必须|要|请|一律)",
    "(?:翻译|转换|编码)(?:成|为).{0,12}(?:再?(?:回答|输出|回复)|base64)|用(?:英文|英语|法语|日语|文言文|拼音|颜文字|emoji)(?:来)?(?:回答|回复|输出|作答)",
)
_MARKS = (
    r"<\|[^|>]{1,40}\|>|\[/?(?:inst|sys|system|assistant|user)\]|<</?sys>>|</?(?:system|assistant|user|instructions?|prompt|review|data|context|document|tool\w*|answer)\b[^>]*>",
    r"(?:^|[\s\"'`>*#】\]）)])(?:system|assistant|user|developer|human|ai|系统|助手|用户|开发者|管理员)\s*[:：]\s*\S",
    r"(?:^|\n)\s*#{2,}\s*(?:\w+\s+){0,3}(?:instruction|system|task|prompt|response|answer|指令|系统|任务|回答)",
    r"```|<!--|-->|\{\s*[\"']\w+[\"']\s*:\s*[\[{\"'\d]|\}\s*\]\s*\}|\{\{|\$\{",
    r"!?\[[^\]\n]{0,80}\]\(\s*(?:https?:|javascript:|data:|//)",
    r"(?<![A-Za-z0-9+/=])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{40,}={0,2}(?![A-Za-z0-9+/=])",
    "[\U000e0000-\U000e007f]{3,}",
)
# In the English rules a Chinese character ends a word.
_RULES = (
    *(re.compile(rule, re.IGNORECASE | re.ASCII) for rule in _ENGLISH),
    *(re.compile(rule, re.IGNORECASE) for rule in (*_CHINESE, *_MARKS)),
)
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*]){4,}\w(?!\w)")
_LOOKALIKE = str.maketrans("аеорсухіѕԁһјӏοαερτυκνι0134@$", "aeopcyxisdhjloaeptukvioleaas")
_MOST_CHARS = 20_000


def speaks_to_machine(text: str) -> bool:
    """Whether a text orders a reader that is a program to do something."""
    text = text[:_MOST_CHARS]
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    variants = [text, plain, " ".join(plain.split())]
    if _SPACED.search(plain):
        variants.append(_SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), plain))
    if not plain.isascii() or re.search(r"[A-Za-z][0134@$]|[0134@$][A-Za-z]", plain):
        variants.append(plain.lower().translate(_LOOKALIKE))
    return any(rule.search(variant) for variant in dict.fromkeys(variants) for rule in _RULES)
