-- Those of users with many threads, who are few: apart from the change of the table, as that locks it.
UPDATE members m SET used_day = greatest(m.joined_at, (SELECT s.created_at FROM messages s
    WHERE s.place = (m.thread << 32) + m.read_seq)) / 86400000
    WHERE m.user_id IN (SELECT user_id FROM members GROUP BY user_id HAVING count(*) > 2000);
