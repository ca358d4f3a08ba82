select r.request_id,
       (select s.value from readings s where s.sensor = r.sensor and s.taken_at < r.asked_at and s.value is not null
        order by s.taken_at desc, s.reading_id desc limit 1) as value,
       (select max(s.taken_at) from readings s where s.sensor = r.sensor and s.taken_at < r.asked_at and s.value is not null) as known_at
from requests r
