package io.licenserelay.reports.ack;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.Places;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.PollAnswer;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Submission;
import io.licenserelay.reports.Udi;
import io.licenserelay.reports.health.PushHealth;
import io.licenserelay.reports.ledger.AckMatcher;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.ledger.UnmatchedAcks;
import io.licenserelay.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Asks for acknowledgements, each submission when its time has come, and settles what comes. Thread-safe. */
public final class AckPolling {
    /** What the cloud says in published samples. */
    public static final Duration USUAL_INTERVAL = Duration.ofMinutes(5);

    /** After an answer that says something is wrong. */
    private static final Duration AFTER_REFUSAL = Duration.ofHours(1);

    private static final int MOST_AT_ONCE = 2_000;

    /** Submissions that were given out and whose answers are not written down, with the time until which they are awaited. */
    private final Map<String, Long> notBefore = new ConcurrentHashMap<>();

    private final Database database;
    private final Ledger ledger;
    private final ReportIncidents alarms;
    private final Redactor redactor;
    private final Clock clock;
    private final Places places = new Places();
    private final AckMatcher matching;
    private final UnmatchedAcks unmatched;

    public AckPolling(Database database, Ledger ledger, ReportIncidents alarms, Redactor redactor, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.alarms = alarms;
        this.redactor = redactor;
        this.clock = clock;
        this.matching = new AckMatcher(ledger);
        this.unmatched = new UnmatchedAcks(alarms, clock);
    }

    /** The wall clock was set: what is to be polled is polled when it would have been. */
    public static int clockStepped(Handle tx, Duration by) {
        return tx.execute(
                "UPDATE submission SET poll_after = CASE WHEN poll_after + ? > 0 THEN poll_after + ? ELSE 0 END"
                        + " WHERE poll_after > 0",
                by.toMillis(),
                by.toMillis());
    }

    /** A round begins, in which each submission is asked for once at most. */
    public Set<String> begin() {
        return new HashSet<>();
    }

    /**
     * Submissions whose time has come, and the round has not asked for; none is given out twice within its interval. That is not
     * written down: what this process asks for when it ends is asked for at once by the next.
     *
     * @param round grows by what is given out
     */
    public List<Submission> due(Site site, Set<String> round) {
        long now = System.nanoTime();
        notBefore.values().removeIf(until -> until - now <= 0);
        return database.write(tx -> {
            List<Submission> due = new ArrayList<>();
            Map<Place, Optional<Places.Ids>> numbers = new HashMap<>();
            for (Due each : dueRows(tx, site, round)) {
                Optional<Places.Ids> ids = numbers.computeIfAbsent(each.place, place -> places.ids(tx, place));
                if (ids.isEmpty()) {
                    later(tx, each.id);
                    continue;
                }
                Submission submission = submission(tx, each, ids.get());
                if (submission.digests().isEmpty()) {
                    // Acknowledged by their digests, in the answer to another submission.
                    end(tx, submission);
                } else {
                    notBefore.put(each.id, System.nanoTime() + each.interval.toNanos());
                    round.add(each.id);
                    due.add(submission);
                }
            }
            return due;
        });
    }

    private void later(Handle tx, String id) {
        tx.execute(
                "UPDATE submission SET poll_after = ? + 1000 * CASE WHEN poll_seconds > 1 THEN poll_seconds ELSE 1 END"
                        + " WHERE id = ?",
                clock.millis(),
                id);
    }

    /** What came of asking. */
    public void settle(@Body PollAnswer answer, Submission submission) {
        // Before its turn: who waits for the writer need not wait for this too.
        String answerText =
                answer instanceof PollAnswer.Complete complete ? redactor.redact(complete.answerText()) : "";
        database.write(tx -> {
            if (answer instanceof PollAnswer.Complete complete) {
                completed(tx, submission, complete.acks(), answerText);
            } else if (answer instanceof PollAnswer.Refused refused) {
                refused(tx, submission, refused.message());
            } else if (answer instanceof PollAnswer.NotYet) {
                notYet(tx, submission);
            }
            PushHealth.answered(tx, alarms, submission.place());
            return 1;
        });
        notBefore.remove(submission.id());
    }

