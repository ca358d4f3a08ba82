with recursive way(dataset, steps, seen) as (
    select dataset, 0, '/' || dataset || '/' from wrong
    union all
    select f.target, w.steps + 1, w.seen || f.target || '/'
    from way w, feeds f
    where f.source = w.dataset and position('/' || f.target || '/' in w.seen) = 0
),
ranked as (select *, row_number() over (partition by dataset order by steps) as k from way)
select dataset, steps from ranked where k = 1 and steps > 0
