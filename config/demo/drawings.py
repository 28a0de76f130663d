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


DRAWINGS: dict[str, Drawing] = {"limit": _limit, "night": _night, "cold": _cold, "cradle": _cradle}


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
