with history as (
    select a.payment_id, a.account, a.paid_on, sum(b.cents) as balance
    from payments a
    join payments b on b.account = a.account
     and (b.paid_on < a.paid_on or (b.paid_on = a.paid_on and b.payment_id <= a.payment_id))
    group by all
)
select account, payment_id, cast(balance as double) as balance
from history cross join period
where paid_on between first_day and last_day
order by account, paid_on, payment_id
