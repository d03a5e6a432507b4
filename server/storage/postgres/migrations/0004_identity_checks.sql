-- When issuers elsewhere were asked for their users, and how far who goes through all of them has come.

CREATE TABLE identity_checks (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    -- Not to be asked for again before that.
    due_at bigint NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE TABLE identity_sweeps (
    issuer text COLLATE "C" NOT NULL PRIMARY KEY,
    -- Random, of the node's claim.
    holder bigint NOT NULL,
    claimed_until bigint NOT NULL,
    -- The last one that was looked at; empty: none was.
    after_subject text COLLATE "C" NOT NULL,
    due_at bigint NOT NULL
);
