with recursive downstream as (
    select dataset, [dataset] as way
    from wrong

    union all

    select feeds.target, list_append(downstream.way, feeds.target)
    from downstream
    join feeds on feeds.source = downstream.dataset
    where not list_contains(downstream.way, feeds.target)
)

select dataset, len(way) - 1 as steps
from downstream
where len(way) > 1;
