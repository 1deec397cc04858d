package io.licenserelay.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * The shortest time between two commands for a site, over all relays that share a database: each of them reads a part of the
 * commands topic. Thread-safe.
 */
final class CommandPause {
    /** The clocks of a cluster differ by less, so a later time is from before a clock was set back. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final Duration pause;
    private final Clock clock;

    /** @param pause zero if commands may follow one another at once */
    CommandPause(Duration pause, Clock clock) {
        this.pause = pause;
        this.clock = clock;
    }

    private record Accepted(Instant at, String source, String id) {
        boolean isOfRecord(String otherSource, String otherId) {
            return source.equals(otherSource) && id.equals(otherId);
        }
    }

    /**
     * Records that a command is accepted now. Of two relays that accept a command for the same site at the same time, the
     * second waits for the transaction of the first.
     *
     * @param source topic and partition of its record
     * @param id offset of its record; Kafka may deliver an accepted record again, which does not begin another pause
     * @throws InvalidCommand if another command was accepted too recently; nothing is recorded
     */
    void require(Handle tx, String site, String source, String id) throws InvalidCommand {
        if (pause.isZero()) {
            return;
        }
        Instant now = clock.instant();
        tx.execute(
                "INSERT INTO command_pause (site, accepted_at, source, id) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (site) DO NOTHING",
                site,
                now.toEpochMilli(),
                source,
                id);
        // The update locks the row until the transaction ends, so that the row that is read next is the newest.
        tx.execute("UPDATE command_pause SET site = site WHERE site = ?", site);
        Accepted last = tx.createQuery("SELECT accepted_at, source, id FROM command_pause WHERE site = :site")
                .bind("site", site)
                .map((row, context) -> new Accepted(
                        Instant.ofEpochMilli(row.getLong("accepted_at")), row.getString("source"), row.getString("id")))
                .one();
        if (last.isOfRecord(source, id)) {
            return;
        }
        boolean ended = !now.isBefore(last.at.plus(pause)) || last.at.isAfter(now.plus(CLOCK_TOLERANCE));
        if (!ended) {
            throw InvalidCommand.tooSoon(site, last.at, pause);
        }
        tx.execute(
                "UPDATE command_pause SET accepted_at = ?, source = ?, id = ? WHERE site = ?",
                now.toEpochMilli(),
                source,
                id,
                site);
    }
}
