#!/usr/bin/env python3
"""Draws the product pictures, one for each kind of dosage form: `python3 infra/seed/pictures/draw.py [name…]`.

The pictures show what kind of thing a product is, never its real package. Each is 512 x 512 pixels; every function
below draws the one of its name.
"""

import pathlib
import sys

from canvas import Canvas, box, circle, ellipse, polygon, stroke

SIZE = 512
FOLDER = pathlib.Path(__file__).resolve().parent

WHITE, PAPER, MIST, INK = "#ffffff", "#f4f7fb", "#dbe4ee", "#33475b"
BLUE, SKY, NAVY = "#3f7fd9", "#8fbcf2", "#2a5ba8"
TEAL, MINT, PINE = "#22a699", "#8fdccf", "#177d73"
CORAL, BLUSH, BRICK = "#f2766b", "#fbb9ae", "#cf5348"
AMBER, HONEY, BROWN = "#e8a33d", "#f6cf8a", "#b9762a"
VIOLET, LILAC, PLUM = "#8a6fd1", "#c5b5f0", "#6a4fb3"


def scene(tint):
    """A tinted ground with a pale disc, on which every object stands."""
    canvas = Canvas(SIZE, tint)
    canvas.fill(circle(256, 256, 208), WHITE, 0.55)
    return canvas


def shadow(canvas, cx, cy, rx, ry=14):
    """The soft ground shadow below an object."""
    for step in range(4):
        canvas.fill(ellipse(cx, cy, rx + 12 - 5 * step, ry + 5 - 3 * step), INK, 0.06)


def object_shadow(canvas, shape):
    """The soft shadow of an object that lies flat."""
    for grow in (10, 6, 2):
        canvas.fill(shape.moved(8, 14).grown(grow), INK, 0.05)


def cross(cx, cy, arm, width):
    """The pharmacy's cross. Never in red on white: that is the protected emblem of the Red Cross."""
    return (box(cx - arm, cy - width, cx + arm, cy + width, 4)
            | box(cx - width, cy - arm, cx + width, cy + arm, 4))


def label(canvas, x0, y0, x1, y1, colour):
    """A paper label with the cross and two lines of writing that say nothing."""
    canvas.fill(box(x0, y0, x1, y1, 8), WHITE)
    cx, width = (x0 + x1) / 2, x1 - x0
    canvas.fill(cross(cx, y0 + (y1 - y0) * 0.38, width * 0.15, width * 0.05), colour)
    for row, reach in ((0.70, 0.32), (0.84, 0.22)):
        y = y0 + (y1 - y0) * row
        canvas.fill(stroke(cx - width * reach, y, cx + width * reach, y, 4), MIST)


def gloss(canvas, x, y0, y1, radius=6):
    """A highlight down an object's left side."""
    canvas.fill(stroke(x, y0, x, y1, radius), WHITE, 0.55)


def round_tablet(canvas, cx, cy, radius, colours):
    """A round tablet seen from above, with its score line. `colours` are face, rim and line."""
    face, rim, line = colours
    disc = circle(cx, cy, radius)
    object_shadow(canvas, disc)
    canvas.fill(disc, rim)
    canvas.fill(circle(cx, cy - radius * 0.05, radius * 0.9), face)
    canvas.fill(stroke(cx - radius * 0.55, cy - radius * 0.05, cx + radius * 0.55, cy - radius * 0.05, 5), line)


def tablet():
    canvas = scene("#dcebfb")
    round_tablet(canvas, 196, 200, 92, (WHITE, MIST, SKY))
    round_tablet(canvas, 332, 316, 86, (SKY, BLUE, NAVY))
    oblong = stroke(172, 352, 226, 380, 34)
    object_shadow(canvas, oblong)
    canvas.fill(oblong, BRICK)
    canvas.fill(oblong.grown(-6).moved(0, -3), CORAL)
    canvas.fill(stroke(176, 340, 214, 359, 5), WHITE, 0.5)
    return canvas


