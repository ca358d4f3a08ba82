-- A view opens a session when more than 30 minutes lie between it and the view before.
-- Counting the openings so far numbers the sessions.
with gaps as (
    select
        *,
        viewed_at - lag(viewed_at) over (partition by user_id order by viewed_at, view_id) > interval 30 minutes as opens
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

-- The frame is spelled out to the end: by default it stops at the current row, and the
-- "last" value would be the row's own.
select
    view_id,
    session,
    last_value(page) over (
        partition by user_id, session order by viewed_at, view_id
        rows between unbounded preceding and unbounded following
    ) as exit_page
from numbered;
