"""The rules of the community: the newest text that administrators gave it, else the one it begins with."""

from datetime import datetime

from django.db import transaction

from community.models import HouseRules, Member
from community.privileges import Privilege, require

ENGLISH = """\
We are here to make something better together. Five things keep this a good place.

1. **Argue about things, never about people.** Say what you think of an idea, a decision or a phone. Leave whoever said it in peace.
2. **Write so that others can use it.** Say what you were doing and what you missed. Look first whether it is here already; a vote helps more than the same wish twice.
3. **Keep private things private.** No addresses, numbers, names or pictures of people who did not agree, and nothing from other people's messages.
4. **Do not advertise.** A link is welcome where it helps. Posting for money, for votes in return or in several names is not.
5. **Stay within the law.** And leave what belongs to others where it is.

**What happens if something goes wrong.** Press *Report*; a moderator looks, usually within a day, and you hear what came of it. What breaks these rules is hidden, and its author reads why. Whoever goes on is warned, then limited, then suspended, each for a time that is said.

**You may always ask again.** Every decision about you can be appealed within 14 days. Somebody else than before looks at it, and if they see it your way, everything is as it was. How often that happens is on the page of numbers.
"""
SIMPLIFIED = """\
我们聚在这里，是为了一起把东西做得更好。下面五条让这里一直是个好地方。

1. **对事不对人。** 想法、决定、手机，都可以直说；说话的人，请不要攻击。
2. **写得让别人用得上。** 说说当时你在做什么、缺了什么。先看看是不是已经有人提过：投一票，比把同样的愿望再写一遍更有用。
3. **隐私不外传。** 没有得到本人同意，不要发别人的住址、号码、姓名和照片，也不要转发别人的私信。
4. **不打广告。** 有用的链接欢迎贴。为钱发帖、互相换票、用几个名字说话，都不行。
5. **遵守法律。** 别人的东西，请留在原处。

**出了问题怎么办。** 按“举报”，版主一般会在一天之内查看，结果会告诉你。违反规则的内容会被隐藏，作者会看到原因。继续违反的人，先是提醒，然后是限制，再然后是停用，每一次都会写明期限。

**你随时可以请人再看一次。** 关于你的每个决定，都可以在 14 天之内申诉。会由另一位版主来看；如果他同意你的看法，一切恢复原样。这样的情况有多少，在数据页上可以看到。
"""
TRADITIONAL = """\
我們聚在這裡，是為了一起把東西做得更好。下面五條讓這裡一直是個好地方。

1. **對事不對人。** 想法、決定、手機，都可以直說；說話的人，請不要攻擊。
2. **寫得讓別人用得上。** 說說當時你在做什麼、缺了什麼。先看看是不是已經有人提過：投一票，比把同樣的願望再寫一遍更有用。
3. **隱私不外傳。** 沒有得到本人同意，不要發別人的住址、號碼、姓名和照片，也不要轉發別人的私訊。
4. **不打廣告。** 有用的連結歡迎貼。為錢發文、互相換票、用幾個名字說話，都不行。
5. **遵守法律。** 別人的東西，請留在原處。

**出了問題怎麼辦。** 按「檢舉」，版主一般會在一天之內查看，結果會告訴你。違反規則的內容會被隱藏，作者會看到原因。繼續違反的人，先是提醒，然後是限制，再然後是停用，每一次都會寫明期限。

**你隨時可以請人再看一次。** 關於你的每個決定，都可以在 14 天之內申訴。會由另一位版主來看；如果他同意你的看法，一切恢復原樣。這樣的情況有多少，在數據頁上可以看到。
"""


def rules_in_force() -> HouseRules:
    """The newest text, or the one the community begins with."""
    newest = HouseRules.objects.order_by("-at", "-pk").first()
    return newest or HouseRules(text=ENGLISH, text_zh_hans=SIMPLIFIED, text_zh_hant=TRADITIONAL)


@transaction.atomic
def adopt_rules(*, rules: HouseRules, by: Member, at: datetime) -> HouseRules:
    """This text is in force from now on; the earlier ones stay on record."""
    require(by, Privilege.CONFIGURE)
    rules.pk, rules.by, rules.at = None, by, at
    rules.save(force_insert=True)
    return rules
