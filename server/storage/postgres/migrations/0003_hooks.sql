-- What issuers elsewhere have told of their users and sessions.

CREATE TABLE taken_hooks (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    taken_at bigint NOT NULL
);
CREATE INDEX taken_hooks_by_time ON taken_hooks (taken_at);

-- Of other issuers: the first half of a hash of the issuer and what it calls the session.
CREATE TABLE ended_sessions (
    id bytea NOT NULL PRIMARY KEY,
    ended_at bigint NOT NULL
);
CREATE INDEX ended_sessions_by_time ON ended_sessions (ended_at);

CREATE TABLE identity_states (
    workspace_id bytea NOT NULL,
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    -- By the issuer's clock.
    updated_at bigint NOT NULL,
    -- When the issuer's word deactivated the user here: lifting it lifts this one only.
    barred_at bigint,
    -- For good.
    gone bigint NOT NULL,
    PRIMARY KEY (workspace_id, issuer, subject)
);
