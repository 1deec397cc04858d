-- What was answered to a credential, which need not be that of a site's own client.
ALTER TABLE credential RENAME COLUMN site TO name;

-- What was seen of the syncs that an SD-WAN Manager makes by itself, as far as its log and its compliance tell. NULL: not known.
CREATE TABLE manager_sync (
    site        TEXT PRIMARY KEY,
    since       BIGINT NOT NULL,
    good_at     BIGINT,
    failed_at   BIGINT,
    failed_line TEXT,
    complete    BIGINT
);
