select team, run_id, place
from (
    select a.team, a.run_id, 1 + count(b.run_id) as place
    from runs a
    left join runs b on b.team = a.team and b.points > a.points
    where a.points is not null
    group by a.team, a.run_id
)
where place in (1, 2, 3)
