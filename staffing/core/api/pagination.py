"""Numbered pages of a bounded size."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=` from 1 and `?page_size=`, 50 unless asked, never over 200. A page that is not there is 404."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
