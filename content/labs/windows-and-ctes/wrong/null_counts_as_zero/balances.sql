-- The sum runs over the whole history first; only then does the period choose what is shown.
-- `rows` and the payment's number give two payments of one day a balance each.
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
order by account, paid_on, payment_id;