def two_part_capsule(canvas, cx, cy, degrees, left, right):
    """A hard capsule of two halves, lying at an angle."""
    body = stroke(cx - 78, cy, cx + 78, cy, 52)
    object_shadow(canvas, body.turned(degrees, cx, cy))
    canvas.fill(body.turned(degrees, cx, cy), right)
    half = body & box(cx - 140, cy - 60, cx + 4, cy + 60)
    canvas.fill(half.turned(degrees, cx, cy), left)
    canvas.fill((body & box(cx - 2, cy - 60, cx + 8, cy + 60)).turned(degrees, cx, cy), INK, 0.12)
    canvas.fill(stroke(cx - 76, cy - 26, cx + 70, cy - 26, 8).turned(degrees, cx, cy), WHITE, 0.5)


def capsule():
    canvas = scene("#fde5e1")
    two_part_capsule(canvas, 238, 204, -32, CORAL, WHITE)
    two_part_capsule(canvas, 286, 330, 18, TEAL, MINT)
    return canvas


def blister():
    canvas = scene("#ece6fb")
    card = box(128, 92, 384, 420, 26)
    object_shadow(canvas, card)
    canvas.fill(card, MIST)
    canvas.fill(card.grown(-8), PAPER)
    for row in range(5):
        for column in range(4):
            cx, cy = 166 + 60 * column, 138 + 59 * row
            colour, rim = (VIOLET, PLUM) if row < 4 else (BLUSH, CORAL)
            canvas.fill(circle(cx, cy, 23), MIST)
            canvas.fill(circle(cx, cy, 18), rim)
            canvas.fill(circle(cx, cy - 2, 16), colour)
            canvas.fill(circle(cx - 6, cy - 8, 4), WHITE, 0.7)
    return canvas


def syrup():
    canvas = scene("#fdf0d9")
    shadow(canvas, 256, 424, 96)
    body = box(164, 182, 348, 424, 34)
    canvas.fill(box(216, 120, 296, 210, 10), BROWN)
    canvas.fill(body, BROWN)
    canvas.fill(body.grown(-8), AMBER)
    canvas.fill(box(204, 78, 308, 138, 12), WHITE)
    for x in range(220, 300, 18):
        canvas.fill(stroke(x, 92, x, 126, 3), MIST)
    label(canvas, 178, 250, 334, 388, TEAL)
    gloss(canvas, 188, 212, 236)
    return canvas


def bottle():
    canvas = scene("#dff4ef")
    shadow(canvas, 256, 430, 88)
    canvas.fill(box(174, 168, 338, 430, 40), PINE)
    canvas.fill(box(182, 176, 330, 422, 34), TEAL)
    canvas.fill(box(214, 128, 298, 176, 6), MIST)
    canvas.fill(box(206, 84, 306, 150, 14), WHITE)
    canvas.fill(box(206, 134, 306, 150, 6), MIST)
    label(canvas, 196, 232, 316, 384, TEAL)
    gloss(canvas, 200, 200, 218)
    return canvas


def cream():
    canvas = scene("#e3edfb")
    tube = polygon((176, 108), (336, 108), (306, 356), (206, 356)).grown(8)
    object_shadow(canvas, tube)
    canvas.fill(tube, WHITE)
    canvas.fill(box(162, 84, 350, 124, 8), SKY)
    for x in range(178, 346, 16):
        canvas.fill(stroke(x, 92, x, 116, 2), BLUE, 0.5)
    canvas.fill(polygon((182, 168), (330, 168), (315, 290), (197, 290)), BLUE)
    canvas.fill(cross(256, 228, 34, 11), WHITE)
    canvas.fill(stroke(226, 322, 286, 322, 4), MIST)
    canvas.fill(box(210, 362, 302, 378, 4), MIST)
    canvas.fill(box(200, 374, 312, 432, 14), NAVY)
    canvas.fill(stroke(218, 390, 218, 416, 5), WHITE, 0.35)
    return canvas


def inhaler():
    canvas = scene("#dcebfb")
    shadow(canvas, 262, 432, 104)
    canvas.fill(box(214, 76, 322, 220, 16), MIST)
    canvas.fill(box(226, 76, 252, 220, 10), WHITE, 0.8)
    canvas.fill(box(194, 150, 342, 396, 30), BLUE)
    spout = box(116, 340, 330, 432, 26)
    canvas.fill(spout, BLUE)
    canvas.fill(box(98, 330, 146, 440, 14), NAVY)
    canvas.fill(box(218, 206, 318, 318, 14), WHITE)
    canvas.fill(cross(268, 262, 32, 10), BLUE)
    gloss(canvas, 206, 190, 300, 5)
    return canvas


