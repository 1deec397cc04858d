-- What every answer asks, in time that does not grow with the ledger: whose acknowledgements are missing, which are to be
-- laid down, and whether one was taken before.
CREATE INDEX submission_without_ack ON submission (site, account, va) WHERE ack_missing_since IS NOT NULL;
CREATE INDEX report_ack_to_lay ON report (site, changed_at) WHERE ack IS NOT NULL AND ack_file IS NULL;
CREATE INDEX report_by_ack ON report (ack_digest);
