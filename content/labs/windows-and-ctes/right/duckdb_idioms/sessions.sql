with ordered as (
    select *, lag(viewed_at) over w as before
    from views
    window w as (partition by user_id order by viewed_at, view_id)
),
marked as (
    select *, cast(coalesce(viewed_at > before + interval '30 minutes', true) as integer) as opens
    from ordered
),
numbered as (
    select *, sum(opens) over (partition by user_id order by viewed_at, view_id rows unbounded preceding) as session
    from marked
)
select view_id, session,
       first_value(page) over (partition by user_id, session order by viewed_at desc, view_id desc) as exit_page
from numbered
