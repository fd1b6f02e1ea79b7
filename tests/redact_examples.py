"""What redaction must find, by kind, and what it must leave; written for this purpose."""

from __future__ import annotations

POSITIVE = {
    "email": """
write to anna.b+shop@mail.example.co.uk today
联系邮箱zhang_san@example.cn谢谢
someone @ example.com
mail me: JOHN.DOE@EXAMPLE.COM!
邮箱是ａｂｃ１２３＠ｅｘａｍｐｌｅ．ｃｏｍ
reach me at o'neil_9@sub.example.org.
my address is lee(at)example.com
lee [at] example [dot] com please
lee at example dot com
发到12345678@qq.com即可
12345678#qq.com 加我
<b>kim@example.kr</b>
mailto:kim@example.kr?subject=x
客服a-b-c@example.com.cn没回
first.last@123shop.example
wang艾特example.com
x_y%z@example.museum
reply-to: noreply@example.io;
邮件：li.si@student.example.edu.cn，
kim\u200b@exam\u200bple.com
""",
    "phone": """
电话13800138000不接
手机 138-0013-8000
+86 138 0013 8000
００８６１３８００１３８０００
前台 010-65551234 没人接
call +44 20 7946 0958
call +1 (555) 010-9999 now
call (212) 555-0143 now
打１３８００１３８０００找我
我的号码是1 3 8 0 0 1 3 8 0 0 0
138 0013 8000
138.0013.8000
138—0013—8000
8613800138000
0086-13800138000
联系+8613800138000
13800138000/李
(010)65551234
（021）6555 1234
0755-26551234转802
座机02165551234
热线400-820-1234
400 8201 234
电话:65551234
打电话6555-1234
致电 0571 8765 4321
一三八零零一三八零零零
我电话是幺三八零零幺三八零零零
1380013\u200b8000
1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣
212-555-0143
212.555.0143 is mine
1-800-555-0199
1 212 555 0143
(212)555-0143
call me at 555-0143
text 212 555 0143
my phone number is 2125550143
Tel: 2125550143
fax 020 7946 0958
020 7946 0958
07700 900123
0161 496 0000
+33 1 23 45 67 89
01 23 45 67 89
06.12.34.56.78
+49 (0)30 1234567
030/1234567
0171 2345678
089 / 123 45678
06-12345678
+39 06 6982 1234
+34 612 345 678
34 612 345 678
+81-90-1234-5678
090-1234-5678
010-1234-5678
03-1234-5678
0412 345 678
(02) 9876 5432
(11) 98765-4321
+91 98765 43210
0044 20 7946 0958
00442079460958
+7 (495) 123-45-67
whatsapp +55 11 98765 4321
+852 2345 6789
+886 912 345 678
contact: 07700900123
reach me at 2125550143
拨打 95588123
""",
    "id": """
身份证11010519491231002X
身份证号码：11010519491231002x，
110105 19491231 002X
110105-1949-1231-002X
１１０１０５１９４９１２３１００２Ｘ
11010519491231002X
身份证号 110105491231002
护照号E12345678
护照:G12345678
passport no. X1234567
my passport number is 123456789
ssn 123-45-6789
her number 123-45-6789
driver's license number 12345678
""",
    "card": """
card 4111 1111 1111 1111 was charged
card 378282246310005
4111111111111111
4111-1111-1111-1111
５５５５５５５５５５５５４４４４
5555 5555 5555 4444
6011 1111 1111 1117
3530 1113 3330 0000
3782 822463 10005
30569309025904
4222222222222
银行卡6222020200112233446号
卡号 6222 0202 0011 2233
card number 1234 5678 9012 3456
4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
paid with 4111\u00a01111\u00a01111\u00a01111
2223003122003222
""",
    "account": """
IBAN DE89 3704 0044 0532 0130 00
DE89370400440532013000
GB29 NWBK 6016 1331 9268 19 please
pay to fr1420041010050500013M02606
""",
    "order": """
订单号：202311230001
订单号 A2023-1123
订单编号:1234567890123456
我的订单编号是88776655
运单号SF1234567890123
快递单号 773012345678901
物流单号：YT1234567890123
单号 7788990011
订单202311231234567还没到
交易号：20231123220014
發票 invoice number INV-2023-0042
order no. 55892
order number: 112-1234567-1234567
Order #10482 never came
order id 5f3a9c21
my order 1234567890 is late
order 110105194912310021 is late
tracking number 9400 1000 0000 0000 0000 00
tracking: 123456789012
tracking no 1Z999AA10123456784
1Z999AA10123456784
RR123456789CN
SF1234567890123 丢了
booking reference 4821007
confirmation number is 998877
Reservation no: HX-88231
ref # 778812
case number 00412288
退款单号：50000123456
取消订单号【2023112300018】
订单号为 6001-2233-44
ＯＲＤＥＲ　ＮＯ．１２３４５６
""",
    "handle": """
thanks @grumpy_cat_99!
找@小王 说吧
＠店长小李 请回复
cc @Jane-Doe
//@李雷: 转发
"@shop_help" said no
(@abc)
@virgin_air you are late
follow @zhang.san on it
@7eleven_fan agrees
@@double_at hello
微信号：wx_12345
加微信abc12345
QQ 123456789
vx: hello2023
WeChat ID: lily_8899
Telegram: user_4321
@ユーザー名 さん
""",
}
NEGATIVE = """
It cost 1,299.99 in 2026-11-23 and weighs 4.5 kg
card-like 4111 1111 1111 1112
0000000000000000
room 1380, floor 13
rated 5/5 @ home
12800138000 is no mobile number
the 24/7 service, 100-200-300 steps
价格1999元,用了3年
iPhone 15 Pro 256
iPhone 15 Pro Max 1TB, 6.7 inch
华为Mate60 Pro 12+512
小米14 Ultra 16GB+1TB
256 512 1024 GB
see you @ 5pm
meet @5pm
open @10:30
two @ $5 each
sold 3 @19.99
on sale @50元
@3点见
@100
face @_@ again
>@<
C@t and f@ck
a @ b
price 2,999.00
1999.99 - 2999.99
¥12800
$1,234,567.89
€ 1.234.567,89
12,345,678 people
1 000 000 000 views
2023-05-01
2023-05-01 12:30:45
2023/05/01-2023/06/01
01.02.2023
05/06/2023 10:30
12-31-2023
2023年11月23日 14时30分
20231123
20231123143000
1700000000
1700000000123
14:30:00-15:45:00
8:30 - 17:30
1990-2020
2008 2012 2016 2020 2024
买了2019 2020 2021三年
10x20x30 cm
1920x1080
3840*2160
120cm x 60cm x 75cm
尺码 165/88A
36 37 38 39 40 41 42
90-60-90
5.0 out of 5
4.8分
9.5/10
10/10 would buy
★★★★☆ 4.5
99.99%
1.5L 500ml 250g
5000mAh 120W
-20℃~50℃
100000 km
192.168.1.1
v1.2.3.4
version 10.0.19045.3570
Windows 11 23H2
RTX 4090 24GB
Core i7-13700K
Ryzen 9 7950X3D
B0BSHF7WHW
model WH-1000XM5
SKU 12345
ISBN 978-7-111-54742-6
9787111547426
EAN 4006381333931
0.12345678901
3.14159265358979
1.0000000000
1e10
2^32 = 4294967296
population 1400000000
zip 94103-1234
邮编100000
room 0312
航班CA1234
flight UA 1549
高铁G1234次
车厢12 座位08F
楼号3-2-1801
3号楼2单元1801
第123期
第1章第2节
买3送1
满300减50
双11 618
618大促
12315投诉
拨打110
call 911
call 24/7
I called 3 times in 2023
called on 2023-05-01
phone 15 years old
电话打了3次
手机用了2年
手机1999元
打电话 2023-05-01 没人接
text me 5 times
order 2 of these
I ordered 3 pizzas
order #2 was better
order no 1
in order to win
订单量1000
订单2天才到
下单3次
订单号没有显示
order number missing
tracking is poor
the case number one fan
快递3天到
单号查不到
发货2023年
微信支付很方便
微信付款100元
QQ群里说的
wechat payment works
wechat pay 100
passport control took 45 minutes
护照照片
身份证照片拍了3次
卡号没写
card was declined 3 times
card 64GB
account manager
会员价199
password 123456
1 2 3 4 5 6 7 8 9 10
10 20 30 40 50 60 70 80 90 100
111 222 333
1-2-3
1.1.1
100-200
50-100 RMB
3:1
1,5,10,20
12 34 56
+5 points
+ 1
+100 for this
+10000
A + B + C
1 + 1 = 2
12+512GB
+++++
- - - -
### 1
No. 1
#1 choice
#2023
email me
e-mail support is slow
at home
look at amazon.com
visit example.com
https://example.com/item/100012043978.html
http://example.com/a?b=1234567
meet at noon dot
the dot com era
邮箱没收到
一二三四五六七
一三五七九
九九八十一
一百二十三
三三两两
十三点三十
I am 30, he is 45
width 1234567 mm
0571
010
400元
800 400 200
800*600
100 200 3000
30 days 12 hours
2 stars
5 stars!!!
中文评论，没有数字
😀😀😀

just words here
parts 099-0818-300 and 073-3150-406
my channel @ example.com/me
客服工号9057态度差
"""
