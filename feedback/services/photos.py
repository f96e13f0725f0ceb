"""Pictures that clients send with an answer, and the logos above their surveys: in the private store."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from feedback.models import LoopPolicy, Review, ReviewPhoto
from staffing.core import private_files
from staffing.core.errors import Conflict
from staffing.core.photos import Safe


def keep(review: Review, safe: Safe, now: datetime) -> ReviewPhoto:
    """Keep a clean picture with an answer. Raises `Conflict` if there are as many as the policy allows."""
    most = LoopPolicy.current().survey_photos
    if review.photos.count() >= most:
        raise Conflict("too_many_photos", _("每份评价最多 %(most)s 张照片。"), most=most)
    file, small = private_files.write(safe)
    try:
        size = {"width": safe.width, "height": safe.height}
        return ReviewPhoto.objects.create(review=review, file=file, small=small, at=now, **size)
    except BaseException:
        private_files.remove([file, small])
        raise
