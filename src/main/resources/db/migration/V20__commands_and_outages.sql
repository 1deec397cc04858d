-- Commands that were accepted and whose sync has not ended yet, in order of seq within a site. record is topic/partition/offset: a record
-- that Kafka delivers again is not a second command.
CREATE TABLE pending_command (
    seq          INTEGER PRIMARY KEY,
    record       TEXT   NOT NULL UNIQUE,
    site         TEXT   NOT NULL,
    requested_by TEXT,
    reason       TEXT,
    accepted_at  BIGINT NOT NULL
);

-- Times in which the database took no writes that no event has reported yet: another incident of the relay was open.
CREATE TABLE store_outage (
    seq       INTEGER PRIMARY KEY,
    failed_at BIGINT NOT NULL,
    message   TEXT   NOT NULL
);
