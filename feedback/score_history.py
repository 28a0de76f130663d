"""The score of every cluster, day by day, for the history in the "why" panel."""

from datetime import datetime

from django.db import connection, transaction

TAKE = """
    insert into feedback_scoresnapshot (root_id, day, numerator, votes, config)
    select c.root_id, %(day)s, c.numerator, c.voters, c.config
    from feedback_clusterscore c
    left join lateral (
        select numerator, votes, config from feedback_scoresnapshot s
        where s.root_id = c.root_id and s.day < %(day)s order by s.day desc limit 1
    ) latest on true
    where (c.voters > 0 or c.numerator > 0 or latest.votes > 0)
        and (c.numerator, c.voters, c.config) is distinct from (latest.numerator, latest.votes, latest.config)
    on conflict (root_id, day) do update
        set numerator = excluded.numerator, votes = excluded.votes, config = excluded.config"""


@transaction.atomic
def take_snapshots(*, at: datetime) -> int:
    """Every score that differs from its last snapshot has one for this day; the number of them is answered."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"day": at.date()})
        return int(cursor.rowcount)
