from django.urls import path

from recommendations import views

app_name = "recommendations"
urlpatterns = [
    path("offers/", views.offers, name="offers"),
    path("offers/for/<int:profile_id>/", views.panel, name="panel"),
    path("offers/<slug:slug>/claim/", views.claim, name="claim"),
]
