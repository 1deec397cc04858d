-- clock_jump: what in the report tells that its device's clock jumped. resent: how often somebody had it sent again.
-- payload_gone_at: since when only this row is left of it.
ALTER TABLE report ADD COLUMN clock_jump TEXT;
ALTER TABLE report ADD COLUMN resent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN payload_gone_at BIGINT;

-- A bundle that somebody carries: its file, and the number by which the acknowledgement of this device is named. ack_answer
-- is what the server said when it gave acknowledgements.
ALTER TABLE submission ADD COLUMN bundle_file TEXT;
ALTER TABLE submission ADD COLUMN bundle_device TEXT;
ALTER TABLE submission ADD COLUMN ack_answer TEXT;
CREATE INDEX submission_by_bundle_device ON submission (bundle_device);
CREATE INDEX report_by_number ON report (site, report_id);

-- What a device's own commands said of its acknowledgements last; times as printed, and in milliseconds where they are sure.
CREATE TABLE device_statement (
    site          TEXT   NOT NULL,
    pid           TEXT   NOT NULL,
    serial        TEXT   NOT NULL,
    last_ack      TEXT,
    next_deadline TEXT,
    deadline_at   BIGINT,
    origin        TEXT   NOT NULL,
    read_at       BIGINT NOT NULL,
    PRIMARY KEY (site, pid, serial)
);

-- Proofs are named by what proves: the report that an acknowledgement names, its submission, or somebody's word.
UPDATE report SET ack_proof = 'report' WHERE ack_proof = 'digest';
