from django.urls import path

app_name = "preferences"
urlpatterns: list = []
