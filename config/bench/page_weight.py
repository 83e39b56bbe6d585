"""What a phone loads for the first question page with an empty cache: every byte of it, headers included."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from config.bench.figures import Figure
from config.bench.stand import Stand
from config.bench.steps import SLUG
from config.bench.taker import Taker, expect

GOAL = 45_000
LINKED = re.compile(r'<(?:link|script|img|source|use)\b[^>]*?\s(?:href|src|srcset)="([^"#]+)', re.IGNORECASE)
NOT_LOADED = re.compile(r'<link\b[^>]*rel="(?:alternate|canonical|next|prev|prefetch)"[^>]*>', re.IGNORECASE)
IMPORTED = re.compile(r'@import\s+(?:url\()?"([^"]+)"|url\("?([^")#]+)"?\)')


def page_weight(stand: Stand) -> Iterator[Figure]:
    with stand.process("web"):
        sizes = assets(stand, SLUG)
    total = sum(sizes.values())
    yield Figure(
        "first question page, transferred", f"{total / 1000:.1f} kB", "", f"≤ {GOAL // 1000} kB", total <= GOAL
    )
    for name, size in sizes.items():
        yield Figure(f"    {name}", f"{size / 1000:.1f} kB")


def assets(stand: Stand, slug: str) -> dict[str, int]:
    """Bytes transferred by address, the page first."""
    taker = Taker(stand.url)
    first = taker.start(slug)
    page = expect(
        taker.get(first.url), 200
    )  # again, as whoever comes back to it: the page alone, no redirect before it
    sizes = {"the page": page.transferred}
    waiting = [urljoin(page.url, link) for link in LINKED.findall(NOT_LOADED.sub("", page.html))]
    while waiting:
        url = waiting.pop(0)
        if url in sizes or url.startswith("data:") or urlsplit(url).netloc not in ("", urlsplit(stand.url).netloc):
            continue
        asset = expect(taker.get(url, {"Accept": "*/*"}), 200)
        sizes[url] = asset.transferred
        if asset.headers.get("content-type", "").startswith("text/css"):
            waiting += [urljoin(url, found[0] or found[1]) for found in IMPORTED.findall(asset.html)]
    taker.close()
    return sizes
