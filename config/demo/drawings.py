"""What the people of the demo photograph and draw, and their faces; drawn here, so that nobody's picture is in the repository."""

from collections.abc import Callable
from io import BytesIO
from math import exp

from PIL import Image, ImageDraw, ImageFont

PAPER, INK, LEAF, WASH, CLAY, SOFT = "#f5f3ec", "#25221b", "#2b7237", "#e0ecd6", "#9c3a20", "#5d574a"
NIGHT = (2, 1, 3, 2, 6, 2, 2, 1)  # percent lost in each hour from 23:00
Drawing = Callable[[ImageDraw.ImageDraw], None]


def draw(name: str) -> bytes:
    """The picture of this name, as its author would have sent it."""
    image = Image.new("RGB", (960, 600), PAPER)
    DRAWINGS[name](ImageDraw.Draw(image))
    return _file(image)


def words(pen: ImageDraw.ImageDraw, at: tuple[int, int], said: str, *, size: int = 30, fill: str = INK) -> None:
    pen.text(at, said, fill=fill, font=ImageFont.load_default(size))


def _limit(pen: ImageDraw.ImageDraw) -> None:
    """A page of settings: how far to charge, and a switch below it."""
    pen.rounded_rectangle((120, 50, 840, 550), 40, fill="white", outline="#dcd6c7", width=3)
    words(pen, (170, 90), "Battery", size=46)
    words(pen, (170, 190), "Charge limit")
    words(pen, (720, 190), "80 %", fill=LEAF)
    pen.rounded_rectangle((170, 250, 790, 266), 8, fill=WASH)
    pen.rounded_rectangle((170, 250, 666, 266), 8, fill=LEAF)
    pen.ellipse((644, 236, 688, 280), fill="white", outline=LEAF, width=6)
    pen.line((170, 340, 790, 340), fill="#dcd6c7", width=2)
    words(pen, (170, 380), "Learn my alarm")
    words(pen, (170, 430), "Full ten minutes before it rings", size=24, fill=SOFT)
    pen.rounded_rectangle((690, 380, 790, 432), 26, fill=LEAF)
    pen.ellipse((742, 384, 786, 428), fill="white")


def _night(pen: ImageDraw.ImageDraw) -> None:
    """Bars: how much each hour of the night took."""
    pen.line((110, 500, 880, 500), fill=SOFT, width=3)
    for hour, lost in enumerate(NIGHT):
        left, most = 130 + hour * 94, lost == max(NIGHT)
        pen.rounded_rectangle((left, 500 - lost * 62, left + 60, 499), 8, fill=CLAY if most else LEAF)
        words(pen, (left + 14, 510), f"{(23 + hour) % 24:02d}", size=26, fill=SOFT)
        words(pen, (left + 8, 460 - lost * 62), f"{lost} %", size=26, fill=CLAY if most else INK)


def _cold(pen: ImageDraw.ImageDraw) -> None:
    """A curve that falls off a cliff at thirty percent."""
    pen.line((110, 60, 110, 510), fill=SOFT, width=3)
    pen.line((110, 510, 880, 510), fill=SOFT, width=3)
    curve = [
        (110 + step * 7, 90 + 240 * step / 70 if step < 70 else 330 + 180 * (1 - exp((70 - step) / 4))) for step in range(108)
    ]
    pen.line(curve, fill=CLAY, width=8, joint="curve")
    pen.line((110, 330, 880, 330), fill="#dcd6c7", width=3)
    words(pen, (40, 312), "30", size=28, fill=SOFT)
    words(pen, (28, 76), "100", size=28, fill=SOFT)
    words(pen, (640, 250), "-10 °C", size=40, fill=CLAY)


def _cradle(pen: ImageDraw.ImageDraw) -> None:
    """A stand of wood with a phone, and the spare battery behind it."""
    pen.polygon([(220, 520), (740, 520), (690, 440), (270, 440)], fill="#b98a56")
    pen.rounded_rectangle((360, 90, 560, 470), 26, fill=INK)
    pen.rounded_rectangle((374, 108, 546, 452), 14, fill=WASH)
    pen.rounded_rectangle((600, 250, 690, 450), 14, fill=SOFT)
    pen.rectangle((626, 236, 664, 250), fill=SOFT)
    pen.rounded_rectangle((612, 330, 678, 440), 8, fill=LEAF)
    words(pen, (404, 240), "71 %", size=54, fill=LEAF)


