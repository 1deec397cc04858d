package io.licenserelay.reports.submit;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.PollAnswer;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Submission;
import io.licenserelay.reports.Submission.Usage;
import io.licenserelay.reports.SubmissionAnswer;
import io.licenserelay.reports.ack.AckPolling;
import io.licenserelay.reports.health.PushHealth;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.ledger.ReportBatches;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Records the submission of reports: the submission before it is sent, its outcome after, each in one transaction. */
public final class ReportSubmission {
    private static final Set<ReportState> WAITING = EnumSet.of(ReportState.RECEIVED, ReportState.HELD);

    /** The maximum number of places that a message names. */
    private static final int MAX_NAMED = 3;

    private static final String ANSWER_LOST =
            "sent, but no answer arrived: the server may have the report; the next push sends it again, unchanged";

    private static final String DELIVERED_BEFORE =
            "delivered by an earlier attempt whose answer was lost; the acknowledgement is pending";

    private final Database database;
    private final Ledger ledger;
    private final ReportIncidents incidents;
    private final Redactor redactor;
    private final Clock clock;
    private final ReportBatches batches;

    public ReportSubmission(
            Database database, Ledger ledger, ReportIncidents incidents, Redactor redactor, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.incidents = incidents;
        this.redactor = redactor;
        this.clock = clock;
        this.batches = new ReportBatches(ledger);
    }

    /** Selects the submissions of this push. Reports that cannot be sent are held with the reason. */
    public SubmissionRun begin(Site site) {
        return new SubmissionRun(database.write(site.name(), tx -> {
            List<Submission> submissions = batches.make(tx, site, true);
            List<Place> withoutIds = new ArrayList<>(PushHealth.withoutIds(tx, site));
            // Places whose ids have become known since the last push are sent now.
            submissions.forEach(submission -> withoutIds.remove(submission.place()));
            if (!withoutIds.isEmpty()) {
                raiseMissingIds(tx, site, withoutIds);
            }
            return submissions;
        }));
    }

    /** The relay cannot resolve this by itself, so it raises an incident. */
    private void raiseMissingIds(Handle tx, Site site, List<Place> places) {
        String named = places.stream().limit(MAX_NAMED).map(Place::toString).collect(Collectors.joining(", "));
        String more = places.size() > MAX_NAMED ? " and " + (places.size() - MAX_NAMED) + " more" : "";
        String message = "SSM returns no numeric ids for " + named + more + ", so reports of these places are held";
        incidents.raise(tx, failure(site.place(), Findings.REPORT_NO_NUMBERS, message, List.of(), null));
    }

    /** Records that the submission is about to be sent. From now on the server may have it. */
    public Submission prepare(@Body Submission planned) {
        List<Usage> usage = database.read(tx -> usage(tx, planned.digests()));
        return database.write(planned.place().site(), tx -> {
            planned.prepare(tx, clock.millis());
            return planned.with(usage);
        });
    }

    /**
     * Records the outcome. A rejected batch that an earlier attempt may have delivered stays unchanged until
     * {@link #found}: only the server knows whether it has the batch.
     */
    public void settle(@Body SubmissionAnswer answer, Submission submission, SubmissionRun pushing) {
        boolean down = answer instanceof SubmissionAnswer.Unanswered unanswered && unanswered.serverIsDown();
        boolean first = (down || answer instanceof SubmissionAnswer.NoPath) && pushing.stop();
        // Redaction runs before the write transaction, so that other writers do not wait for it.
        String answerText = answerText(answer);
        database.write(submission.place().site(), tx -> {
            if (answer instanceof SubmissionAnswer.Accepted accepted) {
                accepted(tx, submission, accepted, answerText);
            } else if (answer instanceof SubmissionAnswer.Rejected && submission.isKnownBatch()) {
                tx.execute("UPDATE submission SET answer = ? WHERE id = ?", answerText, submission.id());
            } else if (answer instanceof SubmissionAnswer.Rejected rejected) {
                rejected(tx, submission, rejected, answerText);
            } else if (answer instanceof SubmissionAnswer.NoPath noPath) {
                forgetAttempt(tx, submission, "no-path");
                if (first) {
                    noPath(tx, pushing, submission.place(), noPath);
                }
            } else if (answer instanceof SubmissionAnswer.Unanswered unanswered && !unanswered.maybeSent()) {
                forgetAttempt(tx, submission, "not-sent");
            } else {
                ledger.note(tx, waiting(tx, submission), answerText == null ? ANSWER_LOST : unclear(answerText));
            }
            return 1;
        });
    }

