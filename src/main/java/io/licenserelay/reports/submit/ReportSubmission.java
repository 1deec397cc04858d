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

/** Sends reports: what goes out is written down before, and what came of it after, each in one transaction. */
public final class ReportSubmission {
    private static final Set<ReportState> WAITING = EnumSet.of(ReportState.RECEIVED, ReportState.HELD);

    /** Places that a message names. */
    private static final int NAMED = 3;

    private static final String ANSWER_LOST =
            "sent, and no answer came: the server may have it; it is sent again, unchanged, by the next push";

    private static final String DELIVERED_BEFORE =
            "delivered by an earlier attempt whose answer was lost; its acknowledgement is awaited";

    private final Database database;
    private final Ledger ledger;
    private final ReportIncidents alarms;
    private final Redactor redactor;
    private final Clock clock;
    private final ReportBatches batches;

    public ReportSubmission(Database database, Ledger ledger, ReportIncidents alarms, Redactor redactor, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.alarms = alarms;
        this.redactor = redactor;
        this.clock = clock;
        this.batches = new ReportBatches(ledger);
    }

    /** What is to be sent now; what cannot be is held, with the reason. */
    public SubmissionRun begin(Site site) {
        return new SubmissionRun(database.write(tx -> {
            List<Submission> submissions = batches.make(tx, site, true);
            List<Place> unnumbered = new ArrayList<>(PushHealth.unnumbered(tx, site));
            // What is held since an earlier push goes out with this one once the numbers are known.
            submissions.forEach(submission -> unnumbered.remove(submission.place()));
            if (!unnumbered.isEmpty()) {
                noNumbers(tx, site, unnumbered);
            }
            return submissions;
        }));
    }

    /** Nothing that the relay does ends this, so somebody has to know. */
    private void noNumbers(Handle tx, Site site, List<Place> places) {
        String named = places.stream().limit(NAMED).map(Place::toString).collect(Collectors.joining(", "));
        String more = places.size() > NAMED ? " and " + (places.size() - NAMED) + " more" : "";
        String message = "SSM tells no numbers of " + named + more + ", so reports of these places are held";
        alarms.raise(tx, failure(site.place(), Findings.REPORT_NO_NUMBERS, message, List.of(), null));
    }

    /** The submission is about to be sent: from now on the server may have it. */
    public Submission prepare(@Body Submission planned) {
        List<Usage> usage = database.read(tx -> usage(tx, planned.digests()));
        return database.write(tx -> {
            planned.prepare(tx, clock.millis());
            return planned.with(usage);
        });
    }

    /**
     * What came of it. A refused batch that an earlier attempt may have delivered is left as it is until {@link #found}: only the
     * server can tell whether it has it.
     */
    public void settle(@Body SubmissionAnswer answer, Submission submission, SubmissionRun pushing) {
        boolean down = answer instanceof SubmissionAnswer.Unanswered unanswered && unanswered.serverIsDown();
        boolean first = (down || answer instanceof SubmissionAnswer.NoPath) && pushing.stop();
        // Before its turn: who waits for the writer need not wait for this too.
        String answerText = answerText(answer);
        database.write(tx -> {
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
     * What the server says when it is asked, by the nonce of a refused batch, whether it has the batch. What it does not know is sent
     * again, one report at a time; until it says so, the batch stays one.
     *
     * @return whether the server has it
     */
    public boolean found(@Body PollAnswer answer, Submission submission) {
        return database.write(tx -> {
            List<String> waiting = waiting(tx, submission);
            if (answer instanceof PollAnswer.Complete || answer instanceof PollAnswer.NotYet) {
                outcome(tx, submission, "delivered-before");
                pollAtOnce(tx, submission);
                ledger.submitted(tx, waiting, DELIVERED_BEFORE);
                return true;
            }
            if (answer instanceof PollAnswer.Refused) {
                outcome(tx, submission, "split");
                waiting.forEach(digest -> sendAlone(tx, digest, true));
            }
            return false;
        });
    }

    private static String unclear(String answerText) {
        return "sent, and the answer does not say whether the server has it (" + answerText
                + "): it is sent again, unchanged, by the next push";
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

    /** Those that an acknowledgement came for by another way, while the server was asked, are done with. */
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
        PushHealth.answered(tx, alarms, submission.place());
    }

    private void rejected(
            Handle tx, Submission submission, SubmissionAnswer.Rejected answer, @Nullable String answerText) {
        List<String> waiting = waiting(tx, submission);
        if (submission.digests().size() > 1 || waiting.isEmpty()) {
            // A batch is refused as a whole for one of its reports: each is asked for by itself.
            close(tx, submission, "split", answerText);
            waiting.forEach(digest -> sendAlone(tx, digest, submission.known()));
            return;
        }
        String digest = waiting.get(0);
        boolean signature = answer.message().toLowerCase(Locale.ROOT).contains("signature");
        if (submission.known() && !signature) {
            close(tx, submission, "delivered-before", answerText);
            pollAtOnce(tx, submission);
            // Whether all is well now is known by the poll that follows at once.
            ledger.submitted(tx, waiting, DELIVERED_BEFORE);
            return;
        }
        close(tx, submission, "rejected", answerText);
        ReportEntry report = ledger.rejected(tx, digest, "the server says: " + answer.message());
        alarms.raise(tx, rejection(report, answer, signature));
    }

    /** What is true of one submission is true of all that this push would send. */
    private void noPath(Handle tx, SubmissionRun pushing, Place va, SubmissionAnswer.NoPath answer) {
        List<String> all = pushing.submissions().stream()
                .flatMap(each -> each.digests().stream())
                .toList();
        ledger.hold(tx, ledger.in(tx, all, WAITING), HoldReason.NO_PATH, answer.message());
        Place site = Place.site(va.site());
        alarms.raise(tx, failure(site, Findings.REPORT_NO_SUCH_PATH, answer.message(), List.of(), answer.exchange()));
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

    /** It did not arrive: the next attempt is a new submission, unless an earlier one may have arrived. */
    private void forgetAttempt(Handle tx, Submission submission, String outcome) {
        if (submission.known()) {
            return;
        }
        close(tx, submission, outcome, null);
        tx.execute("UPDATE report SET submission_id = NULL, maybe_sent = 0 WHERE submission_id = ?", submission.id());
    }

    /** @param answerText what was answered, without secrets */
    private void close(Handle tx, Submission submission, String outcome, @Nullable String answerText) {
        tx.execute(
                "UPDATE submission SET answered_at = ?, outcome = ?, answer = ? WHERE id = ?",
                clock.millis(),
                outcome,
                answerText,
                submission.id());
    }

    /** What was answered stays as it is. */
    private void outcome(Handle tx, Submission submission, String outcome) {
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

    /** In the order of the digests. */
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
