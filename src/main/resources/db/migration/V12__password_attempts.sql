-- What came of the last attempt with a credential: 'refusal', 'outage', or 'sent' while no answer is written down. The probe is the
-- class of answer that a request without the password got then; null when it got none.
ALTER TABLE credential ADD COLUMN kind TEXT NOT NULL DEFAULT 'refusal';
ALTER TABLE credential ADD COLUMN probe TEXT;
