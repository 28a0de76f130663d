"""The score in SQL: what the votes of some clusters say, and how it is compared with the books.

`sum(bigint)` is numeric in PostgreSQL, whose division does not floor: every sum is cast before it is divided. The square root
through float8 is exact below 2^52, that is for cohorts of less than 400 million votes.
"""

from dataclasses import dataclass

# What the votes of the suggestions in %(ids)s, as roots, say; each statement reads the temporary tables before it.
FRESH = {
    "fresh_voter": """
        with person as (
            select s.root_id, v.member_id, max(v.need) as need, max(v.cast_at) as cast_at
            from feedback_suggestion s
            join community_post p on p.id = s.post_id and p.kind in ('suggestion', 'bug')
            join feedback_vote v on v.suggestion_id = s.post_id and v.withdrawn_at is null and v.voided_at is null
            where s.root_id = any(%(ids)s)
            group by s.root_id, v.member_id
        ), known as (
            select person.*, case when m.claimed_at is null then 0 else m.trust end as trust, m.cohort, m.persona_id
            from person join community_member m on m.id = person.member_id and not m.is_staff
        )
        select root_id, member_id, (%(weights)s::int[])[trust + 1] as weight, need, trust,
            case when trust < 2 then cohort else '' end as cohort, persona_id,
            floor(extract(epoch from cast_at - %(epoch)s) / 3600)::int as step
        from known""",
    "fresh_cohort": """
        select root_id, cohort, sum(weight)::bigint as weight, sum(need)::bigint as need from (
            select root_id, cohort, weight, weight * need / 1000 as need from fresh_voter where trust < 2
            union all
            select s.root_id, 'import:' || i.batch_id, i.count * %(nameless)s, 0
            from feedback_importedvotes i
            join feedback_suggestion s on s.post_id = i.suggestion_id and s.root_id = any(%(ids)s)
            join community_post p on p.id = s.post_id and p.kind in ('suggestion', 'bug')
        ) given group by root_id, cohort""",
    "fresh_persona": """
        select root_id, persona_id, sum(weight)::bigint as weight from fresh_voter
        where trust >= 2 and persona_id is not null group by root_id, persona_id""",
    "fresh_heat": """
        with warm as (
            select root_id, greatest(week, 0) as week, sum(case when week < 0 then warm >> least(-week, 62) else warm end) as warm
            from (
                select root_id, weight * (%(steps)s::bigint[])[rest + 1] as warm, (step - rest) / %(half_life)s as week
                from (select *, ((step %% %(half_life)s) + %(half_life)s) %% %(half_life)s as rest from fresh_voter) hours
            ) weeks group by root_id, greatest(week, 0)
        )
        select root_id, sum(warm * (%(powers)s::numeric[])[week + 1]) as heat from warm group by root_id""",
    "fresh_score": """
        with established as (
            select root_id, count(*) as voters, coalesce(sum(weight) filter (where trust >= 2), 0)::bigint as weight,
                coalesce(sum(weight * need / 1000) filter (where trust >= 2), 0)::bigint as need
            from fresh_voter group by root_id
        ), newcomers as (
            select root_id,
                sum(case when weight <= %(cohort_full)s then weight
                    else floor(sqrt((%(cohort_full)s * weight)::float8))::bigint end)::bigint as weight,
                sum(case when need <= %(cohort_full)s then need
                    else floor(sqrt((%(cohort_full)s * need)::float8))::bigint end)::bigint as need
            from fresh_cohort group by root_id
        ), personas as (
            select f.root_id, sum(t.share * (10000 * f.weight / (f.weight + %(persona_half)s)))::bigint / 10000 as breadth
            from fresh_persona f
            join unnest(%(personas)s::bigint[], %(shares)s::bigint[]) as t(persona_id, share) using (persona_id)
            group by f.root_id
        ), nameless as (
            select s.root_id, sum(i.count)::bigint as imported
            from feedback_importedvotes i
            join feedback_suggestion s on s.post_id = i.suggestion_id and s.root_id = any(%(ids)s)
            join community_post p on p.id = s.post_id and p.kind in ('suggestion', 'bug')
            group by s.root_id
        ), sums as (
            select s.post_id as root_id, s.root_id = s.post_id and p.kind in ('suggestion', 'bug') as judged,
                p.kind = 'bug' as is_bug, s.severity::bigint as severity, s.evidence, s.strategy_fit,
                coalesce(e.voters, 0) as voters, coalesce(i.imported, 0) as imported,
                coalesce(e.weight, 0) as established, coalesce(e.need, 0) as established_need,
                coalesce(n.weight, 0) as newcomers, coalesce(n.need, 0) as newcomers_need,
                coalesce(b.breadth, 0) as breadth, coalesce(h.heat, 0) as heat
            from feedback_suggestion s join community_post p on p.id = s.post_id
            left join established e on e.root_id = s.post_id left join newcomers n on n.root_id = s.post_id
            left join personas b on b.root_id = s.post_id left join nameless i on i.root_id = s.post_id
            left join fresh_heat h on h.root_id = s.post_id
            where s.post_id = any(%(ids)s)
        ), effective as (
            select *, established + least(newcomers, established / 2 + %(newcomer_bonus)s) as supporters,
                established_need + least(newcomers_need, established_need / 2 + %(newcomer_bonus)s) as needs
            from sums
        ), parts as (
            select *, 10000 * supporters / (supporters + %(demand_half)s) as demand,
                case when is_bug then 10000 * (severity * supporters) / (severity * supporters + %(bug_half)s)
                    else 10000 * needs / (needs + %(need_half)s) end as impact,
                case when judged then evidence else 0 end as proof,
                case when judged then (%(strategies)s::int[])[strategy_fit + 1] else 0 end as strategy
            from effective
        )
        select root_id, %(version)s as config, voters, imported, established, established_need, newcomers, newcomers_need,
            supporters, needs, demand, impact, breadth, proof as evidence, strategy,
            40 * demand + 25 * impact + 15 * breadth + 10 * proof + 10 * strategy as numerator, heat
        from parts""",
    "fresh_standing": """
        select f.root_id as post_id, f.voters as votes, f.imported as imported_votes, f.heat, f.numerator as score, f.established
        from fresh_score f join feedback_suggestion s on s.post_id = f.root_id and s.root_id = s.post_id
        union all
        select s.post_id,
            (select count(*) from feedback_vote v join community_member m on m.id = v.member_id and not m.is_staff
             where v.suggestion_id = s.post_id and v.withdrawn_at is null and v.voided_at is null),
            (select coalesce(sum(i.count), 0) from feedback_importedvotes i where i.suggestion_id = s.post_id), 0, 0, 0
        from feedback_suggestion s where s.post_id = any(%(ids)s) and s.root_id <> s.post_id""",
}

