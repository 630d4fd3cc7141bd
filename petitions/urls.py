from django.urls import path

from petitions import views

app_name = "petitions"
urlpatterns = [
    path("petitions/", views.queue, name="queue"),
    path("petitions/all/", views.petitions, name="petitions"),
    path("petitions/all/export/", views.export, name="export"),
    path("petitions/filters/save/", views.save_filter, name="save_filter"),
    path("petitions/filters/remove/", views.remove_filter, name="remove_filter"),
    path("petitions/bulk/", views.bulk, name="bulk"),
    path("petitions/new/", views.new, name="new"),
    path("petitions/register/", views.register, name="register"),
    path("petitions/standard-replies/", views.standard_replies, name="standard_replies"),
    path("petitions/<slug:number>/", views.petition, name="petition"),
    path("petitions/<slug:number>/files/<uuid:key>/", views.attachment, name="attachment"),
    path("petitions/<slug:number>/receipt/", views.receipt, name="receipt"),
    path("petitions/<slug:number>/receipt/link/", views.link, name="link"),
    path("progress/<slug:token>/", views.progress, name="progress"),
    path("petitions/<slug:number>/<slug:step>/", views.take_step, name="take_step"),
    path("conferences/", views.conferences, name="conferences"),
    path("conferences/new/", views.convene, name="convene"),
    path("conferences/<slug:number>/", views.conference, name="conference"),
    path("conferences/<slug:number>/arrangement/", views.arrange, name="arrange"),
    path("conferences/<slug:number>/decisions/", views.minute, name="minute"),
    path("conferences/<slug:number>/publication/", views.publish, name="publish"),
    path("conferences/<slug:number>/cancellation/", views.call_off, name="call_off"),
    path("conferences/<slug:number>/minutes/", views.minutes, name="minutes"),
    path("visits/new/", views.log_visit, name="log_visit"),
]
