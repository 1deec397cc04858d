package io.licenserelay.usage;

import io.licenserelay.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the ledger for people; it changes nothing. */
public final class LedgerView {
    private final Database database;

    public LedgerView(Database database) {
        this.database = database;
    }

    /**
     * Hands over every report, oldest first, without keeping them.
     *
     * @param state null for all
     * @return how many
     */
    public long each(@Nullable State state, Consumer<Report> taker) {
        return database.read(tx -> {
            try (Stream<Report> reports = tx
                    .createQuery("SELECT * FROM report WHERE :state IS NULL OR state = :state"
                            + " ORDER BY received_at, digest")
                    .bind("state", state == null ? null : state.wireName())
                    .map((row, context) -> Report.of(row))
                    .stream()) {
                return reports.peek(taker).mapToLong(report -> 1).sum();
            }
        });
    }

    /** How many reports are in the state. */
    public long count(State state) {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM report WHERE state = :state")
                .bind("state", state.wireName())
                .mapTo(Long.class)
                .one());
    }

    /** The reports whose digest begins so, at most three: enough to tell one from several. */
    public List<Report> startingWith(String digest) {
        return database.read(tx -> tx.createQuery(
                        "SELECT * FROM report WHERE SUBSTR(digest, 1, :length) = :start ORDER BY digest LIMIT 3")
                .bind("length", digest.length())
                .bind("start", digest)
                .map((row, context) -> Report.of(row))
                .list());
    }

    /** Every state the report was in, oldest first; a state comes again when its reason changed. */
    public List<Transition> history(String digest) {
        return database.read(
                tx -> tx.createQuery("SELECT * FROM report_transition WHERE digest = :digest ORDER BY number")
                        .bind("digest", digest)
                        .map((row, context) -> new Transition(
                                State.of(row.getString("state")),
                                row.getString("reason"),
                                Instant.ofEpochMilli(row.getLong("at"))))
                        .list());
    }

    /**
     * A report entered a state.
     *
     * @param reason why, when there was something to say
     */
    public record Transition(State state, @Nullable String reason, Instant at) {}
}
