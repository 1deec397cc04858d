package io.licenserelay.view.reports;

import static io.licenserelay.store.SqlTime.instant;

import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.view.reports.ReportDetail.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Explains in words why a report is not acknowledged yet, from what the store records and nothing else. */
final class WaitingReason {
    private static final String SUBMISSION =
            "SELECT attempts, prepared_at, answered_at, outcome, poll_after, bundle_file,"
                    + " ack_missing_since FROM submission WHERE id = :id";

    private WaitingReason() {}

    /** Empty if the state is final. */
    static Optional<Waiting> of(Handle tx, ReportEntry report) {
        List<String> why = new ArrayList<>();
        switch (report.state()) {
            case RECEIVED -> why.add("The report is recorded and not sent yet; the next push of the site sends it.");
            case HELD -> why.add(held(report.hold()));
            case SUBMITTED, OVERDUE -> {
                if (report.state() == ReportState.OVERDUE) {
                    why.add("The deadline of the device's policy has passed without an acknowledgement.");
                }
                submission(tx, report.submissionId(), why);
            }
            case REQUESTED ->
                why.add("The SD-WAN Manager was asked to sync; no acknowledgement of this report is known yet.");
            case ACKNOWLEDGED, REJECTED -> {
                return Optional.empty();
            }
        }
        if (report.maybeSent() && !report.state().awaitsAck()) {
            why.add("A request with this report may have reached the server, although no answer came.");
        }
        if (report.alone()) {
            why.add("It is sent on its own, not together with other reports of the device.");
        }
        if (report.reason() != null) {
            why.add("Recorded reason: " + report.reason());
        }
        return Optional.of(new Waiting(report.changedAt(), why));
    }

    private static String held(@Nullable HoldReason hold) {
        if (hold == null) {
            return "The report is held.";
        }
        return switch (hold) {
            case PUSH_OFF -> "The site does not send reports: reports.push is off.";
            case NO_PLACE -> "The virtual account of the device is not known.";
            case NO_IDS -> "SSM does not list the virtual account, so its numeric ids are not known.";
            case NO_PATH -> "The server has no endpoint for reports.";
        };
    }

    private static void submission(Handle tx, @Nullable String id, List<String> why) {
        if (id == null) {
            return;
        }
        tx.createQuery(SUBMISSION)
                .bind("id", id)
                .map((row, context) -> {
                    String bundle = row.getString("bundle_file");
                    Instant answered = instant(row, "answered_at");
                    Instant missing = instant(row, "ack_missing_since");
                    Instant poll = instant(row, "poll_after");
                    List<String> facts = new ArrayList<>();
                    if (bundle != null) {
                        facts.add("It is in the bundle " + bundle + ", which a person carries to the other network.");
                    } else if (answered != null) {
                        facts.add(
                                "The server took the submission at " + answered + "; its acknowledgement is pending.");
                    } else {
                        facts.add("The submission was sent " + row.getLong("attempts")
                                + " time(s), and no answer to it is recorded.");
                    }
                    if (poll != null && bundle == null) {
                        facts.add("The relay requests the acknowledgement again from " + poll + " on.");
                    }
                    if (missing != null) {
                        facts.add("Since " + missing
                                + " the server reports the submission as ended, without an acknowledgement.");
                    }
                    return facts;
                })
                .findOne()
                .ifPresent(why::addAll);
    }
}
