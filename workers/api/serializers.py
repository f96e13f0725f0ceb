"""People of the pool as JSON."""

from typing import Any

from rest_framework import serializers

from staffing.core.api.fields import CitySerializer, PhoneField
from workers.models import Worker, WorkerCertificate, WorkerCourse, WorkerLanguage, WorkerSkill


class WorkerBriefSerializer(serializers.ModelSerializer[Worker]):
    """A worker as others meet them: the phone number is masked for everybody but themselves and the agency."""

    name = serializers.CharField(source="user.name", read_only=True)
    phone = PhoneField(source="user", read_only=True)

    class Meta:
        model = Worker
        fields = ["id", "name", "phone", "stars"]


class WorkerSkillSerializer(serializers.ModelSerializer[WorkerSkill]):
    """A skill at a level of its scale; `grade` is what the level is called. It counts through the whole of
    `valid_until`; without `verified_on` it is the person's own word."""

    code = serializers.CharField(source="skill.code", read_only=True)
    name = serializers.CharField(source="skill.name", read_only=True)
    grade = serializers.CharField(read_only=True)

    class Meta:
        model = WorkerSkill
        fields = ["code", "name", "level", "grade", "source", "verified_on", "valid_until"]


class WorkerCertificateSerializer(serializers.ModelSerializer[WorkerCertificate]):
    """A certificate; it counts through the whole of `expires_on`."""

    code = serializers.CharField(source="type.code", read_only=True)
    name = serializers.CharField(source="type.name", read_only=True)

    class Meta:
        model = WorkerCertificate
        fields = ["code", "name", "issuer", "expires_on"]


class WorkerCourseSerializer(serializers.ModelSerializer[WorkerCourse]):
    """A course that was passed; it counts through the whole of `valid_until`, for ever if that is null."""

    code = serializers.CharField(source="course.code", read_only=True)
    name = serializers.CharField(source="course.name", read_only=True)

    class Meta:
        model = WorkerCourse
        fields = ["code", "name", "passed_on", "valid_until"]


class WorkerLanguageSerializer(serializers.ModelSerializer[WorkerLanguage]):
    """A language at a level of its scale; the rest as of a skill."""

    code = serializers.CharField(source="language.code", read_only=True)
    name = serializers.CharField(source="language.name", read_only=True)
    grade = serializers.CharField(read_only=True)

    class Meta:
        model = WorkerLanguage
        fields = ["code", "name", "level", "grade", "source", "verified_on", "valid_until"]


class WorkerSerializer(serializers.ModelSerializer[Worker]):
    """A worker with what matching looks at; the place they live in is known by its city only."""

    name = serializers.CharField(source="user.name", read_only=True)
    phone = PhoneField(source="user", read_only=True)
    city = CitySerializer(read_only=True)
    status_text = serializers.CharField(source="get_status_display", read_only=True)
    skills = WorkerSkillSerializer(many=True, read_only=True)
    certificates = WorkerCertificateSerializer(many=True, read_only=True)
    courses = WorkerCourseSerializer(many=True, read_only=True)
    languages = WorkerLanguageSerializer(many=True, read_only=True)

    class Meta:
        model = Worker
        fields: Any = [
            "id",
            "name",
            "phone",
            "city",
            "status",
            "status_text",
            "level",
            "contract",
            "stars",
            "reliability",
            "services_done",
            "clearance",
            "max_km",
            "remote_ok",
            "joined_on",
            "skills",
            "certificates",
            "courses",
            "languages",
        ]
