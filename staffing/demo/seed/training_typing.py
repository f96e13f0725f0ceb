"""Texts to type in the demo."""

ZH = (
    "您好，很高兴为您服务。请您先告诉我订单号，我帮您查一下现在到了哪一步。我看到您的包裹昨天下午已经从杭州发出，今天"
    "早上到了上海的分拨中心，预计明天中午之前送到。如果明天下午两点您还没有收到，请随时联系我们，我会第一时间帮您催促"
    "快递。另外，收到商品以后请您先检查外包装，如果有破损，可以当场拒收，我们会马上为您安排补发，不收取任何费用。感谢"
    "您的耐心等待，祝您生活愉快。",
    "非常抱歉让您等了这么久，换成是我也会着急。我刚才和仓库核对过了，您买的外套因为尺码缺货，比原计划晚了两天发出。现"
    "在有两个办法：一是继续等，后天可以到货，我们送您一张优惠券作为补偿；二是现在取消，退款今天就能到账。您看哪一个更"
    "合适？不管您选哪个，我都会一直跟进，到了约定的时间主动给您回电话，不用您再来找我们一次。如果还有别的问题，也请一"
    "起告诉我。",
    "欢迎来到会员服务中心。您的会员等级是金卡，本月可以使用三次免费退换，已经用了一次。积分一共有四千六百分，其中一千"
    "分会在月底过期，您可以用来换购厨房小家电，或者抵扣下一次购物的金额。需要提醒您的是，换购的商品不支持无理由退货，"
    "但是有质量问题可以换新。您上次咨询的净水器滤芯已经到货，需要的话我现在就帮您下单，后天上午可以送到，师傅会提前一"
    "小时给您打电话。",
)
EN = (
    "Thank you for waiting. I can see your order here, and the parcel left our warehouse yesterday "
    "afternoon. It should reach you before noon tomorrow. If it has not arrived by two o'clock, please "
    "write to us again and I will ask the carrier to look for it at once. When you open the box, please "
    "check the outside first. If anything is broken, send it back with the driver and we will ship a new "
    "one the same day, free of charge. Is there anything else I can do for you today?",
    "I am sorry that you had to ask twice. I have just spoken with the warehouse, and the size you chose "
    "was out of stock when you placed the order. You have two choices now. We can send the coat on "
    "Thursday and add a voucher for your next purchase, or I can cancel the order and the money will be "
    "on your card today. Whichever you prefer, I will follow it up myself and call you at the time we "
    "agree on, so that you do not need to contact us again.",
)
