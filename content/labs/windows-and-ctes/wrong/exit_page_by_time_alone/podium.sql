-- rank() gives equals one place and leaves a gap behind them: 1, 1, 3.
-- A window is computed after WHERE, so a place can only be filtered one step further out.
with placed as (
    select
        team,
        run_id,
        rank() over (partition by team order by points desc) as place
    from runs
    where points is not null
)

select team, run_id, place
from placed
where place <= 3;
