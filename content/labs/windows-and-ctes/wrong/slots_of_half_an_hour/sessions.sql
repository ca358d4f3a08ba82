with slots as (
    select
        *,
        ceil((epoch(viewed_at) - epoch(min(viewed_at) over (partition by user_id))) / 1800) as slot
    from views
),

numbered as (
    select *, dense_rank() over (partition by user_id order by greatest(slot, 1)) as session
    from slots
)

select
    view_id,
    session,
    last_value(page) over (
        partition by user_id, session order by viewed_at, view_id
        rows between unbounded preceding and unbounded following
    ) as exit_page
from numbered;
