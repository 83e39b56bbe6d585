"""A quiz's own colours: from an accent and a ground, every colour its pages use, and whether people can read them.

The accent and the ground are shown exactly as chosen; all else is derived around them in OKLCH and pushed as far as
contrast needs. So little can go wrong: an accent that does not stand off the ground, and a ground in the middle between
light and dark on which nothing can be written. Both are refused with the nearest colour that would do.

A light ground has its counterpart for the dark: the accent's hue, deep, and the accent lifted as far as needed. A dark
ground is dark by day and by night. The stylesheet sets the custom properties of static/css/tokens.css, in sRGB: what is
checked here is what is shown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin

from .parts import CORNERS, LETTERS, Look
from .problems import Problem

TEXT = 4.5
SHAPE = 3.0
SPARE = 0.05  # what is derived is a little better than it must be
STEP = 0.01
LIGHT, DARK = "light", "dark"
COLOURED = 0.025  # a ground with more chroma keeps its own hue: mixed with another it would turn muddy
DEEP = 0.185  # the lightness of a dark page, as in tokens.css
SURFACES = ("paper", "card", "tint")

# What is really shown upon what: (front, backs, ratio, what a person would call it).
PAIRS: Sequence[tuple[str, tuple[str, ...], float, str]] = (
    ("ink", ("paper", "card", "tint", "tint-deep"), TEXT, "text"),
    ("ink-soft", SURFACES, TEXT, "small text"),
    ("link", SURFACES, TEXT, "links"),
    ("bad", (*SURFACES, "bad-tint"), TEXT, "what went wrong"),
    ("on-accent", ("accent", "accent-deep"), TEXT, "words on buttons"),
    ("accent", (*SURFACES, "tint-deep"), SHAPE, "buttons and marks"),
    ("edge", SURFACES, SHAPE, "outlines"),
)
CHOSEN = {"accent": "accent", "ground": "paper"}
RADIUS = {"sharp": ("0px", "0px"), "soft": ("0.5rem", "0.75rem"), "round": ("1.375rem", "5rem")}
SANS = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI Variable Display", "Segoe UI", Roboto, "Helvetica Neue", sans-serif'
)
SERIF = 'ui-serif, "Iowan Old Style", "Palatino Nova", Palatino, "Book Antiqua", Georgia, serif'
_NAME = re.compile(rf"([0-9a-f]{{6}}|0)-([0-9a-f]{{6}}|0)-({'|'.join(CORNERS)}|0)-({'|'.join(LETTERS)}|0)\Z")

Colours = Mapping[str, str]
LCH = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Contrast:
    """How `front` stands off the worst of what it is shown upon. `what` is a person's word for it."""

    scheme: str
    front: str
    back: str
    what: str
    ratio: float
    needed: float

    @property
    def is_enough(self) -> bool:
        return self.ratio >= self.needed


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a chosen colour (`field`: accent or ground) that people could not read or make out."""

    field: str
    contrast: Contrast
    instead: str  # the nearest colour that would do, "" when none would


@lru_cache(maxsize=5000)
def luminance(colour: str) -> float:
    """WCAG's relative luminance, 0 to 1, of #rrggbb."""
    red, green, blue = (_linear(each) for each in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def is_dark(ground: str) -> bool:
    """Whether light text stands off it better than dark text."""
    return contrast(ground, "#ffffff") > contrast(ground, "#000000")


@lru_cache(maxsize=500)
def colours(accent: str, ground: str) -> Mapping[str, Colours]:
    """By scheme (light, dark) and custom property. At least one of the two is chosen."""
    accent = accent.lower() or _accent_for(ground)
    hue, chroma = _hued(accent)
    ground = ground.lower() or shade_of((0.984, chroma * 0.06, hue))
    if is_dark(ground):
        both = _scheme(ground, accent)
        return {LIGHT: both, DARK: both}
    night = shade_of((DEEP, chroma * 0.2, hue))
    return {LIGHT: _scheme(ground, accent), DARK: _scheme(night, _lifted(accent, night))}


def contrasts(look: Look) -> list[Contrast]:
    """Each of PAIRS at its worst, in both schemes. Nothing for a look in the brand's colours."""
    if not (look.accent or look.ground):
        return []
    return [
        _worst(scheme, shades, front, backs, needed, what)
        for scheme, shades in colours(look.accent, look.ground).items()
        for front, backs, needed, what in PAIRS
    ]


def faults(look: Look) -> list[Fault]:
    """Why these colours are refused; empty when everything can be read."""
    wrong = [each for each in contrasts(look) if not each.is_enough]
    if not wrong:
        return []
    worst = min(wrong, key=lambda each: each.ratio / each.needed)
    if not look.accent or any(each.front not in CHOSEN for each in wrong):
        instead = _nearest(look.ground, lambda colour: _is_fine(look.accent, colour))
        instead = instead or _nearest(look.ground, lambda colour: _is_writable(look.accent, colour))
        ground = min((each for each in wrong if each.front not in CHOSEN), key=lambda each: each.ratio, default=worst)
        return [Fault("ground", ground, instead)]
    found = [Fault("accent", worst, _nearest(look.accent, lambda colour: _is_fine(colour, look.ground)))]
    if look.ground:
        instead = _nearest(look.ground, lambda colour: _is_fine(look.accent, colour))
        found.append(Fault("ground", worst, instead))
    return found


def problems_with(look: Look) -> list[Problem]:
    return [
        Problem(
            f"look.{each.field}",
            "unreadable",
            "",
            f"{each.contrast.what} have a contrast of {each.contrast.ratio:.1f} to 1 and need {each.contrast.needed:g}"
            + (f"; {each.instead} would do" if each.instead else ""),
        )
        for each in faults(look)
    ]


def name_of(look: Look) -> str:
    """The look in its address: it says everything, so it needs no row and never changes."""
    parts = (look.accent[1:].lower(), look.ground[1:].lower(), look.corners, look.letters)
    return "-".join(part or "0" for part in parts)


def look_named(name: str) -> Look | None:
    match = _NAME.match(name)
    if match is None:
        return None
    accent, ground, corners, letters = ("" if part == "0" else part for part in match.groups())
    return Look(f"#{accent}" if accent else "", f"#{ground}" if ground else "", corners, letters)


@lru_cache(maxsize=500)
def stylesheet(look: Look) -> str:
    """Custom properties over those of tokens.css and /brand.css, which come before it."""
    rules = [f":root{{{''.join(_declared(look))}}}"]
    if look.accent or look.ground:
        shades = colours(look.accent, look.ground)
        light, dark = (_properties(shades[scheme]) for scheme in (LIGHT, DARK))
        scheme = "color-scheme:dark;" if light == dark else ""
        rules.append(f":root{{{scheme}{light}}}")
        if light != dark:
            rules.append(f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}")
        rules.append("@media (prefers-contrast:more){:root{--line:var(--edge);--ink-soft:var(--ink)}}")
    if look.letters == "sans":
        rules.append("h1,h2,h3{font-weight:650;letter-spacing:-0.025em}")
    return "\n".join(rule for rule in rules if rule != ":root{}") + "\n"


def digest(look: Look) -> str:
    """Changes when the stylesheet does: a new release may derive other shades."""
    return hashlib.sha256(stylesheet(look).encode()).hexdigest()[:8]


def _declared(look: Look) -> Iterator[str]:
    if look.corners:
        radius, button = RADIUS[look.corners]
        yield f"--brand-radius:{radius};--radius-button:{button};"
    if look.letters:
        yield f"--brand-font-display:{SANS if look.letters == 'sans' else SERIF};"


def _properties(shades: Colours) -> str:
    return "".join(f"--{name}:{value};" for name, value in shades.items())


def _scheme(paper: str, accent: str) -> Colours:
    """All colours around these two. `way` is where contrast lies: -1 towards black, +1 towards white."""
    dark = is_dark(paper)
    way = 1 if dark else -1
    hue, chroma = _hued(accent)
    base = _lch(paper)
    tinted = _plane(base, (chroma, hue), dark)
    shades = {"paper": paper, "card": tinted(0.045 if dark else 0.6 * (1 - base[0]), 0.0)}
    shades["tint"] = tinted(0.085 if dark else -0.036, 0.17)
    shades["tint-deep"] = tinted(0.15 if dark else -0.082, 0.36 if dark else 0.38)
    shades["line"] = tinted(0.145 if dark else -0.095, 0.1)
    backs = [shades[name] for name in SURFACES]
    deep = [*backs, shades["tint-deep"]]
    shades["edge"] = _towards((0.62 if dark else 0.61, chroma * 0.25, hue), backs, SHAPE, way)
    shades["ink"] = _towards((0.945, chroma * 0.1, hue) if dark else (0.25, chroma * 0.32, hue), deep, 7, way)
    shades["ink-soft"] = _towards((0.77, chroma * 0.18, hue) if dark else (0.44, chroma * 0.28, hue), backs, TEXT, way)
    shades["accent"] = accent
    light, black = shade_of((0.985, chroma * 0.1, hue)), shade_of((0.2, chroma * 0.4, hue))
    on = next((each for each in (light, black, "#ffffff") if contrast(each, accent) >= TEXT), "#000000")
    shades["accent-deep"] = _shifted(accent, 0.07 if is_dark(on) else -0.07)
    shades["on-accent"] = on
    start = _lch(accent)[0]
    shades["link"] = _towards((max(start, 0.8) if dark else min(start, 0.5), chroma, hue), backs, TEXT, way)
    shades["bad-tint"] = shade_of((0.29, 0.05, 27) if dark else (0.955, 0.025, 27))
    shades["bad"] = _towards((0.79, 0.11, 27) if dark else (0.48, 0.16, 27), [*backs, shades["bad-tint"]], TEXT, way)
    shades["shadow"] = "#00000059" if dark else f"{shades['ink']}1a"
    return shades


def _plane(base: LCH, accent: tuple[float, float], dark: bool) -> Callable[[float, float], str]:
    """Surfaces beside the page: lighter or darker than it, with some of the accent mixed in."""
    lightness, chroma, hue = base
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    strength, turn = accent
    strength *= 1.0 if chroma < COLOURED else 0.35

    def shade(by: float, share: float) -> str:
        keeps = 1.0 if dark or by <= 0 else 0.4  # a card on a light ground is nearly white
        x = a * keeps + share * strength * cos(radians(turn))
        y = b * keeps + share * strength * sin(radians(turn))
        return shade_of((min(1.0, max(0.0, lightness + by)), hypot(x, y), degrees(atan2(y, x)) % 360))

    return shade


def _towards(start: LCH, backs: Sequence[str], needed: float, way: int) -> str:
    """The first colour from `start` on, towards white or black, that stands off all of these."""
    near, chroma, hue = start
    shade, far = shade_of(start), 1.0 if way > 0 else 0.0
    if _stands_off(shade, backs, needed):
        return shade
    found = shade_of((far, 0.0, 0.0))
    for _halving in range(8):
        middle = (near + far) / 2
        shade = shade_of((middle, chroma, hue))
        if _stands_off(shade, backs, needed):
            found, far = shade, middle
        else:
            near = middle
    return found


def _stands_off(shade: str, backs: Sequence[str], needed: float) -> bool:
    return min(contrast(shade, back) for back in backs) >= needed + SPARE


def _lifted(accent: str, night: str) -> str:
    """The accent on a dark page: itself where that can be seen, otherwise as much lighter as needed."""
    lightness, _chroma, hue = _lch(accent)
    _hue, chroma = _hued(accent)
    return _towards((max(lightness, 0.72), chroma, hue), [night, _shifted(night, 0.15)], TEXT, 1)


def _accent_for(ground: str) -> str:
    """A ground alone: the accent is of its hue."""
    _lightness, chroma, hue = _lch(ground)
    return shade_of((0.82 if is_dark(ground) else 0.43, min(0.12, max(0.0, 3 * chroma)), hue))


def _worst(scheme: str, shades: Colours, front: str, backs: tuple[str, ...], needed: float, what: str) -> Contrast:
    back = min(backs, key=lambda name: contrast(shades[front], shades[name]))
    return Contrast(scheme, front, back, what, contrast(shades[front], shades[back]), needed)


def _is_fine(accent: str, ground: str) -> bool:
    if accent and ground and contrast(accent, ground) < SHAPE:
        return False  # most are out by this alone, and it costs next to nothing
    return all(each.is_enough for each in contrasts(Look(accent, ground)))


def _is_writable(accent: str, ground: str) -> bool:
    """Whether text can be read on it; its accent may yet have to change."""
    return all(each.is_enough for each in contrasts(Look(accent, ground)) if each.front != "accent" or not accent)


def _nearest(colour: str, does: Callable[[str], bool]) -> str:
    """The colour of the same hue whose lightness is nearest and for which `does` holds."""
    lightness, chroma, hue = _lch(colour)
    for count in range(1, round(1 / STEP)):
        for at in (lightness - count * STEP, lightness + count * STEP):
            if 0 <= at <= 1 and does(shade := shade_of((at, chroma, hue))):
                return shade
    return ""


def _hued(colour: str) -> tuple[float, float]:
    """Hue, and a chroma as strong as neutrals and text bear it."""
    _lightness, chroma, hue = _lch(colour)
    return hue, min(chroma, 0.16)


def _shifted(colour: str, by: float) -> str:
    lightness, chroma, hue = _lch(colour)
    return shade_of((min(1.0, max(0.0, lightness + by)), chroma, hue))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _curved(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _lch(colour: str) -> LCH:
    """OKLCH of #rrggbb, by Björn Ottosson's matrices (https://bottosson.github.io/posts/oklab/)."""
    red, green, blue = (_linear(each) for each in _channels(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    chroma = hypot(a, b)
    return lightness, 0.0 if chroma < 0.002 else chroma, degrees(atan2(b, a)) % 360


def shade_of(colour: LCH) -> str:
    """#rrggbb of OKLCH; of a colour no screen has, the same with as little less chroma as needed."""
    lightness, chroma, hue = colour
    low, high = 0.0, chroma
    rgb = _rgb(lightness, chroma, hue)
    if not _is_shown(rgb):
        for _halving in range(14):
            middle = (low + high) / 2
            low, high = (middle, high) if _is_shown(_rgb(lightness, middle, hue)) else (low, middle)
        rgb = _rgb(lightness, low, hue)
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02x}" for part in rgb)


def _is_shown(rgb: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in rgb)


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return _signed(red), _signed(green), _signed(blue)


def _signed(part: float) -> float:
    return _curved(part) if part >= 0 else -_curved(-part)
