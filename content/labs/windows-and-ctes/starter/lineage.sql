-- One row for each dataset that is fed, directly or through others, by the one in wrong(dataset):
--   dataset
--   steps       the least number of feeds that lead to it
-- from feeds(source, target). The dataset in wrong is never in the answer.
select target as dataset, 1 as steps
from feeds
join wrong on feeds.source = wrong.dataset;
