-- What every answer asks, in time that does not grow with the ledger: whose acknowledgements are missing, which are to be
-- laid down, and whether one was taken before.
CREATE INDEX submission_without_ack ON submission (site, account, va) WHERE ack_missing_since IS NOT NULL;
CREATE INDEX report_ack_to_lay ON report (site, changed_at) WHERE ack IS NOT NULL AND ack_file IS NULL;
CREATE INDEX report_by_ack ON report (ack_digest);

-- What a report consists of, apart from what becomes of it: a change of state writes a short row, however long the report is.
CREATE TABLE report_content (
    digest    TEXT PRIMARY KEY,
    payload   TEXT NOT NULL,
    header    TEXT,
    signature TEXT NOT NULL
);
INSERT INTO report_content (digest, payload, header, signature)
    SELECT digest, payload, header, signature FROM report WHERE payload_gone_at IS NULL;
ALTER TABLE report DROP COLUMN payload;
ALTER TABLE report DROP COLUMN header;
ALTER TABLE report DROP COLUMN signature;