def nebulizer():
    canvas = scene("#e1f3fb")
    for cx, tilt in ((166, -8), (256, 0), (346, 8)):
        ampoule = box(cx - 34, 190, cx + 34, 400, 20).turned(tilt, cx, 400)
        object_shadow(canvas, ampoule)
        canvas.fill(box(cx - 10, 140, cx + 10, 200, 6).turned(tilt, cx, 400), SKY)
        canvas.fill(box(cx - 30, 96, cx + 30, 152, 14).turned(tilt, cx, 400), BLUE)
        canvas.fill(ampoule, SKY)
        canvas.fill(ampoule.grown(-7), WHITE, 0.6)
        liquid = (box(cx - 27, 288, cx + 27, 393, 14)).turned(tilt, cx, 400)
        canvas.fill(liquid, SKY)
        canvas.fill(stroke(cx - 16, 220, cx - 16, 360, 4).turned(tilt, cx, 400), WHITE, 0.7)
    return canvas


def dropper_bottle(tint, light, dark, drop):
    """A squeeze bottle with a pointed tip, and one drop."""
    canvas = scene(tint)
    shadow(canvas, 276, 430, 84)
    canvas.fill(polygon((262, 84), (290, 84), (302, 160), (250, 160)).grown(6), dark)
    canvas.fill(box(226, 150, 326, 204, 12), dark)
    canvas.fill(box(196, 196, 356, 430, 40), WHITE)
    canvas.fill(box(196, 246, 356, 374, 2), light)
    canvas.fill(cross(276, 310, 36, 12), WHITE)
    gloss(canvas, 214, 230, 392, 5)
    for shape, colour in ((circle(132, 330, 38), drop), (polygon((132, 238), (167, 314), (97, 314)), drop)):
        canvas.fill(shape, colour)
    canvas.fill(circle(120, 336, 9), WHITE, 0.6)
    return canvas


def eye_drops():
    return dropper_bottle("#dff4ef", TEAL, PINE, "#6fc3ea")


def ear_drops():
    return dropper_bottle("#ece6fb", VIOLET, PLUM, AMBER)


def nasal_spray():
    canvas = scene("#e1f3fb")
    shadow(canvas, 256, 436, 84)
    tip = polygon((244, 86), (268, 86), (280, 190), (232, 190)).grown(8)
    canvas.fill(tip, MIST)
    canvas.fill(tip.grown(-5), WHITE)
    canvas.fill(box(184, 190, 328, 232, 14), MIST)
    canvas.fill(box(206, 222, 306, 262, 8), NAVY)
    canvas.fill(box(186, 250, 326, 436, 34), BLUE)
    canvas.fill(box(204, 298, 308, 402, 12), WHITE)
    canvas.fill(cross(256, 350, 32, 11), BLUE)
    gloss(canvas, 202, 278, 290, 5)
    mist = ((0, -34, 6), (-58, -8, 6), (58, -8, 6), (-80, -34, 5), (80, -34, 5), (-48, -42, 5), (48, -42, 5))
    for dx, dy, radius in mist:
        canvas.fill(circle(256 + dx, 96 + dy, radius), SKY)
    return canvas


def patch():
    canvas = scene("#fdf0d9")
    plaster = box(110, 166, 402, 346, 52)
    object_shadow(canvas, plaster.turned(-24))
    canvas.fill(plaster.turned(-24), HONEY)
    canvas.fill(plaster.grown(-5).turned(-24), "#fbdca6")
    canvas.fill(box(190, 188, 322, 324, 22).turned(-24), WHITE)
    canvas.fill(cross(256, 256, 36, 12).turned(-24), TEAL)
    for x in (140, 164, 348, 372):
        for y in (220, 256, 292):
            canvas.fill(circle(x, y, 5).turned(-24), AMBER)
    return canvas


def film():
    canvas = scene("#fde9dc")
    sachet_back = box(136, 116, 376, 300, 14).turned(-8)
    object_shadow(canvas, sachet_back)
    canvas.fill(sachet_back, WHITE)
    canvas.fill(box(136, 116, 376, 150, 10).turned(-8), MIST)
    canvas.fill(cross(256, 224, 34, 11).turned(-8), TEAL)
    strip = box(166, 322, 366, 408, 10).turned(6, 266, 365)
    object_shadow(canvas, strip)
    canvas.fill(strip, AMBER)
    canvas.fill(strip.grown(-6), HONEY)
    canvas.fill(stroke(190, 344, 300, 344, 5).turned(6, 266, 365), WHITE, 0.7)
    return canvas


