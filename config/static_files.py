"""Static files as customers get them: named by content, compressed, each stylesheet of ours in one piece.

The sources are several small files that one `@import`s, which browsers would fetch one after the other.
"""

import logging
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)

OURS = "css/"
IMPORT = re.compile(r"""@import url\("([^"]+)"\);""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class FoldedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Before hashing, replaces the collected copies of our stylesheets by folded ones.

    A picture that is not there is a picture that does not show, never a page that does not: its path was typed by a
    marketer, for a quiz or the brand, and the pages it is on are everybody's.
    """

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            logger.warning("There is no static file %s.", name)
            return name

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            for name in [name for name in paths if name.startswith(OURS) and name.endswith(".css")]:
                self.delete(name)
                self.save(name, ContentFile(squeezed(folded(*paths[name])).encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def folded(storage: Storage, path: str) -> str:
    """The stylesheet with what it imports in the imports' place."""
    with storage.open(path) as file:
        text = file.read().decode()
    folder = posixpath.dirname(path)
    return IMPORT.sub(lambda found: folded(storage, posixpath.join(folder, found[1])), text)


def squeezed(css: str) -> str:
    """Without comments and needless space. Space around `:` and operators stays: it can mean something."""
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", COMMENT.sub("", css))).replace(";}", "}").strip()
