"""What a column's name says about personal data in its cells."""

from __future__ import annotations

import re

_KINDS = {
    "email": r"邮箱|电子邮件|邮件地址|(?<![a-z])e ?mails?(?: address(?:es)?)?$",
    "phone": (
        r"电话|手机号|联系方式|座机|^手机$"
        r"|(?<![a-z])(?:phone|mobile|tel|telephone|cell|fax|whatsapp)(?: (?:number|no|num))?$"
    ),
    "id": r"身份证|护照|证件号|(?<![a-z])(?:passport|ssn|id card|national id)(?: (?:number|no))?$",
    "card": r"银行卡|信用卡|卡号|(?<![a-z])(?:card|credit card) (?:number|no)$",
    "account": r"银行账|银行帐|账户号|(?<![a-z])(?:iban|account (?:number|no))$",
    "order": (
        r"(?:订单|運單|运单|物流|快递|交易|訂單|发票|预订|流水)(?:编号|号码?|號|ID|id)$|^单号$"
        r"|(?<![a-z])(?:order|tracking|invoice|booking|reservation|transaction|purchase|shipment)"
        r" (?:id|no|number|num|code|ref)$"
    ),
    "handle": (
        r"微信号?$|^qq号?码?$"
        r"|(?<![a-z])(?:wechat|twitter|instagram) ?(?:id|handle|name)?$|(?<![a-z])screen name$|^handle$"
    ),
}
_USERS = re.compile(
    r"^(?:用户|用户名称?|用户 ?id|用户昵称|昵称|网名|会员名?|买家|买家昵称|顾客|客户|客户名称|作者)$"
    r"|^(?:评论者|评论人|评论用户|账号|住客|联系人|收货人|姓名)$"
    r"|^(?:user|reviewer|author|customer|member|buyer|guest)(?: ?(?:name|id|nick ?name))?$"
    r"|^(?:profile|contact|display|full|first|last) name$|^nick ?name$"
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS.items())


def column_kind(name: str) -> str | None:
    """The kind of personal data (a key of MARKS) that a column of this name holds, None where it says nothing."""
    words = _words(name)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(words)), None)


def names_users(name: str) -> bool:
    """Whether a column of this name tells who people are."""
    return _USERS.search(_words(name)) is not None


def _words(name: str) -> str:
    """A column's name in lower-case words: reviewerName, reviewer_name and Reviewer name are one."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.split(r"[\W_]+", spaced.lower())).strip()
