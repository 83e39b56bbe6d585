"""Every address of the site. Each app brings its own; probes are answered by `config.health` before routing."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from config import mail, well_known

urlpatterns = [
    path("", include("preferences.urls")),
    path("", include("quizzes.urls")),
    path("", include("recommendations.urls")),
    path("accounts/", include("config.accounts")),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", require_POST(set_language), name="set_language"),
    path(".well-known/gpc.json", well_known.global_privacy_control, name="gpc"),
    path(".well-known/security.txt", well_known.security_contact, name="security"),
]

handler400 = "config.errors.bad_request"

if settings.MAIL_PROVIDER:
    urlpatterns.insert(0, path("mail/events/", include("anymail.urls")))

if settings.MAIL_FOLDER:
    urlpatterns += [
        path("_mail/", mail.inbox, name="mail_inbox"),
        path("_mail/<str:name>/", mail.message, name="mail_message"),
        path("_mail/<str:name>/html/", mail.html, name="mail_html"),
    ]
