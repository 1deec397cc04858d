-- usage_count: the last count in the report, as it stands there. ack_policy: 1 when its acknowledgement carries a policy.
ALTER TABLE report ADD COLUMN usage_count TEXT;
ALTER TABLE report ADD COLUMN ack_policy BIGINT NOT NULL DEFAULT 0;

-- When the device's last acknowledgement came, at the earliest, and what it says of its policy: first/every/change in days of
-- perpetual, subscription, enforced and export licenses, or 'none' when no acknowledgement is asked for.
ALTER TABLE device_statement ADD COLUMN last_ack_at BIGINT;
ALTER TABLE device_statement ADD COLUMN policy TEXT;

-- Devices that are to report: those that SSM lists (listed), and those whose reports came. known_since is when the relay first
-- knew of it. ack_due_at and silent_at: by when its reports must be acknowledged, and it must have been heard of; NULL when
-- nothing is asked for; ack_warn_at: from when on the first is told; ack_due_by says by what rule it is due. told: what was told of it last.
-- stale is 1 when there is news that is not accounted for yet.
CREATE TABLE expected_device (
    site        TEXT   NOT NULL,
    pid         TEXT   NOT NULL,
    serial      TEXT   NOT NULL,
    account     TEXT,
    va          TEXT,
    listed      BIGINT NOT NULL,
    known_since BIGINT NOT NULL,
    heard_at    BIGINT,
    heard_by    TEXT,
    last_ack_at BIGINT,
    ack_due_at  BIGINT,
    ack_due_by  TEXT,
    silent_at   BIGINT,
    ack_warn_at BIGINT,
    told        TEXT   NOT NULL DEFAULT '',
    stale       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (site, pid, serial)
);
CREATE INDEX expected_device_ack ON expected_device (site, ack_warn_at);
CREATE INDEX expected_device_silent ON expected_device (site, silent_at);
CREATE INDEX expected_device_stale ON expected_device (site, stale);
CREATE INDEX report_of_device ON report (site, pid, serial, received_at);

-- Devices whose reports came before this was kept.
INSERT INTO expected_device (site, pid, serial, listed, known_since)
    SELECT site, pid, serial, 0, MIN(received_at) FROM report GROUP BY site, pid, serial;
