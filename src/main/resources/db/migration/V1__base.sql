-- One dialect for SQLite and PostgreSQL: BIGINT epoch milliseconds, TEXT, no stored code.

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

CREATE TABLE run_step (
    run_id     BIGINT NOT NULL,
    place_id   BIGINT NOT NULL,
    step       TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    millis     BIGINT NOT NULL,
    items      BIGINT NOT NULL,
    PRIMARY KEY (run_id, place_id, step)
);

-- Smart Accounts and virtual accounts as SSM listed them; guard_* count equal answers that were not believed.
CREATE TABLE place (
    id             BIGINT PRIMARY KEY,
    site           TEXT   NOT NULL,
    account        TEXT   NOT NULL,
    va             TEXT,
    ssm_account_id TEXT,
    ssm_va_id      TEXT,
    is_default     BIGINT NOT NULL DEFAULT 0,
    first_run      BIGINT NOT NULL,
    seen_run       BIGINT NOT NULL,
    applied_run    BIGINT,
    gone_run       BIGINT,
    guard_digest   TEXT,
    guard_count    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX place_of_site ON place (site, account);

-- A license is its virtual account, name and billing type; changed_run marks what the next events tell. The rows of a place
-- that was never applied are what is staged of its first pull: nobody believes them before place.applied_run is set.
CREATE TABLE license (
    id          INTEGER PRIMARY KEY,
    place_id    BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    billing     TEXT   NOT NULL,
    quantity    BIGINT NOT NULL,
    in_use      BIGINT NOT NULL,
    available   BIGINT NOT NULL,
    reserved    BIGINT NOT NULL,
    status      TEXT   NOT NULL,
    ends_at     BIGINT,
    merged      BIGINT NOT NULL,
    first_run   BIGINT NOT NULL,
    changed_run BIGINT NOT NULL,
    gone_run    BIGINT,
    UNIQUE (place_id, name, billing)
);

-- What differs from the belief, license_id being the row that it will replace, until the whole answer has come.
CREATE TABLE license_stage (
    place_id  BIGINT NOT NULL,
    name      TEXT   NOT NULL,
    billing   TEXT   NOT NULL,
    quantity  BIGINT NOT NULL,
    in_use    BIGINT NOT NULL,
    available BIGINT NOT NULL,
    reserved  BIGINT NOT NULL,
    status    TEXT   NOT NULL,
    ends_at   BIGINT,
    merged    BIGINT NOT NULL,
    license_id BIGINT,
    PRIMARY KEY (place_id, name, billing)
);

-- What a license was before a run changed it.
CREATE TABLE license_history (
    place_id  BIGINT NOT NULL,
    name      TEXT   NOT NULL,
    billing   TEXT   NOT NULL,
    run_id    BIGINT NOT NULL,
    change    TEXT   NOT NULL,
    quantity  BIGINT NOT NULL,
    in_use    BIGINT NOT NULL,
    available BIGINT NOT NULL,
    reserved  BIGINT NOT NULL,
    status    TEXT   NOT NULL,
    ends_at   BIGINT,
    PRIMARY KEY (place_id, name, billing, run_id)
);

CREATE TABLE subscription (
    place_id        BIGINT NOT NULL,
    subscription_id TEXT   NOT NULL,
    license         TEXT   NOT NULL,
    quantity        BIGINT NOT NULL,
    billing         TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    starts_at       BIGINT,
    ends_at         BIGINT,
    PRIMARY KEY (place_id, subscription_id, license)
);
CREATE TABLE subscription_stage (
    place_id        BIGINT NOT NULL,
    subscription_id TEXT   NOT NULL,
    license         TEXT   NOT NULL,
    quantity        BIGINT NOT NULL,
    billing         TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    starts_at       BIGINT,
    ends_at         BIGINT,
    PRIMARY KEY (place_id, subscription_id, license)
);

-- Product instances, known by their UDI: product id and serial number.
CREATE TABLE device (
    place_id        BIGINT NOT NULL,
    pid             TEXT   NOT NULL,
    serial          TEXT   NOT NULL,
    host_name       TEXT   NOT NULL,
    product_tag     TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    last_contact_at BIGINT,
    PRIMARY KEY (place_id, pid, serial)
);
CREATE INDEX device_by_udi ON device (pid, serial);
CREATE TABLE device_stage (
    place_id        BIGINT NOT NULL,
    pid             TEXT   NOT NULL,
    serial          TEXT   NOT NULL,
    host_name       TEXT   NOT NULL,
    product_tag     TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    last_contact_at BIGINT,
    PRIMARY KEY (place_id, pid, serial)
);

-- SSM's own alerts, per account; replaced by every good pull.
CREATE TABLE ssm_alert (
    place_id     BIGINT NOT NULL,
    ordinal      BIGINT NOT NULL,
    message_type TEXT   NOT NULL,
    severity     TEXT   NOT NULL,
    source       TEXT   NOT NULL,
    message      TEXT   NOT NULL,
    PRIMARY KEY (place_id, ordinal)
);

-- Usage reports, keyed by the SHA-256 of their payload, with what they came with, never written anew.
-- hold says why a held one waits; maybe_sent that a POST of it may have arrived, though no answer came; alone that its
-- batch was refused and it must be sent by itself; ack is base64 as it came, ack_file is set once it lies in the outbox.
CREATE TABLE report (
    digest          TEXT PRIMARY KEY,
    site            TEXT   NOT NULL,
    account         TEXT,
    va              TEXT,
    pid             TEXT   NOT NULL,
    serial          TEXT   NOT NULL,
    report_id       TEXT,
    entitlement_tag TEXT,
    starts_at       BIGINT,
    ends_at         BIGINT,
    origin          TEXT   NOT NULL,
    payload         TEXT   NOT NULL,
    header          TEXT,
    signature       TEXT   NOT NULL,
    state           TEXT   NOT NULL,
    state_reason    TEXT,
    hold            TEXT,
    submission_id   TEXT,
    maybe_sent      BIGINT NOT NULL DEFAULT 0,
    alone           BIGINT NOT NULL DEFAULT 0,
    ack             TEXT,
    ack_digest      TEXT,
    ack_proof       TEXT,
    ack_file        TEXT,
    received_at     BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL
);
CREATE INDEX report_by_state ON report (site, state);
CREATE INDEX report_by_device ON report (pid, serial);
CREATE INDEX report_by_submission ON report (submission_id);
CREATE TABLE report_transition (
    digest TEXT   NOT NULL,
    number BIGINT NOT NULL,
    state  TEXT   NOT NULL,
    reason TEXT,
    at     BIGINT NOT NULL,
    PRIMARY KEY (digest, number)
);

-- One POST of reports of one device, written before it is made; poll_id is text, since it exceeds what JSON numbers bear.
CREATE TABLE submission (
    id            TEXT PRIMARY KEY,
    site          TEXT   NOT NULL,
    account       TEXT   NOT NULL,
    va            TEXT   NOT NULL,
    pid           TEXT   NOT NULL,
    serial        TEXT   NOT NULL,
    nonce         TEXT   NOT NULL,
    attempts      BIGINT NOT NULL,
    prepared_at   BIGINT NOT NULL,
    answered_at   BIGINT,
    outcome       TEXT,
    answer        TEXT,
    poll_id       TEXT,
    poll_seconds  BIGINT,
    poll_after    BIGINT,
    settled_at    BIGINT
);
CREATE INDEX submission_to_poll ON submission (site, poll_after);

CREATE TABLE incident (
    id            TEXT PRIMARY KEY,
    dedup_key     TEXT   NOT NULL,
    site          TEXT   NOT NULL,
    account       TEXT,
    va            TEXT,
    flow          TEXT   NOT NULL,
    is_open       BIGINT NOT NULL,
    code          TEXT   NOT NULL,
    severity      TEXT   NOT NULL,
    summary       TEXT   NOT NULL,
    occurrences   BIGINT NOT NULL,
    sequence      BIGINT NOT NULL,
    trigger_event TEXT   NOT NULL,
    last_data     TEXT   NOT NULL,
    well_since    BIGINT,
    flapping      BIGINT NOT NULL DEFAULT 0,
    opened_at     BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    resolved_at   BIGINT
);
-- One place and flow has at most one open incident.
CREATE UNIQUE INDEX incident_open ON incident (dedup_key) WHERE is_open = 1;
CREATE INDEX incident_by_key ON incident (dedup_key, opened_at);

CREATE TABLE incident_cause (
    incident_id TEXT   NOT NULL,
    code        TEXT   NOT NULL,
    confidence  TEXT   NOT NULL,
    is_active   BIGINT NOT NULL,
    first_at    BIGINT NOT NULL,
    last_at     BIGINT NOT NULL,
    PRIMARY KEY (incident_id, code)
);

-- What was collected, redacted, as JSON.
CREATE TABLE evidence (
    incident_id TEXT   NOT NULL,
    sequence    BIGINT NOT NULL,
    run_id      BIGINT,
    collected_at BIGINT NOT NULL,
    sha256      TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    PRIMARY KEY (incident_id, sequence)
);

CREATE TABLE baseline (
    site   TEXT   NOT NULL,
    run_id BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    body   TEXT   NOT NULL,
    PRIMARY KEY (site, run_id)
);

-- Refusals of a site's credentials, so that nobody's account is locked; the print is slow and salted.
CREATE TABLE credential (
    site       TEXT PRIMARY KEY,
    salt       TEXT   NOT NULL,
    print      TEXT   NOT NULL,
    error      TEXT   NOT NULL,
    status     BIGINT NOT NULL,
    refusals   BIGINT NOT NULL,
    refused_at BIGINT NOT NULL
);

-- What waits for Kafka, in order of seq; kind 'licenses' stands for all licenses of a place that a run changed.
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
