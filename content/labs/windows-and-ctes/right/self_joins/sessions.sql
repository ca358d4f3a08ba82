with opens as (
    select v.user_id, v.viewed_at, v.view_id
    from views v
    where not exists (
        select 1 from views u
        where u.user_id = v.user_id and (u.viewed_at, u.view_id) < (v.viewed_at, v.view_id)
          and u.viewed_at >= v.viewed_at - interval 30 minutes)
),
numbered as (
    select v.*, (select count(*) from opens o
                 where o.user_id = v.user_id and (o.viewed_at, o.view_id) <= (v.viewed_at, v.view_id)) as session
    from views v
)
select n.page as exit_page, m.view_id, m.session
from numbered m join numbered n on n.user_id = m.user_id and n.session = m.session
where not exists (select 1 from numbered z where z.user_id = n.user_id and z.session = n.session
                  and (z.viewed_at, z.view_id) > (n.viewed_at, n.view_id))
