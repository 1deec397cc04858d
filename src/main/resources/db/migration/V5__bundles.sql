-- The file that holds the evidence of an incident, and up to which of its events.
CREATE TABLE bundle (
    incident_id TEXT   NOT NULL PRIMARY KEY,
    sequence    BIGINT NOT NULL,
    sha256      TEXT   NOT NULL,
    bytes       BIGINT NOT NULL,
    written_at  BIGINT NOT NULL
);
