from django.urls import path

from .views import brand, center, download, erase, history, items, keep, receipts

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
    path("preferences/uses/<slug:slug>/", center.switch_use, name="switch_use"),
    path("preferences/<int:profile_id>/delete/", items.forget_profile, name="forget_profile"),
    path("preferences/<int:profile_id>/<slug:attribute_key>/", items.edit, name="edit"),
    path("preferences/<int:profile_id>/<slug:attribute_key>/delete/", items.forget, name="forget"),
    path("preferences/<int:profile_id>/<slug:attribute_key>/uses/<slug:slug>/", center.switch_item, name="switch_item"),
    path("brand.css", brand.brand_css, name="brand_css"),
]