    /**
     * The server has done with it.
     *
     * @param answerText its answer without secrets
     */
    private void completed(Handle tx, Submission submission, List<Ack> acks, String answerText) {
        AckMatcher.Matched matched =
                matching.match(tx, Place.site(submission.place().site()), submission.udi(), submission.digests(), acks);
        tx.execute("UPDATE submission SET ack_answer = ? WHERE id = ?", answerText, submission.id());
        unmatched.keep(tx, submission, matched.unmatched());
        if (matched.waiting().isEmpty()) {
            end(tx, submission);
        } else {
            incomplete(tx, submission, matched.waiting());
        }
    }

    /** What is without acknowledgement after a COMPLETE is asked for all the same: nobody says that none will come. */
    private void incomplete(Handle tx, Submission submission, List<String> waiting) {
        String why = "the server says COMPLETE and gives no acknowledgement for " + submission.udi();
        ledger.note(tx, still(tx, submission, waiting), why);
        missing(tx, submission, "no-acknowledgement");
    }

    private void refused(Handle tx, Submission submission, String message) {
        String why = submission.pollId() == null
                ? "delivered, but the answer with the poll id was lost, and by the nonce the server says: " + message
                : "the poll was answered: " + message;
        ledger.note(tx, still(tx, submission, submission.digests()), why);
        missing(tx, submission, submission.pollId() == null ? "not-pollable" : "poll-refused");
    }

    /** Those that somebody has sent again, or a device has spoken for, while the server was asked, are not its any more. */
    private List<String> still(Handle tx, Submission submission, List<String> digests) {
        return ledger.find(tx, digests).stream()
                .filter(report -> report.state().awaitsAck() && submission.id().equals(report.submissionId()))
                .map(ReportEntry::digest)
                .toList();
    }

    /** It is asked for again and again, and told of until it comes. */
    private void missing(Handle tx, Submission submission, String outcome) {
        tx.execute(
                "UPDATE submission SET outcome = ?, poll_after = ?,"
                        + " ack_missing_since = COALESCE(ack_missing_since, ?) WHERE id = ?",
                outcome,
                clock.millis() + AFTER_REFUSAL.toMillis(),
                clock.millis(),
                submission.id());
    }

    /** The server knows of it: nothing is missing as long as it says so. */
    private void notYet(Handle tx, Submission submission) {
        later(tx, submission.id());
        int wasMissing = tx.execute(
                "UPDATE submission SET ack_missing_since = NULL, ack_missing_reported = 0"
                        + " WHERE id = ? AND ack_missing_since IS NOT NULL",
                submission.id());
        if (wasMissing > 0) {
            ledger.note(tx, still(tx, submission, submission.digests()), "the acknowledgement is not ready yet");
        }
    }

    private void end(Handle tx, Submission submission) {
        tx.execute(
                "UPDATE submission SET outcome = 'acknowledged', settled_at = ?, poll_after = NULL,"
                        + " ack_missing_since = NULL WHERE id = ?",
                clock.millis(),
                submission.id());
    }

    private List<Due> dueRows(Handle tx, Site site, Set<String> round) {
        return tx.createQuery("SELECT * FROM submission WHERE site = :site AND poll_after <= :now"
                        + " AND settled_at IS NULL ORDER BY poll_after LIMIT :most")
                .bind("site", site.name())
                .bind("now", clock.millis())
                .bind("most", MOST_AT_ONCE + notBefore.size() + round.size())
                .map((row, context) -> Due.of(row))
                .filter(each -> !notBefore.containsKey(each.id) && !round.contains(each.id))
                .list();
    }

    private static Submission submission(Handle tx, Due due, Places.Ids ids) {
        List<String> digests = tx.createQuery("SELECT digest FROM report WHERE submission_id = :id" + " AND state IN "
                        + ReportState.AWAITING_ACK + " ORDER BY received_at, starts_at NULLS FIRST, digest")
                .bind("id", due.id)
                .mapTo(String.class)
                .list();
        return new Submission(due.id, due.place, due.udi, ids, due.nonce, digests, true, List.of(), due.pollId);
    }

    private record Due(
            String id,
            Place place,
            Udi udi,
            String nonce,
            @Nullable String pollId,
            Duration interval) {

        static Due of(ResultSet row) throws SQLException {
            return new Due(
                    row.getString("id"),
                    new Place(row.getString("site"), row.getString("account"), row.getString("va")),
                    new Udi(row.getString("pid"), row.getString("serial")),
                    row.getString("nonce"),
                    row.getString("poll_id"),
                    Duration.ofSeconds(Math.max(1, row.getLong("poll_seconds"))));
        }
    }
}
