-- Set while the server says that it is done, or that something is wrong, and gives no acknowledgement; told is 1 once an
-- incident tells it.
ALTER TABLE submission ADD COLUMN ack_missing_since BIGINT;
ALTER TABLE submission ADD COLUMN ack_missing_told BIGINT NOT NULL DEFAULT 0;

-- Acknowledgements that are for no report; file is set once it lies in the outbox folder.
CREATE TABLE unmatched_ack (
    site       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    pid        TEXT   NOT NULL,
    serial     TEXT   NOT NULL,
    ack        TEXT   NOT NULL,
    file       TEXT,
    arrived_at BIGINT NOT NULL,
    PRIMARY KEY (site, digest)
);

-- They were given up before, and are followed from now on.
UPDATE submission SET settled_at = NULL, poll_after = 0, ack_missing_since = settled_at
    WHERE outcome IN ('no-acknowledgement', 'not-pollable');
