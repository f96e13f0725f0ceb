"""The administration of the ways in: the numbers, and what the machinery keeps, to look at."""

from django.contrib import admin

from staffing.core.admin import PolicyAdmin, ReadOnlyAdmin
from workers.models import ImportFile, PartnerDelivery, PartnerFee, PartnerHook, PartnerKey, SourcePolicy

admin.site.register(SourcePolicy, PolicyAdmin)
admin.site.register([PartnerKey, PartnerHook, PartnerDelivery, PartnerFee, ImportFile], ReadOnlyAdmin)