def suppository():
    canvas = scene("#e6f4e6")
    for cx, tilt in ((180, -14), (332, 14)):
        body = box(cx - 44, 236, cx + 44, 390, 20) | (ellipse(cx, 240, 44, 118) & box(cx - 60, 110, cx + 60, 262))
        body = body.turned(tilt, cx, 260)
        object_shadow(canvas, body)
        canvas.fill(body, MIST)
        canvas.fill(body.grown(-6), WHITE)
        canvas.fill(stroke(cx - 20, 220, cx - 20, 356, 6).turned(tilt, cx, 260), MINT, 0.7)
    return canvas


def gum():
    canvas = scene("#dff4ef")
    for cx, cy, tilt in ((210, 186, -16), (306, 276, 10), (204, 348, 4)):
        piece = box(cx - 82, cy - 46, cx + 82, cy + 46, 24).turned(tilt, cx, cy)
        object_shadow(canvas, piece)
        canvas.fill(piece, MINT)
        canvas.fill(piece.grown(-7).moved(0, -3), WHITE)
        canvas.fill(stroke(cx - 46, cy - 18, cx + 8, cy - 18, 6).turned(tilt, cx, cy), MINT, 0.7)
    return canvas


def lozenge():
    canvas = scene("#fde5e1")
    for cx, cy, face, rim in ((196, 210, CORAL, BRICK), (322, 264, HONEY, AMBER), (214, 350, MINT, TEAL)):
        disc = circle(cx, cy, 70)
        object_shadow(canvas, disc)
        canvas.fill(disc, rim)
        canvas.fill(circle(cx, cy - 3, 64), face)
        canvas.fill(circle(cx, cy - 3, 44) - circle(cx, cy - 3, 38), WHITE, 0.55)
        canvas.fill(circle(cx - 34, cy - 38, 8), WHITE, 0.7)
    return canvas


def foam():
    canvas = scene("#ece6fb")
    shadow(canvas, 256, 438, 78)
    canvas.fill(box(184, 190, 328, 438, 22), VIOLET)
    canvas.fill(box(184, 190, 328, 214, 8), PLUM)
    canvas.fill(box(220, 150, 292, 196, 10), MIST)
    canvas.fill(box(196, 112, 300, 164, 20), WHITE)
    label(canvas, 202, 248, 310, 392, VIOLET)
    gloss(canvas, 200, 226, 240, 5)
    for cx, cy, radius in ((146, 150, 30), (112, 172, 24), (156, 184, 24), (128, 128, 18)):
        canvas.fill(circle(cx, cy, radius), MIST)
        canvas.fill(circle(cx - 2, cy - 3, radius - 4), WHITE)
    return canvas


def pump():
    canvas = scene("#e3edfb")
    shadow(canvas, 270, 438, 92)
    canvas.fill(stroke(150, 112, 268, 112, 16), NAVY)
    canvas.fill(stroke(150, 112, 150, 136, 12), NAVY)
    canvas.fill(box(256, 104, 284, 190, 6), NAVY)
    canvas.fill(box(214, 166, 326, 214, 12), BLUE)
    canvas.fill(box(182, 204, 358, 438, 34), WHITE)
    canvas.fill(box(182, 256, 358, 386, 2), SKY)
    canvas.fill(cross(270, 320, 36, 12), WHITE)
    gloss(canvas, 200, 230, 400, 5)
    canvas.fill(circle(150, 178, 13), SKY)
    return canvas


def powder_jar():
    canvas = scene("#e6f4e6")
    shadow(canvas, 256, 430, 108)
    canvas.fill(box(148, 156, 364, 430, 36), WHITE)
    canvas.fill(box(148, 214, 364, 376, 2), TEAL)
    canvas.fill(box(136, 96, 376, 172, 20), PINE)
    for x in range(158, 370, 22):
        canvas.fill(stroke(x, 114, x, 154, 4), TEAL)
    canvas.fill(cross(256, 294, 48, 16), WHITE)
    gloss(canvas, 168, 196, 400, 5)
    return canvas