    /**
     * Records the result of a poll for the nonce of a rejected batch. If the server does not know the batch, its
     * reports are sent again one at a time. Without a definite answer the batch stays unchanged.
     *
     * @return whether the server has the batch
     */
    public boolean found(@Body PollAnswer answer, Submission submission) {
        return database.write(submission.place().site(), tx -> {
            List<String> waiting = waiting(tx, submission);
            if (answer instanceof PollAnswer.Complete || answer instanceof PollAnswer.NotYet) {
                recordOutcome(tx, submission, "delivered-before");
                pollAtOnce(tx, submission);
                ledger.submitted(tx, waiting, DELIVERED_BEFORE);
                return true;
            }
            if (answer instanceof PollAnswer.Refused) {
                recordOutcome(tx, submission, "split");
                waiting.forEach(digest -> sendAlone(tx, digest, true));
            }
            return false;
        });
    }

    private static String unclear(String answerText) {
        return "sent, but the answer does not confirm that the server has the report (" + answerText
                + "): the next push sends it again, unchanged";
    }

    private @Nullable String answerText(SubmissionAnswer answer) {
        if (answer instanceof SubmissionAnswer.Unanswered unanswered) {
            return unanswered.answered() == null ? null : redactor.redact(unanswered.answered());
        }
        if (answer instanceof SubmissionAnswer.Accepted accepted) {
            return redactor.redact(accepted.answerText());
        }
        return answer instanceof SubmissionAnswer.Rejected rejected ? redactor.redact(rejected.message()) : null;
    }

    /** The reports that still wait. Reports that were acknowledged in another way during the request are excluded. */
    private List<String> waiting(Handle tx, Submission submission) {
        return ledger.in(tx, submission.digests(), WAITING);
    }

    private void accepted(
            Handle tx, Submission submission, SubmissionAnswer.Accepted answer, @Nullable String answerText) {
        long now = clock.millis();
        tx.execute(
                "UPDATE submission SET answered_at = ?, outcome = 'accepted', answer = ?, poll_id = ?,"
                        + " poll_seconds = ?, poll_after = ? WHERE id = ?",
                now,
                answerText,
                answer.pollId(),
                answer.interval().toSeconds(),
                now + answer.interval().toMillis(),
                submission.id());
        ledger.submitted(tx, ledger.in(tx, submission.digests(), WAITING), null);
        PushHealth.answered(tx, incidents, submission.place());
    }

    private void rejected(
            Handle tx, Submission submission, SubmissionAnswer.Rejected answer, @Nullable String answerText) {
        List<String> waiting = waiting(tx, submission);
        if (submission.digests().size() > 1 || waiting.isEmpty()) {
            // The server rejects the whole batch because of one report, so each report is sent alone.
            close(tx, submission, "split", answerText);
            waiting.forEach(digest -> sendAlone(tx, digest, submission.known()));
            return;
        }
        String digest = waiting.get(0);
        boolean signature = answer.message().toLowerCase(Locale.ROOT).contains("signature");
        if (submission.known() && !signature) {
            close(tx, submission, "delivered-before", answerText);
            pollAtOnce(tx, submission);
            // The poll that follows at once decides whether the incident is cleared.
            ledger.submitted(tx, waiting, DELIVERED_BEFORE);
            return;
        }
        close(tx, submission, "rejected", answerText);
        ReportEntry report = ledger.rejected(tx, digest, "the server answered: " + answer.message());
        incidents.raise(tx, rejection(report, answer, signature));
    }

