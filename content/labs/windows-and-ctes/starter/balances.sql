-- One row for each row of payments(payment_id, account, paid_on, cents) that lies in
-- period(first_day, last_day), both days included:
--   payment_id, account
--   balance     sum of the account's payments from its very first one up to and including this one
-- In the order of account, paid_on, payment_id.
select payment_id, account, cents as balance
from payments;
