with running as (
    select
        *,
        sum(cents) over (
            partition by account order by paid_on, payment_id
            rows between unbounded preceding and current row
        ) as balance
    from payments
)

select payment_id, account, balance
from running, period
where paid_on between first_day and last_day
order by account, payment_id;
