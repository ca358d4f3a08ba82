-- Each row remembers the way that led to it, so that no way passes the same dataset twice:
-- that is what ends the recursion when the feeds form a loop.
with recursive downstream as (
    select dataset, [dataset] as way
    from wrong

    union all

    select feeds.target, list_append(downstream.way, feeds.target)
    from downstream
    join feeds on feeds.source = downstream.dataset
    where not list_contains(downstream.way, feeds.target)
)

select dataset, min(len(way)) - 1 as steps
from downstream
where len(way) > 1
group by dataset;
