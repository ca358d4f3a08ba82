with placed as (
    select
        team,
        run_id,
        dense_rank() over (partition by team order by points desc) as place
    from runs
    where points is not null
)

select team, run_id, place
from placed
where place <= 3;