def _ring(pen: ImageDraw.ImageDraw) -> None:
    """A lock screen, a thumb's circle on it, and the code for the gate that comes out."""
    pen.rounded_rectangle((150, 30, 450, 570), 40, fill=INK)
    pen.rounded_rectangle((168, 54, 432, 546), 24, fill=WASH)
    words(pen, (228, 100), "7:42", size=64)
    pen.arc((220, 300, 380, 460), 40, 360, fill=LEAF, width=14)
    pen.polygon([(376, 396), (356, 434), (402, 430)], fill=LEAF)
    pen.line((500, 300, 600, 300), fill=SOFT, width=8)
    pen.polygon([(596, 276), (640, 300), (596, 324)], fill=SOFT)
    pen.rounded_rectangle((670, 190, 890, 410), 20, fill="white", outline="#dcd6c7", width=3)
    for place in range(36):
        if (place * 7 + place // 6) % 3 != 1:
            left, top = 690 + place % 6 * 30, 210 + place // 6 * 30
            pen.rectangle((left, top, left + 28, top + 28), fill=INK)


def _key(pen: ImageDraw.ImageDraw) -> None:
    """A phone that is turned a quarter, like a key, and the bicycle that starts."""
    pen.rounded_rectangle((120, 120, 280, 440), 26, outline="#dcd6c7", width=6)
    pen.rounded_rectangle((60, 220, 380, 380), 26, fill=INK)
    pen.rounded_rectangle((76, 234, 364, 366), 14, fill=WASH)
    pen.arc((40, 100, 420, 480), 200, 290, fill=CLAY, width=12)
    pen.polygon([(286, 92), (318, 130), (268, 134)], fill=CLAY)
    for middle in (580, 820):
        pen.ellipse((middle - 90, 340, middle + 90, 520), outline=INK, width=10)
    pen.line([(580, 430), (650, 300), (770, 300), (700, 430), (580, 430)], fill=LEAF, width=10, joint="curve")
    pen.line([(770, 300), (820, 430)], fill=LEAF, width=10)
    pen.line([(758, 260), (800, 250)], fill=INK, width=10)


def _box(pen: ImageDraw.ImageDraw) -> None:
    """The box of a phone with seven words on its lid."""
    pen.polygon([(200, 180), (680, 180), (780, 90), (300, 90)], fill="#d9b98c")
    pen.polygon([(680, 180), (780, 90), (780, 420), (680, 520)], fill="#b98a56")
    pen.rectangle((200, 180, 680, 520), fill="#c9a26d")
    for line, said in enumerate(("Opens. Closes.", "Opens again.", "Still works.")):
        words(pen, (250, 240 + line * 70), said, size=46)
    pen.ellipse((600, 430, 640, 470), fill=SOFT)
    pen.line((606, 450, 634, 450), fill=PAPER, width=5)


DRAWINGS: dict[str, Drawing] = {
    "limit": _limit,
    "night": _night,
    "cold": _cold,
    "cradle": _cradle,
    "ring": _ring,
    "key": _key,
    "box": _box,
}


def draw_face(*, skin: str, hair: str, shirt: str, ground: str, long: bool = False) -> bytes:
    """A face in five shapes."""
    image = Image.new("RGB", (400, 400), ground)
    pen = ImageDraw.Draw(image)
    if long:
        pen.rounded_rectangle((112, 90, 288, 330), 80, fill=hair)
    pen.ellipse((60, 290, 340, 560), fill=shirt)
    pen.rounded_rectangle((172, 230, 228, 320), 24, fill=skin)
    pen.ellipse((126, 96, 274, 272), fill=skin)
    pen.pieslice((118, 78, 282, 250), 180, 360, fill=hair)
    for eye in (172, 220):
        pen.ellipse((eye, 186, eye + 10, 196), fill=INK)
    pen.arc((170, 196, 230, 238), 25, 155, fill=INK, width=4)
    return _file(image)


def _file(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
