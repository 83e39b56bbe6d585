from django.urls import path

from .views import brand, center, download, erase, history, items, keep, mail, mail_links, receipts

app_name = "preferences"
urlpatterns = [
    path("preferences/", center.center, name="center"),
    path("preferences/history/", history.history, name="history"),
    path("preferences/history.csv", history.history_csv, name="history_csv"),
    path("preferences/history/<int:event_id>/receipt/", receipts.receipt, name="receipt"),
    path("preferences/history/<int:event_id>/receipt.json", receipts.receipt_json, name="receipt_json"),
    path("preferences/receipts/schema.json", receipts.schema, name="receipt_schema"),
    path("preferences/download/", download.download, name="download"),
    path("preferences/keep/", keep.keep_answers, name="keep_answers"),
    path("preferences/delete-everything/", erase.erase, name="erase"),
    path("preferences/deleted/", erase.erased, name="erased"),
    path("preferences/mail/", mail.mail, name="mail"),
    path("preferences/mail/address/", mail.address, name="mail_address"),
    path("preferences/mail/address/delete/", mail.forget_address, name="forget_address"),
    path("preferences/mail/stop/", mail.stop, name="stop_mail"),
    path("preferences/mail/letters/<int:sending_id>/", mail.letter, name="letter"),
    path("preferences/mail/topics/<slug:key>/", mail.topic, name="mail_topic"),
    path("preferences/mail/topics/<slug:key>/how/", mail.how, name="mail_how"),
    path("preferences/mail/topics/<slug:key>/quiet/", mail.snooze, name="mail_quiet"),
    path("mail/address/<str:token>/", mail_links.confirm_address, name="confirm_address"),
    path("mail/<str:token>/", mail_links.link, name="mail_link"),
    path("mail/<str:token>/choose/", mail_links.use_link, name="use_mail_link"),
    path("preferences/deleted/receipt.json", erase.erasure_receipt, name="erasure_receipt"),
    path("preferences/uses/<slug:slug>/", center.switch_use, name="switch_use"),
    path("preferences/<int:profile_id>/delete/", items.forget_profile, name="forget_profile"),
    path("preferences/<int:profile_id>/<slug:attribute_key>/", items.edit, name="edit"),
    path("preferences/<int:profile_id>/<slug:attribute_key>/delete/", items.forget, name="forget"),
    path("preferences/<int:profile_id>/<slug:attribute_key>/uses/<slug:slug>/", center.switch_item, name="switch_item"),
    path("brand.css", brand.brand_css, name="brand_css"),
]
