select team, run_id, rank() over (partition by team order by points desc nulls last) as place
from runs
where points is not null
qualify place <= 3