# The figures of the standings that differ from what they should be.
STANDING = """
    select f.post_id, f.votes, f.imported_votes, f.heat, f.score, f.established
    from fresh_standing f join community_standing c using (post_id)
    where (c.votes, c.imported_votes, c.heat, c.score, c.established)
        is distinct from (f.votes, f.imported_votes, f.heat, f.score, f.established)
    order by f.post_id"""


@dataclass(frozen=True)
class Table:
    """One table of the books beside the temporary one it must equal. Names come from here alone."""

    name: str
    fresh: str
    keys: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def same(self) -> str:
        return " and ".join(f"c.{key} = f.{key}" for key in self.keys)

    @property
    def distinct(self) -> str:
        ours, theirs = (", ".join(f"{side}.{value}" for value in self.values) for side in "cf")
        return f"({ours}) is distinct from ({theirs})"

    @property
    def delete_gone(self) -> str:
        """What the votes do not say any more is gone."""
        return (
            f"delete from {self.name} c where c.root_id = any(%(ids)s) "  # noqa: S608
            f"and not exists (select 1 from {self.fresh} f where {self.same})"
        )

    @property
    def write_different(self) -> str:
        """What is new or differs is as the votes say."""
        columns = ", ".join((*self.keys, *self.values))
        fresh = ", ".join(f"f.{column}" for column in (*self.keys, *self.values))
        changes = ", ".join(f"{value} = excluded.{value}" for value in self.values)
        return (
            f"insert into {self.name} ({columns}) select {fresh} from {self.fresh} f "  # noqa: S608
            f"left join {self.name} c on {self.same} where c.root_id is null or {self.distinct} "
            f"on conflict ({', '.join(self.keys)}) do update set {changes}"
        )

    @property
    def find_different(self) -> str:
        """The cluster of every row that is missing, too much or different."""
        return (
            f"select coalesce(f.root_id, c.root_id) from {self.fresh} f "  # noqa: S608
            f"full join (select * from {self.name} where root_id = any(%(ids)s)) c on {self.same} "
            f"where f.root_id is null or c.root_id is null or {self.distinct} order by 1"
        )


TABLES = (
    Table(
        "feedback_clustervoter",
        "fresh_voter",
        ("root_id", "member_id"),
        ("weight", "need", "trust", "cohort", "persona_id", "step"),
    ),
    Table("feedback_clustercohort", "fresh_cohort", ("root_id", "cohort"), ("weight", "need")),
    Table("feedback_clusterpersona", "fresh_persona", ("root_id", "persona_id"), ("weight",)),
    Table(
        "feedback_clusterscore",
        "fresh_score",
        ("root_id",),
        (
            *("config", "voters", "imported", "established", "established_need", "newcomers", "newcomers_need"),
            *("supporters", "needs", "demand", "impact", "breadth", "evidence", "strategy", "numerator", "heat"),
        ),
    ),
)
