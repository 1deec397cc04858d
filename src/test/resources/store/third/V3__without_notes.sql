-- A synthetic migration of tests: it removes something, so relays without it must not go on.
UPDATE schema_support SET oldest_version = 3;
UPDATE site_owner SET node = NULL, epoch = epoch + 1;
DROP TABLE site_note;