    /** The endpoint is missing for every submission of this push, so all their reports are held. */
    private void noPath(Handle tx, SubmissionRun pushing, Place va, SubmissionAnswer.NoPath answer) {
        List<String> all = pushing.submissions().stream()
                .flatMap(each -> each.digests().stream())
                .toList();
        ledger.hold(tx, ledger.in(tx, all, WAITING), HoldReason.NO_PATH, answer.message());
        Place site = Place.site(va.site());
        incidents.raise(
                tx, failure(site, Findings.REPORT_NO_SUCH_PATH, answer.message(), List.of(), answer.exchange()));
    }

    private Failure rejection(ReportEntry report, SubmissionAnswer.Rejected answer, boolean signature) {
        String message = "report " + report.digest().substring(0, 8) + " of " + report.udi() + " (" + report.origin()
                + "): " + answer.message();
        List<Finding> more =
                signature ? List.of(new Finding(Findings.REPORT_SIGNATURE_REFUSED, answer.message())) : List.of();
        return failure(report.place(), Findings.REPORT_REJECTED, message, more, answer.exchange());
    }

    private Failure failure(
            Place place, String finding, String message, List<Finding> more, @Nullable HttpExchangeRecord exchange) {
        List<Finding> findings = new ArrayList<>(List.of(new Finding(finding, message)));
        findings.addAll(more);
        return Failure.of(place, Flow.PUSH, Step.REPORT_USAGE, List.copyOf(findings), exchange, clock.instant());
    }

    private void sendAlone(Handle tx, String digest, boolean known) {
        tx.execute(
                "UPDATE report SET send_alone = 1, submission_id = NULL, maybe_sent = ? WHERE digest = ?",
                known ? 1 : 0,
                digest);
    }

    /**
     * The submission was not delivered. The next attempt is a new submission, unless an earlier attempt may have been
     * delivered.
     */
    private void forgetAttempt(Handle tx, Submission submission, String outcome) {
        if (submission.known()) {
            return;
        }
        close(tx, submission, outcome, null);
        tx.execute("UPDATE report SET submission_id = NULL, maybe_sent = 0 WHERE submission_id = ?", submission.id());
    }

    /** @param answerText the server's answer without secrets */
    private void close(Handle tx, Submission submission, String outcome, @Nullable String answerText) {
        tx.execute(
                "UPDATE submission SET answered_at = ?, outcome = ?, answer = ? WHERE id = ?",
                clock.millis(),
                outcome,
                answerText,
                submission.id());
    }

    /** Sets the outcome and keeps the recorded answer. */
    private void recordOutcome(Handle tx, Submission submission, String outcome) {
        tx.execute(
                "UPDATE submission SET answered_at = ?, outcome = ? WHERE id = ?",
                clock.millis(),
                outcome,
                submission.id());
    }

    private void pollAtOnce(Handle tx, Submission submission) {
        tx.execute(
                "UPDATE submission SET poll_id = NULL, poll_seconds = ?, poll_after = ? WHERE id = ?",
                AckPolling.USUAL_INTERVAL.toSeconds(),
                clock.millis(),
                submission.id());
    }

    /** The content of the reports, in the order of the digests. */
    private static List<Usage> usage(Handle tx, List<String> digests) {
        Map<String, Usage> usage = new HashMap<>();
        tx.createQuery("SELECT digest, payload, signature FROM report_content WHERE digest IN (<digests>)")
                .bindList("digests", digests)
                .map((row, context) -> Map.entry(
                        row.getString("digest"), new Usage(row.getString("payload"), row.getString("signature"))))
                .forEach(each -> usage.put(each.getKey(), each.getValue()));
        return digests.stream()
                .map(digest -> Objects.requireNonNull(usage.get(digest), digest))
                .toList();
    }
}
