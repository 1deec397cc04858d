-- Steps of the wall clock that the relay noticed: what it would have told, what it told, for people. behind_ms: how much the clock of
-- deadlines is behind the wall clock since then, until behind_until. is_told: its incident was written.
CREATE TABLE clock_step (
    seq          INTEGER PRIMARY KEY,
    expected_at  BIGINT NOT NULL,
    told_at      BIGINT NOT NULL,
    what         TEXT   NOT NULL,
    behind_ms    BIGINT NOT NULL,
    behind_until BIGINT NOT NULL,
    is_told      BIGINT NOT NULL
);