def sachet():
    canvas = scene("#fde9dc")
    for dx, dy, tilt, colour, band in ((-46, -10, -14, MINT, TEAL), (40, 14, 8, WHITE, BLUE)):
        cx, cy = 256 + dx, 256 + dy
        packet = box(cx - 96, cy - 132, cx + 96, cy + 132, 8).turned(tilt, cx, cy)
        object_shadow(canvas, packet)
        canvas.fill(packet, colour)
        for y in (cy - 132, cy + 108):
            canvas.fill(box(cx - 96, y, cx + 96, y + 24, 6).turned(tilt, cx, cy), MIST)
        canvas.fill(box(cx - 96, cy + 30, cx + 96, cy + 84, 1).turned(tilt, cx, cy), band)
        canvas.fill(cross(cx, cy - 32, 38, 13).turned(tilt, cx, cy), band)
    return canvas


def vial():
    canvas = scene("#e1f3fb")
    shadow(canvas, 256, 428, 88)
    canvas.fill(box(176, 190, 336, 428, 32), SKY)
    canvas.fill(box(184, 198, 328, 420, 26), "#e8f4fd")
    canvas.fill(box(214, 150, 298, 210, 8), "#cfe5f8")
    canvas.fill(box(184, 330, 328, 420, 24), SKY)
    canvas.fill(box(198, 116, 314, 164, 10), "#9fb2c6")
    canvas.fill(box(206, 88, 306, 124, 12), CORAL)
    label(canvas, 190, 236, 322, 352, BLUE)
    gloss(canvas, 194, 210, 228, 4)
    return canvas


def syringe():
    canvas = scene("#e1f3fb")
    parts = (
        (stroke(256, 44, 256, 132, 3), "#9fb2c6"),
        (box(242, 112, 270, 152, 6), NAVY),
        (box(212, 146, 300, 356, 16), SKY),
        (box(220, 154, 292, 348, 10), "#f3f9fe"),
        (box(220, 154, 292, 262, 10), "#9ed8ef"),
        (box(220, 256, 292, 276, 4), NAVY),
        (box(246, 272, 266, 420, 4), MIST),
        (box(180, 350, 332, 372, 10), BLUE),
        (box(208, 414, 304, 438, 10), BLUE),
    )
    object_shadow(canvas, box(212, 146, 300, 356, 16).turned(38))
    for shape, colour in parts:
        canvas.fill(shape.turned(38), colour)
    for y in range(180, 340, 22):
        canvas.fill(stroke(272, y, 288, y, 2).turned(38), NAVY, 0.7)
    canvas.fill(stroke(230, 170, 230, 330, 4).turned(38), WHITE, 0.8)
    return canvas


def pen():
    canvas = scene("#fdf0d9")
    outline = box(222, 70, 290, 442, 26).turned(36)
    object_shadow(canvas, outline)
    parts = (
        (box(226, 70, 286, 206, 22), TEAL),
        (box(222, 196, 290, 400, 12), WHITE),
        (box(222, 190, 290, 210, 4), PINE),
        (box(238, 228, 274, 296, 10), "#cfe5f8"),
        (box(244, 234, 268, 272, 6), "#9ed8ef"),
        (box(222, 322, 290, 376, 2), MINT),
        (box(232, 396, 280, 442, 12), AMBER),
    )
    for shape, colour in parts:
        canvas.fill(shape.turned(36), colour)
    canvas.fill(cross(256, 349, 18, 6).turned(36), WHITE)
    canvas.fill(stroke(238, 90, 238, 176, 5).turned(36), WHITE, 0.5)
    return canvas


PICTURES = {
    function.__name__.replace("_", "-"): function
    for function in (
        tablet, capsule, blister, syrup, bottle, cream, inhaler, nebulizer, eye_drops, ear_drops, nasal_spray, patch,
        film, suppository, gum, lozenge, foam, pump, powder_jar, sachet, vial, syringe, pen,
    )
}


def main():
    """Draws the pictures named, or all."""
    for name in sys.argv[1:] or PICTURES:
        file = PICTURES[name]().png()
        (FOLDER / f"{name}.png").write_bytes(file)
        print(f"{name}.png {len(file)} bytes")


if __name__ == "__main__":
    main()
