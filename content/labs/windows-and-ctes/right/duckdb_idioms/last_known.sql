with known as (
    select sensor, taken_at, value from readings where value is not null
    qualify row_number() over (partition by sensor, taken_at order by reading_id desc) = 1
)
select r.request_id, k.value, k.taken_at as known_at
from requests r asof left join known k on r.sensor = k.sensor and r.asked_at > k.taken_at
