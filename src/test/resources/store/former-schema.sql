-- What the database of an earlier snapshot records of its migrations, and a few of its tables with a row each; in SQLite's dialect.
CREATE TABLE "flyway_schema_history" (
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
);
CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
CREATE TABLE run (
    id           BIGINT PRIMARY KEY,
    site         TEXT   NOT NULL,
    cause        TEXT   NOT NULL,
    requested_by TEXT,
    reason       TEXT,
    trace_id     TEXT   NOT NULL,
    started_at   BIGINT NOT NULL,
    finished_at  BIGINT,
    outcome      TEXT,
    summary      TEXT
);
CREATE INDEX run_of_site ON run (site, started_at);
CREATE TABLE credential (
    name       TEXT PRIMARY KEY,
    salt       TEXT   NOT NULL,
    print      TEXT   NOT NULL,
    error      TEXT   NOT NULL,
    status     BIGINT NOT NULL,
    refusals   BIGINT NOT NULL,
    refused_at BIGINT NOT NULL
, kind TEXT NOT NULL DEFAULT 'refusal', probe TEXT, outages BIGINT NOT NULL DEFAULT 1);
CREATE TABLE outbox (
    seq        BIGINT PRIMARY KEY,
    kind       TEXT   NOT NULL,
    topic      TEXT   NOT NULL,
    record_key TEXT   NOT NULL,
    headers    TEXT   NOT NULL,
    value      TEXT,
    run_id     BIGINT,
    place_id   BIGINT,
    resume     TEXT,
    created_at BIGINT NOT NULL
);
INSERT INTO flyway_schema_history VALUES (1, '1', 'base', 'SQL', 'V1__base.sql', 163140836, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (2, '2', 'acknowledgements', 'SQL', 'V2__acknowledgements.sql', 592482362, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (3, '3', 'manager', 'SQL', 'V3__manager.sql', -548787407, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (4, '5', 'bundles', 'SQL', 'V5__bundles.sql', 2051401854, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (5, '6', 'reports by hand', 'SQL', 'V6__reports_by_hand.sql', -1232025114, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (6, '7', 'deadlines', 'SQL', 'V7__deadlines.sql', -15396328, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (7, '8', 'devices', 'SQL', 'V8__devices.sql', -1910393563, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (8, '9', 'manager push', 'SQL', 'V9__manager_push.sql', -626648059, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (9, '10', 'report content', 'SQL', 'V10__report_content.sql', -208908712, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (10, '11', 'device contact', 'SQL', 'V11__device_contact.sql', -1351627679, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (11, '12', 'password attempts', 'SQL', 'V12__password_attempts.sql', 1477954250, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (12, '13', 'sightings', 'SQL', 'V13__sightings.sql', 1786070129, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (13, '14', 'password pauses', 'SQL', 'V14__password_pauses.sql', -798993521, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (14, '16', 'inbox files', 'SQL', 'V16__inbox_files.sql', 88410740, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (15, '19', 'clock steps', 'SQL', 'V19__clock_steps.sql', 590776171, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO flyway_schema_history VALUES (16, '20', 'commands and outages', 'SQL', 'V20__commands_and_outages.sql', -1083864305, '', '2026-11-20 00:00:00.000', 1, 1);
INSERT INTO run (id, site, cause, trace_id, started_at, finished_at, outcome) VALUES (1, 'hq', 'schedule', 't', 0, 1, 'complete');
INSERT INTO credential (name, salt, print, error, status, refusals, refused_at) VALUES ('hq/ssm', '00', 'former-print', 'invalid_grant', 401, 1, 0);
INSERT INTO outbox (seq, kind, topic, record_key, headers, value, created_at) VALUES (1, 'record', 'license-relay.failures', 'hq', '{}', '{}', 0);
