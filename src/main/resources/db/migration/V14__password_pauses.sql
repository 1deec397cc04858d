-- How many attempts with the credential in a row got no answer about it: each further one is put off for longer.
ALTER TABLE credential ADD COLUMN outages BIGINT NOT NULL DEFAULT 1;
