with recursive walk(dataset, steps) as (
    select target, 1 from feeds where source in (select dataset from wrong)
    union
    select f.target, w.steps + 1
    from walk w join feeds f on f.source = w.dataset
    where w.steps < (select count(distinct target) from feeds)
)
select dataset, min(steps) as steps
from walk
where dataset not in (select dataset from wrong)
group by all
