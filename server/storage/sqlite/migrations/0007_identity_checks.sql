-- When issuers elsewhere were asked for their users, and how far who goes through all of them has come.

CREATE TABLE identity_checks (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Not to be asked for again before that.
    due_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;

CREATE TABLE identity_sweeps (
    issuer TEXT NOT NULL PRIMARY KEY,
    -- Random, of the node's claim.
    holder INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL,
    -- The last one that was looked at; empty: none was.
    after_subject TEXT NOT NULL,
    due_at INTEGER NOT NULL
) WITHOUT ROWID;
