-- One request to an SD-WAN Manager to sync, written before it is made. outcome: NULL while nothing is known of it, taken (200, which has
-- no body), refused (also when it was not asked at all), lost (no answer came). good_before, failed_before: the newest syncs that
-- were seen by then; read_back: what was seen of a later one.
CREATE TABLE manager_request (
    id            TEXT PRIMARY KEY,
    site          TEXT   NOT NULL,
    asked_at      BIGINT NOT NULL,
    good_before   BIGINT,
    failed_before BIGINT,
    mode          TEXT,
    answered_at   BIGINT,
    outcome       TEXT,
    message       TEXT,
    read_back     TEXT,
    read_back_at  BIGINT
);
CREATE INDEX manager_request_by_site ON manager_request (site, asked_at);

-- The request that a report waits for, or was requested with.
ALTER TABLE report ADD COLUMN request_id TEXT;
CREATE INDEX report_by_request ON report (request_id);

-- Files of acknowledgements for the Manager, by their SHA-256; content is base64, and empty once it is settled. state: waiting,
-- kept (waiting, and it was told why), handed, refused.
CREATE TABLE manager_ack (
    site       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    told       TEXT,
    arrived_at BIGINT NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (site, digest)
);
