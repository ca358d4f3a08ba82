select p.payment_id, p.account,
       (select sum(q.cents) from payments q
        where q.account = p.account and (q.paid_on, q.payment_id) <= (p.paid_on, p.payment_id)) as balance
from payments p
where p.paid_on >= (select first_day from period) and p.paid_on <= (select last_day from period)
order by p.account, p.paid_on, p.payment_id
