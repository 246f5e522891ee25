"""A small anti-aliased drawing surface and its PNG writer, made of the standard library only.

A shape is a signed distance: a function of a point that is negative inside, positive outside, in pixels. Its edge
is smoothed over one pixel, which is all the anti-aliasing that flat pictures need.
"""

import math
import struct
import zlib

# Each of the 256 shades rounded to the nearest multiple of 4, white kept white: no eye sees it, and files halve.
FEWER_SHADES = bytes(min(255, round(shade / 4) * 4) for shade in range(256))


def hex_colour(text):
    """`#rrggbb` as three numbers from 0 to 255."""
    return tuple(int(text[i:i + 2], 16) for i in (1, 3, 5))


class Shape:
    """A signed distance with the box outside which nothing is drawn."""

    def __init__(self, distance, box):
        self.distance = distance
        self.box = box

    def __and__(self, other):
        """What lies in both."""
        boxes = (self.box, other.box)
        return Shape(
            lambda x, y: max(self.distance(x, y), other.distance(x, y)),
            (max(b[0] for b in boxes), max(b[1] for b in boxes), min(b[2] for b in boxes), min(b[3] for b in boxes)),
        )

    def __or__(self, other):
        """What lies in either."""
        boxes = (self.box, other.box)
        return Shape(
            lambda x, y: min(self.distance(x, y), other.distance(x, y)),
            (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)),
        )

    def __sub__(self, other):
        """What lies in this one but not in the other."""
        return Shape(lambda x, y: max(self.distance(x, y), -other.distance(x, y)), self.box)

    def grown(self, by):
        """The shape with its edge moved outward by `by` pixels, inward when negative."""
        x0, y0, x1, y1 = self.box
        return Shape(lambda x, y: self.distance(x, y) - by, (x0 - by, y0 - by, x1 + by, y1 + by))

    def moved(self, dx, dy):
        """The shape at another place."""
        x0, y0, x1, y1 = self.box
        return Shape(lambda x, y: self.distance(x - dx, y - dy), (x0 + dx, y0 + dy, x1 + dx, y1 + dy))

    def turned(self, degrees, cx=256, cy=256):
        """The shape turned clockwise about a point."""
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x0, y0, x1, y1 = self.box
        corners = [
            (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos)
            for x in (x0, x1) for y in (y0, y1)
        ]

        def distance(x, y):
            dx, dy = x - cx, y - cy
            return self.distance(cx + dx * cos + dy * sin, cy - dx * sin + dy * cos)

        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return Shape(distance, (min(xs), min(ys), max(xs), max(ys)))


def circle(cx, cy, radius):
    """A disc."""
    return Shape(lambda x, y: math.hypot(x - cx, y - cy) - radius,
                 (cx - radius, cy - radius, cx + radius, cy + radius))


def ellipse(cx, cy, rx, ry):
    """An ellipse along the axes; the distance is exact only near the edge, where it matters."""
    def distance(x, y):
        px, py = (x - cx) / rx, (y - cy) / ry
        length = math.hypot(px, py)
        slope = math.hypot(px / rx, py / ry)
        return -min(rx, ry) if slope == 0 else length * (length - 1) / slope
    return Shape(distance, (cx - rx, cy - ry, cx + rx, cy + ry))


def box(x0, y0, x1, y1, radius=0):
    """A rectangle with rounded corners."""
    cx, cy, hx, hy = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2 - radius, (y1 - y0) / 2 - radius

    def distance(x, y):
        dx, dy = abs(x - cx) - hx, abs(y - cy) - hy
        return math.hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius
    return Shape(distance, (x0, y0, x1, y1))


def stroke(x0, y0, x1, y1, radius):
    """A line with round ends, `radius` to each side."""
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy

    def distance(x, y):
        t = min(1, max(0, ((x - x0) * dx + (y - y0) * dy) / square))
        return math.hypot(x - x0 - t * dx, y - y0 - t * dy) - radius
    return Shape(distance, (min(x0, x1) - radius, min(y0, y1) - radius, max(x0, x1) + radius, max(y0, y1) + radius))


def polygon(*points):
    """A closed polygon."""
    edges = list(zip(points, points[1:] + points[:1]))

    def distance(x, y):
        nearest, inside = math.inf, False
        for (ax, ay), (bx, by) in edges:
            ex, ey = bx - ax, by - ay
            t = min(1, max(0, ((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey)))
            nearest = min(nearest, math.hypot(x - ax - t * ex, y - ay - t * ey))
            if (ay > y) != (by > y) and x < ax + (y - ay) / ey * ex:
                inside = not inside
        return -nearest if inside else nearest
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Shape(distance, (min(xs), min(ys), max(xs), max(ys)))


class Canvas:
    """A square of RGB pixels."""

    def __init__(self, size, background):
        self.size = size
        self.pixels = bytearray(bytes(hex_colour(background)) * (size * size))

    def fill(self, shape, colour, opacity=1.0):
        """Paints a shape over what is there."""
        red, green, blue = hex_colour(colour)
        x0, y0, x1, y1 = shape.box
        columns = range(max(0, int(x0) - 1), min(self.size, int(x1) + 2))
        for y in range(max(0, int(y0) - 1), min(self.size, int(y1) + 2)):
            for x in columns:
                covered = 0.5 - shape.distance(x + 0.5, y + 0.5)
                if covered <= 0:
                    continue
                alpha = min(1.0, covered) * opacity
                i = 3 * (y * self.size + x)
                self.pixels[i] += round((red - self.pixels[i]) * alpha)
                self.pixels[i + 1] += round((green - self.pixels[i + 1]) * alpha)
                self.pixels[i + 2] += round((blue - self.pixels[i + 2]) * alpha)

    def png(self):
        """The picture as a PNG file. Flat areas compress best unfiltered and with few shades."""
        stride = 3 * self.size
        shades = self.pixels.translate(FEWER_SHADES)
        rows = b"".join(b"\0" + shades[start:start + stride] for start in range(0, len(shades), stride))
        header = struct.pack(">IIBBBBB", self.size, self.size, 8, 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            chunk(kind, body) for kind, body in
            ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
        )


def chunk(kind, body):
    """One PNG chunk: length, kind, body and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
