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

/** Decides which submissions are due for a poll, and records the results. Thread-safe. */
public final class AckPolling {
    /** The poll interval of the cloud in published samples. */
    public static final Duration USUAL_INTERVAL = Duration.ofMinutes(5);

    /** The poll interval after the server rejected a poll. */
    private static final Duration INTERVAL_AFTER_REFUSAL = Duration.ofHours(1);

    private static final int BATCH_SIZE = 2_000;

    /** Submissions whose poll is in progress, each with the time until which its answer is awaited. */
    private final Map<String, Long> notBefore = new ConcurrentHashMap<>();

    private final Database database;
    private final Ledger ledger;
    private final ReportIncidents incidents;
    private final Redactor redactor;
    private final Clock clock;
    private final Places places = new Places();
    private final AckMatcher matcher;
    private final UnmatchedAcks unmatched;

    public AckPolling(Database database, Ledger ledger, ReportIncidents incidents, Redactor redactor, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.incidents = incidents;
        this.redactor = redactor;
        this.clock = clock;
        this.matcher = new AckMatcher(ledger);
        this.unmatched = new UnmatchedAcks(incidents, clock);
    }

    /** Shifts the poll times after the wall clock was set, so that the intervals stay the same. */
    public static int clockStepped(Handle tx, Duration by) {
        return tx.execute(
                "UPDATE submission SET poll_after = CASE WHEN poll_after + ? > 0 THEN poll_after + ? ELSE 0 END"
                        + " WHERE poll_after > 0",
                by.toMillis(),
                by.toMillis());
    }

    /** Starts a polling round, which polls each submission at most once. */
    public Set<String> begin() {
        return new HashSet<>();
    }

    /**
     * Returns the submissions that are due and not yet polled in this round. No submission is returned twice within its
     * interval. Polls in progress are not recorded in the database: after a restart the new process repeats them at
     * once.
     *
     * @param round the submissions polled in this round; this method adds the returned ones
     */
    public List<Submission> due(Site site, Set<String> round) {
        long now = System.nanoTime();
        notBefore.values().removeIf(until -> until - now <= 0);
        return database.write(site.name(), tx -> {
            List<Submission> due = new ArrayList<>();
            Map<Place, Optional<Places.Ids>> numbers = new HashMap<>();
            for (Due each : dueRows(tx, site, round)) {
                Optional<Places.Ids> ids = numbers.computeIfAbsent(each.place, place -> places.ids(tx, place));
                if (ids.isEmpty()) {
                    postpone(tx, each.id);
                    continue;
                }
                Submission submission = submission(tx, each, ids.get());
                if (submission.digests().isEmpty()) {
                    // All reports were acknowledged by their digests in the answer for another submission.
                    complete(tx, submission);
                } else {
                    notBefore.put(each.id, System.nanoTime() + each.interval.toNanos());
                    round.add(each.id);
                    due.add(submission);
                }
            }
            return due;
        });
    }

    private void postpone(Handle tx, String id) {
        tx.execute(
                "UPDATE submission SET poll_after = ? + 1000 * CASE WHEN poll_seconds > 1 THEN poll_seconds ELSE 1 END"
                        + " WHERE id = ?",
                clock.millis(),
                id);
    }

    /** Records the result of a poll. */
    public void settle(@Body PollAnswer answer, Submission submission) {
        // Redaction runs before the write transaction, so that other writers do not wait for it.
        String answerText =
                answer instanceof PollAnswer.Complete complete ? redactor.redact(complete.answerText()) : "";
        database.write(submission.place().site(), tx -> {
            if (answer instanceof PollAnswer.Complete complete) {
                completed(tx, submission, complete.acks(), answerText);
            } else if (answer instanceof PollAnswer.Refused refused) {
                refused(tx, submission, refused.message());
            } else if (answer instanceof PollAnswer.NotYet) {
                notYet(tx, submission);
            }
            PushHealth.answered(tx, incidents, submission.place());
            return 1;
        });
        notBefore.remove(submission.id());
    }

    /**
     * Records a complete answer.
     *
     * @param answerText the server's answer without secrets
     */
    private void completed(Handle tx, Submission submission, List<Ack> acks, String answerText) {
        AckMatcher.Matched matched =
                matcher.match(tx, Place.site(submission.place().site()), submission.udi(), submission.digests(), acks);
        tx.execute("UPDATE submission SET ack_answer = ? WHERE id = ?", answerText, submission.id());
        unmatched.keep(tx, submission, matched.unmatched());
        if (matched.waiting().isEmpty()) {
            complete(tx, submission);
        } else {
            incomplete(tx, submission, matched.waiting());
        }
    }

    /**
     * Reports without an acknowledgement after COMPLETE are polled again, because the server does not say that none
     * will follow.
     */
    private void incomplete(Handle tx, Submission submission, List<String> waiting) {
        String why = "the server answered COMPLETE without an acknowledgement for " + submission.udi();
        ledger.note(tx, stillPending(tx, submission, waiting), why);
        markMissing(tx, submission, "no-acknowledgement");
    }

    private void refused(Handle tx, Submission submission, String message) {
        String why = submission.pollId() == null
                ? "delivered, but the answer with the poll id was lost, and the server rejected the poll by nonce: "
                        + message
                : "the server rejected the poll: " + message;
        ledger.note(tx, stillPending(tx, submission, submission.digests()), why);
        markMissing(tx, submission, submission.pollId() == null ? "not-pollable" : "poll-refused");
    }

    /**
     * The reports that still belong to the submission. Reports that were resent, or acknowledged by the device's
     * status, during the poll are excluded.
     */
    private List<String> stillPending(Handle tx, Submission submission, List<String> digests) {
        return ledger.find(tx, digests).stream()
                .filter(report -> report.state().awaitsAck() && submission.id().equals(report.submissionId()))
                .map(ReportEntry::digest)
                .toList();
    }

    /** Marks the acknowledgement as missing. The relay continues to poll and reports the incident until it arrives. */
    private void markMissing(Handle tx, Submission submission, String outcome) {
        tx.execute(
                "UPDATE submission SET outcome = ?, poll_after = ?,"
                        + " ack_missing_since = COALESCE(ack_missing_since, ?) WHERE id = ?",
                outcome,
                clock.millis() + INTERVAL_AFTER_REFUSAL.toMillis(),
                clock.millis(),
                submission.id());
    }

    /** The server confirms that it processes the submission, so the acknowledgement does not count as missing. */
    private void notYet(Handle tx, Submission submission) {
        postpone(tx, submission.id());
        int wasMissing = tx.execute(
                "UPDATE submission SET ack_missing_since = NULL, ack_missing_reported = 0"
                        + " WHERE id = ? AND ack_missing_since IS NOT NULL",
                submission.id());
        if (wasMissing > 0) {
            ledger.note(tx, stillPending(tx, submission, submission.digests()), "the acknowledgement is not ready yet");
        }
    }

    private void complete(Handle tx, Submission submission) {
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
                .bind("most", BATCH_SIZE + notBefore.size() + round.size())
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
