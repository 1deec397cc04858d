package io.licenserelay.usage;

import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import io.licenserelay.store.Database;
import io.licenserelay.usage.Submission.Usage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Sends reports: what goes out is written down before, and what came of it after, each in one transaction. */
public final class Push {
    /** Exchange properties. */
    public static final String PUSHING = "pushing";

    public static final String SUBMISSION = "submission";

    private static final String ANSWER_LOST =
            "sent, and no answer came: the server may have it; it is sent again, unchanged, by the next push";

    private static final String DELIVERED_BEFORE =
            "delivered by an earlier attempt whose answer was lost; its acknowledgement is awaited";

    private final Database database;
    private final Ledger ledger;
    private final Alarms alarms;
    private final Redactor redactor;
    private final Clock clock;
    private final Batches batches;

    public Push(Database database, Ledger ledger, Alarms alarms, Redactor redactor, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.alarms = alarms;
        this.redactor = redactor;
        this.clock = clock;
        this.batches = new Batches(ledger);
    }

    /** What is to be sent now; what cannot be is held, with the reason. */
    public Pushing begin(@ExchangeProperty("site") Site site) {
        return new Pushing(database.write(tx -> batches.make(tx, site, true)));
    }

    /** The submission is about to be sent: from now on the server may have it. */
    public Submission prepare(@Body Submission planned) {
        return database.write(tx -> {
            planned.prepare(tx, clock.millis());
            List<Usage> usage = new ArrayList<>();
            for (String digest : planned.digests()) {
                usage.add(usage(tx, digest));
            }
            return planned.with(usage);
        });
    }

    /** What came of it. */
    public void settle(
            @Body Answer answer,
            @ExchangeProperty(SUBMISSION) Submission submission,
            @ExchangeProperty(PUSHING) Pushing pushing) {
        boolean down = answer instanceof Answer.Unanswered unanswered && unanswered.serverIsDown();
        boolean first = (down || answer instanceof Answer.NoPath) && pushing.stop();
        database.write(tx -> {
            if (answer instanceof Answer.Accepted accepted) {
                accepted(tx, submission, accepted);
            } else if (answer instanceof Answer.Rejected rejected) {
                rejected(tx, submission, rejected);
            } else if (answer instanceof Answer.NoPath noPath) {
                forgetAttempt(tx, submission, "no-path");
                if (first) {
                    noPath(tx, pushing, submission.place(), noPath);
                }
            } else if (answer instanceof Answer.Unanswered unanswered && !unanswered.maybeSent()) {
                forgetAttempt(tx, submission, "not-sent");
            } else {
                waiting(tx, submission).forEach(digest -> ledger.note(tx, digest, ANSWER_LOST));
            }
            return 1;
        });
    }

    /** Those that an acknowledgement came for by another way, while the server was asked, are done with. */
    private List<String> waiting(Handle tx, Submission submission) {
        return submission.digests().stream()
                .filter(digest -> ledger.find(tx, digest)
                        .filter(report -> report.state() == State.RECEIVED || report.state() == State.HELD)
                        .isPresent())
                .toList();
    }

    private void accepted(Handle tx, Submission submission, Answer.Accepted answer) {
        close(tx, submission, "accepted", answer.said());
        pollLater(tx, submission, answer.pollId(), answer.interval(), answer.interval());
        waiting(tx, submission).forEach(digest -> ledger.submitted(tx, digest, null));
        Health.answered(tx, alarms, submission.place());
    }

    private void rejected(Handle tx, Submission submission, Answer.Rejected answer) {
        List<String> waiting = waiting(tx, submission);
        if (submission.digests().size() > 1 || waiting.isEmpty()) {
            // A batch is refused as a whole for one of its reports: each is asked for by itself.
            close(tx, submission, "split", answer.message());
            waiting.forEach(digest -> sendAlone(tx, digest, submission.known()));
            return;
        }
        String digest = waiting.get(0);
        boolean signature = answer.message().toLowerCase(Locale.ROOT).contains("signature");
        if (submission.known() && !signature) {
            close(tx, submission, "delivered-before", answer.message());
            pollLater(tx, submission, null, Polls.USUAL_INTERVAL, Duration.ZERO);
            // Whether all is well now is known by the poll that follows at once.
            ledger.submitted(tx, digest, DELIVERED_BEFORE);
            return;
        }
        close(tx, submission, "rejected", answer.message());
        Report report = ledger.rejected(tx, digest, "the server says: " + answer.message());
        alarms.raise(tx, rejection(report, answer, signature));
    }

    /** What is true of one submission is true of all that this push would send. */
    private void noPath(Handle tx, Pushing pushing, Place va, Answer.NoPath answer) {
        pushing.submissions().stream()
                .flatMap(each -> each.digests().stream())
                .flatMap(digest -> ledger.find(tx, digest).stream())
                .filter(report -> report.state() == State.RECEIVED || report.state() == State.HELD)
                .forEach(report -> ledger.hold(tx, report.digest(), Hold.NO_PATH, answer.message()));
        Place site = Place.site(va.site());
        alarms.raise(tx, failure(site, Findings.REPORT_NO_SUCH_PATH, answer.message(), List.of(), answer.exchange()));
    }

    private Failure rejection(Report report, Answer.Rejected answer, boolean signature) {
        String message = "report " + report.digest().substring(0, 8) + " of " + report.udi() + " (" + report.origin()
                + "): " + answer.message();
        List<Finding> more =
                signature ? List.of(new Finding(Findings.REPORT_SIGNATURE_REFUSED, answer.message())) : List.of();
        return failure(report.place(), Findings.REPORT_REJECTED, message, more, answer.exchange());
    }

    private Failure failure(
            Place place, String finding, String message, List<Finding> more, @Nullable Exchanged exchange) {
        List<Finding> findings = new ArrayList<>(List.of(new Finding(finding, message)));
        findings.addAll(more);
        return Failure.of(place, Flow.PUSH, Step.REPORT_USAGE, List.copyOf(findings), exchange, clock.instant());
    }

    private void sendAlone(Handle tx, String digest, boolean known) {
        tx.execute(
                "UPDATE report SET alone = 1, submission_id = NULL, maybe_sent = ? WHERE digest = ?",
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

    private void close(Handle tx, Submission submission, String outcome, @Nullable String answer) {
        tx.execute(
                "UPDATE submission SET answered_at = ?, outcome = ?, answer = ? WHERE id = ?",
                clock.millis(),
                outcome,
                answer == null ? null : redactor.redact(answer),
                submission.id());
    }

    private void pollLater(
            Handle tx, Submission submission, @Nullable String pollId, Duration interval, Duration first) {
        tx.execute(
                "UPDATE submission SET poll_id = ?, poll_seconds = ?, poll_after = ? WHERE id = ?",
                pollId,
                interval.toSeconds(),
                clock.millis() + first.toMillis(),
                submission.id());
    }

    private static Usage usage(Handle tx, String digest) {
        return tx.createQuery("SELECT payload, signature FROM report_content WHERE digest = :digest")
                .bind("digest", digest)
                .map((row, context) -> new Usage(row.getString("payload"), row.getString("signature")))
                .one();
    }
}
