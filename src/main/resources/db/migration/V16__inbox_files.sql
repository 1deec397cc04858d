-- Files of inboxes, from their taking on. id: the file's name in inbox/.work. name: its path below the inbox, as it came. stamp and
-- inode: size, time and inode of the content that was read, digest and bytes the SHA-256 and length of what was read of it.
-- target: where it goes below the inbox's parent folder, set once it was read; null when it stays where it was found.
-- stuck: why it cannot be moved there; complaint: 1 when anything in it is of no use.
-- check_at: when the file in target is compared with what was read, since somebody may still write to it; checks: how often it was.
CREATE TABLE inbox_file (
    site      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    account   TEXT,
    va        TEXT,
    stamp     TEXT   NOT NULL,
    inode     TEXT   NOT NULL,
    digest    TEXT,
    bytes     BIGINT,
    target    TEXT,
    stuck     TEXT,
    complaint BIGINT NOT NULL DEFAULT 0,
    taken_at  BIGINT NOT NULL,
    read_at   BIGINT,
    check_at  BIGINT,
    checks    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (site, id)
);
CREATE INDEX inbox_file_unread ON inbox_file (site) WHERE read_at IS NULL;
CREATE INDEX inbox_file_stuck ON inbox_file (site) WHERE stuck IS NOT NULL;
CREATE INDEX inbox_file_to_check ON inbox_file (site, check_at) WHERE check_at IS NOT NULL;
CREATE INDEX inbox_file_by_age ON inbox_file (site, read_at);
