-- Of the runs that saw an incident, those that no operator asked for, and the newest one counted: a run counts once.
ALTER TABLE incident ADD COLUMN escalating BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN last_run BIGINT NOT NULL DEFAULT 0;
UPDATE incident SET escalating = occurrences;
