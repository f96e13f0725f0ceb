"""Stars explained on pages: `{% load star_ui %}`."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import StarChange
from feedback.selectors.stars import Explained
from feedback.star_score import shown
from workers.models import Worker

register = template.Library()


@register.simple_tag
def next_star(stars: Explained, worker: Worker) -> str:
    """What would bring the next level."""
    step, least = stars.step, stars.rules.least_services
    if worker.services_done < least:
        n = least - worker.services_done
        return ngettext("再完成 %(n)s 次服务后开始认证星级。", "再完成 %(n)s 次服务后开始认证星级。", n) % {"n": n}
    if step is None:
        return _("已是最高星级。保持好评即可。")
    wants = [
        ngettext("完成 %(n)s 次服务", "完成 %(n)s 次服务", step.services) % {"n": step.services}
        if step.services
        else "",
        ngettext("得到 %(n)s 次五星评分", "得到 %(n)s 次五星评分", step.ratings) % {"n": step.ratings}
        if step.ratings
        else "",
    ]
    said = {"level": step.level, "score": step.score, "wants": _("，并").join(filter(None, wants))}
    if not any(wants):
        return _("升 %(level)s 星的条件已达到，下次计算时生效。") % said
    return _("升 %(level)s 星（得分 %(score)s）还需：再%(wants)s。") % said


@register.simple_tag
def star_change(row: StarChange) -> str:
    """From what to what: in tenths as everywhere, in hundredths where tenths would show no change."""
    scores = [row.score_before, row.score_after]
    tenths = ["—" if score is None else str(shown(score)) for score in scores]
    before, after = map(str, scores) if None not in scores and len(set(tenths)) == 1 else tenths
    said = {"before": before, "after": after, "level": row.level_after}
    if row.level_before == row.level_after:
        return _("得分 %(before)s → %(after)s") % said
    return _("得分 %(before)s → %(after)s，现为 %(level)s 星") % said
