with gaps as (
    select
        *,
        date_diff('minute', lag(viewed_at) over (partition by user_id order by viewed_at, view_id), viewed_at) > 30 as opens
    from views
),

numbered as (
    select
        *,
        1 + count(*) filter (where opens) over (
            partition by user_id order by viewed_at, view_id
            rows between unbounded preceding and current row
        ) as session
    from gaps
)

select
    view_id,
    session,
    last_value(page) over (
        partition by user_id, session order by viewed_at, view_id
        rows between unbounded preceding and unbounded following
    ) as exit_page
from numbered;
