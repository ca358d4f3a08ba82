-- Pair every request with all that was known before it, then keep the newest of each.
-- The conditions stand in ON: in WHERE they would drop the requests without an answer.
with candidates as (
    select
        requests.request_id,
        readings.value,
        readings.taken_at as known_at,
        row_number() over (
            partition by requests.request_id
            order by readings.taken_at desc, readings.reading_id desc
        ) as age_rank
    from requests
    left join readings
        on readings.sensor = requests.sensor
        and readings.taken_at < requests.asked_at
        and readings.value is not null
)

select request_id, value, known_at
from candidates
where age_rank = 1;
