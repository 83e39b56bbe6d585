"""One-time messages live in a cookie, so that a visitor who only looks around needs no session."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponseBase


class QuietCookieStorage(CookieStorage):
    """Django's, but a page without messages sends no header to delete a cookie that was never there."""

    def _update_cookie(self, encoded_data: str, response: HttpResponseBase) -> None:
        if encoded_data or self.cookie_name in self.request.COOKIES:
            super()._update_cookie(encoded_data, response)
