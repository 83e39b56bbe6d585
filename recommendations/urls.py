from django.urls import path

from recommendations import views

app_name = "recommendations"
urlpatterns = [
    path("offers/", views.offers, name="offers"),
    path("offers/for/<int:profile_id>/", views.panel, name="panel"),
    path("offers/for/<int:profile_id>/<slug:slug>/not-for-me/", views.dismiss, name="dismiss"),
    path("offers/for/<int:profile_id>/<slug:slug>/back/", views.take_back, name="take_back"),
    path(
        "offers/for/<int:profile_id>/kind/<int:category_id>/back/", views.take_back_category, name="take_back_category"
    ),
    path("offers/<slug:slug>/claim/", views.claim, name="claim"),
]
