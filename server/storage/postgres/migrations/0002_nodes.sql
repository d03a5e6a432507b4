-- The private key, in PEM, by which all nodes know each other's tokens and links.
ALTER TABLE installation ADD COLUMN issuer_key text;

-- A tick is four seconds of this server's clock. What has changed lately is found by it, on every node, whoever
-- changed it and however. Within a tick a thread's row keeps its place in the indexes.
CREATE FUNCTION banter_tick() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN floor(extract(epoch FROM now()) / 4)::bigint;

ALTER TABLE threads ADD COLUMN changed_tick bigint NOT NULL DEFAULT 0;
ALTER TABLE threads ADD COLUMN access_tick bigint NOT NULL DEFAULT 0;
CREATE INDEX threads_by_tick ON threads (changed_tick, number);

CREATE FUNCTION banter_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_tick := banter_tick();
    IF NEW.access_rev <> OLD.access_rev THEN
        NEW.access_tick := NEW.changed_tick;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER note_change BEFORE UPDATE OF rev, access_rev ON threads FOR EACH ROW
    WHEN (NEW.rev <> OLD.rev OR NEW.access_rev <> OLD.access_rev)
    EXECUTE FUNCTION banter_note_change();

-- Members of before this migration were told long ago.
ALTER TABLE members ADD COLUMN added_tick bigint NOT NULL DEFAULT 0;
ALTER TABLE members ALTER COLUMN added_tick SET DEFAULT banter_tick();
CREATE INDEX members_by_tick ON members (added_tick, thread, user_id) WHERE added_tick > 0;
