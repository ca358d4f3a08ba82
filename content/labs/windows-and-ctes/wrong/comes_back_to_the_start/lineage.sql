with recursive downstream as (
    select target as dataset, [target] as way
    from feeds join wrong on feeds.source = wrong.dataset

    union all

    select feeds.target, list_append(downstream.way, feeds.target)
    from downstream
    join feeds on feeds.source = downstream.dataset
    where not list_contains(downstream.way, feeds.target)
)

select dataset, min(len(way)) as steps
from downstream
group by dataset;
