"""The client's pages about running orders, people and the company itself."""

from django.urls import path

from orders.views import messages
from orders.views.client import amend, members, order, people

urlpatterns = [
    path("client/orders/<int:pk>/details/", order.details, name="client-order-details"),
    path("client/orders/<int:pk>/history/", order.history, name="client-order-history"),
    path("client/orders/<int:pk>/messages/", messages.client, name="client-order-messages"),
    path("client/orders/<int:pk>/cancel/", amend.cancel, name="client-order-cancel"),
    path("client/orders/<int:pk>/amend/", amend.amend, name="client-order-amend"),
    path("desk/orders/<int:pk>/messages/", messages.desk, name="desk-order-messages"),
    path("client/people/", people.people, name="client-people"),
    path("client/people/<int:pk>/", people.person, name="client-person"),
    path("client/people/<int:pk>/team/", people.team, name="client-person-team"),
    path("client/people/<int:pk>/not-again/", people.shun, name="client-person-shun"),
    path("client/assignments/<int:pk>/replace/", people.replace, name="client-replace"),
    path("client/company/", members.profile, name="client-company"),
    path("client/members/", members.listed, name="client-members"),
    path("client/members/invite/", members.invite, name="client-member-invite"),
    path("client/members/<int:pk>/", members.member, name="client-member"),
    path("client/members/<int:pk>/link/", members.link, name="client-member-link"),
    path("client/members/<int:pk>/active/", members.active, name="client-member-active"),
    path("join/<str:token>/", members.join, name="join"),
]
