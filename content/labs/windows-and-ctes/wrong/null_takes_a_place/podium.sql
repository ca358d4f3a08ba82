with placed as (
    select
        team,
        run_id,
        rank() over (partition by team order by points desc) as place
    from runs
)

select team, run_id, place
from placed
where place <= 3;
