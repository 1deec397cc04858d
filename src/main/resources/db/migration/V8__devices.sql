-- What each device that is asked for its reports said last. failed_at: since when it does not answer; finding and error: what is
-- not well with it, which may be a report of no use in a good answer. NULL: nothing is.
CREATE TABLE device_contact (
    site        TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    asked_at    BIGINT NOT NULL,
    answered_at BIGINT,
    reports     BIGINT,
    failed_at   BIGINT,
    finding     TEXT,
    error       TEXT,
    PRIMARY KEY (site, name)
);

-- Whose reports a device's answers carried, so that an acknowledgement finds its device; the last to carry them counts.
CREATE TABLE device_udi (
    site    TEXT   NOT NULL,
    pid     TEXT   NOT NULL,
    serial  TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (site, pid, serial)
);
CREATE INDEX device_udi_by_name ON device_udi (site, name);

-- The acknowledgement on its way back to the device: when it was sent last, in which form and how often in it, when the device
-- took it, and what it said when it did not.
ALTER TABLE report ADD COLUMN device_ack_sent_at BIGINT;
ALTER TABLE report ADD COLUMN device_ack_form TEXT;
ALTER TABLE report ADD COLUMN device_ack_tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN device_ack_at BIGINT;
ALTER TABLE report ADD COLUMN device_ack_error TEXT;
CREATE INDEX report_ack_to_give ON report (site, pid, serial)
    WHERE state = 'acknowledged' AND ack IS NOT NULL AND device_ack_at IS NULL;
CREATE INDEX report_ack_refused ON report (site) WHERE device_ack_error IS NOT NULL;

-- One answer may bring ten thousand reports of a device; each is compared with the one before it.
CREATE INDEX report_of_device_by_start ON report (site, pid, serial, starts_at);
