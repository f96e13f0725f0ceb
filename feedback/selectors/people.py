"""The figures about single people, by the star level they have now and by the source they came from."""

from django.db import connection

from feedback.selectors import counted
from feedback.selectors.figures import Cell, Key
from feedback.selectors.sources import Window

FIGURES = ("no_show", "rating")
COLUMNS = ("fact_kpi", "fact_value", "fact_worker")
BY_PERSON = """
SELECT kpi, GROUPING(star) = 0, COALESCE(star::text, source), SUM(n)::bigint, SUM(total)::bigint
FROM (SELECT kpi, worker, COUNT(*) AS n, SUM(value) AS total
      FROM ({facts}) AS facts (kpi, value, worker) GROUP BY kpi, worker) AS persons
JOIN (SELECT id, COALESCE(FLOOR(stars), 0)::int AS star, source FROM workers_worker) AS person ON person.id = worker
GROUP BY GROUPING SETS ((kpi, star), (kpi, source))
"""


def people(window: Window) -> dict[Key, Cell]:
    """Cells by `star` (level as text, 0 for none yet) and `source`. One query."""
    sql, params = counted.facts(FIGURES, window, COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(BY_PERSON.format(facts=sql), params)
        return {
            (kpi, True, "star" if of_star else "source", member): Cell(n, total / n)
            for kpi, of_star, member, n, total in cursor.fetchall()
        }
