"""What partners send and get."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from staffing.core.api.fields import Body
from staffing.core.models import City
from workers.answers import MOST_LEVEL, MOST_TEXT, MOST_WPM
from workers.services.applications import MOST_NAME, ApplicationSpec
from workers.services.incoming import Sent
from workers.states import ApplicationStatus

ANSWERS = ("skills", "languages", "typing_wpm", "major", "experience")
EXTERNAL_ID = r"^[\x21-\x7e]{1,64}$"


class Levels(serializers.DictField):
    """Codes of the catalogue with a level each."""

    child = serializers.IntegerField(min_value=1, max_value=MOST_LEVEL)


class ApplicationBody(Body):
    """Somebody who wants to work with us and has agreed that we get in touch."""

    external_id = serializers.RegexField(
        EXTERNAL_ID, required=False, help_text="Your own number: 1–64 visible ASCII characters, one application each"
    )
    name = serializers.CharField(max_length=MOST_NAME)
    phone = serializers.CharField(max_length=24, help_text="A mainland mobile number, however it is written")
    email = serializers.EmailField(required=False, allow_blank=True)
    city = serializers.SlugRelatedField(
        slug_field="code", queryset=City.objects.all(), required=False, allow_null=True, help_text="Code, e.g. shanghai"
    )
    remote_ok = serializers.BooleanField(required=False, default=False)
    consent = serializers.BooleanField(help_text="Must be true: the person agreed to be contacted by us")
    skills = Levels(required=False, help_text="Code of a skill and level 1–6")
    languages = Levels(required=False, help_text="Code of a language and level 1–6")
    typing_wpm = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_WPM)
    major = serializers.CharField(required=False, allow_blank=True, max_length=MOST_TEXT["major"])
    experience = serializers.CharField(required=False, allow_blank=True, max_length=MOST_TEXT["experience"])

    def validate_consent(self, value: bool) -> bool:
        """Without it we may not keep the data."""
        if not value:
            raise serializers.ValidationError(_("须先取得本人同意，才能提交报名。"))
        return value


def sent_of(body: dict[str, Any]) -> Sent:
    """The checked body as the services take it."""
    answers = {name: body[name] for name in ANSWERS if name in body}
    spec = ApplicationSpec(
        name=body["name"],
        phone=body["phone"],
        email=body.get("email", ""),
        city=body.get("city"),
        remote_ok=body["remote_ok"],
        answers=answers,
        consented=True,
    )
    return Sent(spec, body.get("external_id", ""))


class PartnerApplicationSerializer(serializers.Serializer[Any]):
    """How far an application of one's own has come. It names no person: you know who it was."""

    id = serializers.IntegerField()
    external_id = serializers.CharField(help_text="Your own number; empty if you gave none")
    status = serializers.ChoiceField(choices=ApplicationStatus.choices)
    status_text = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    stage_at = serializers.DateTimeField(help_text="When it reached this status")
    closed_at = serializers.DateTimeField(allow_null=True)
    sandbox = serializers.BooleanField()

    def get_status_text(self, kept: Any) -> str:
        """In the language of the request."""
        return str(ApplicationStatus(kept.status).label)


class RowErrorSerializer(serializers.Serializer[Any]):
    """One thing wrong with a row."""

    pointer = serializers.CharField(help_text="JSON pointer into the body, e.g. #/3/phone")
    code = serializers.CharField()
    detail = serializers.CharField()


class RowSerializer(serializers.Serializer[Any]):
    """What became of one row: 201 kept, 200 known before and unchanged, 400 refused."""

    index = serializers.IntegerField(help_text="Place in the array, from 0")
    status = serializers.ChoiceField(choices=[200, 201, 400])
    application = PartnerApplicationSerializer(allow_null=True)
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]


class BatchSerializer(serializers.Serializer[Any]):
    """Every row of a batch, in the order in which it was sent, and how many of each kind."""

    created = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RowSerializer(many=True)
