-- One row for each row of requests(request_id, sensor, asked_at):
--   request_id
--   value       of the sensor's last reading strictly before the request that has a value
--   known_at    when that reading was taken; both NULL where there is none
-- from readings(reading_id, sensor, taken_at, value).
select request_id, null as value, null as known_at
from requests;
