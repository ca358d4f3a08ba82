with placed as (
    select
        team,
        run_id,
        points,
        rank() over (partition by team order by coalesce(points, 0) desc) as place
    from runs
)

select team, run_id, place
from placed
where place <= 3 and points is not null;
