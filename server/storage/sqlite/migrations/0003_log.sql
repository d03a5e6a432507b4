-- Runs of neighbouring messages that were changed after they came (storage/sql/changed_runs): resuming from an old
-- rev steps over them.
CREATE TABLE changed_runs (
    last_place INTEGER NOT NULL PRIMARY KEY,
    first_place INTEGER NOT NULL
);
INSERT INTO changed_runs (first_place, last_place)
    SELECT min(place), max(place) FROM (
        SELECT place, place - row_number() OVER (ORDER BY place) AS island FROM messages WHERE rev <> first_rev
    ) GROUP BY island;
