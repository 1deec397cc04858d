package io.licenserelay.usage;

import io.licenserelay.event.Digests;
import io.licenserelay.event.Event;
import io.licenserelay.event.EventIds;
import io.licenserelay.event.Outbox;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Place;
import io.licenserelay.site.Settings;
import io.licenserelay.site.Topic;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Every report and every state it was in. Each change of state is written with its event, in the caller's transaction; a
 * report that is in that state already stays as it is, apart from its reason. Thread-safe.
 */
public final class Ledger {
    private static final String TYPE = "io.licenserelay.report.";

    private final Outbox outbox;
    private final Redactor redactor;
    private final String topic;
    private final Clock clock;

    public Ledger(Outbox outbox, Redactor redactor, Settings settings, Clock clock) {
        this.outbox = outbox;
        this.redactor = redactor;
        this.topic = settings.topic(Topic.REPORTS);
        this.clock = clock;
    }

    Optional<Report> find(Handle tx, String digest) {
        return tx.createQuery("SELECT * FROM report WHERE digest = :digest")
                .bind("digest", digest)
                .map((row, context) -> Report.of(row))
                .findOne();
    }

    /** Records a report that is not in the ledger yet. */
    Report receive(Handle tx, Place place, RumReport report, String origin) {
        tx.createUpdate("INSERT INTO report (digest, site, account, va, pid, serial, report_id, entitlement_tag,"
                        + " starts_at, ends_at, usage_count, clock_jump, origin, state, received_at, changed_at)"
                        + " VALUES (:digest, :site, :account, :va, :pid, :serial, :reportId, :tag,"
                        + " :starts, :ends, :count, :jump, :origin, '', :now, :now)")
                .bind("digest", report.digest())
                .bind("site", place.site())
                .bind("account", place.account())
                .bind("va", place.va())
                .bind("pid", report.udi().pid())
                .bind("serial", report.udi().serial())
                .bind("reportId", report.reportId())
                .bind("tag", report.entitlementTag())
                .bind("starts", millis(report.startsAt()))
                .bind("ends", millis(report.endsAt()))
                .bind("count", report.count())
                .bind("jump", report.clockJump())
                .bind("origin", origin)
                .bind("now", clock.millis())
                .execute();
        tx.execute(
                "INSERT INTO report_content (digest, payload, header, signature) VALUES (?, ?, ?, ?)",
                report.digest(),
                report.payload(),
                report.header(),
                report.signature());
        return enter(tx, report.digest(), State.RECEIVED, null, null);
    }

    /** It is known now whose it is. */
    Report place(Handle tx, Report report, Place va) {
        tx.execute("UPDATE report SET account = ?, va = ? WHERE digest = ?", va.account(), va.va(), report.digest());
        return known(tx, report.digest());
    }

    Report hold(Handle tx, String digest, Hold hold, String reason) {
        return enter(tx, digest, State.HELD, hold, reason);
    }

    /** @param reason null when there is nothing to be said about it */
    Report submitted(Handle tx, String digest, @Nullable String reason) {
        return enter(tx, digest, State.SUBMITTED, null, reason);
    }

    /** @param reason when the Manager was asked, and what is known of what came of it */
    Report requested(Handle tx, String digest, String reason) {
        return enter(tx, digest, State.REQUESTED, null, reason);
    }

    Report rejected(Handle tx, String digest, String reason) {
        return enter(tx, digest, State.REJECTED, null, reason);
    }

    /** It stays in its state; there is something to be said about it. */
    Report note(Handle tx, String digest, String reason) {
        Report report = known(tx, digest);
        return enter(tx, digest, report.state(), report.hold(), reason);
    }

    /**
     * Keeps the acknowledgement itself too, until it lies in the outbox folder and after.
     *
     * @param proof how it is known to be for this report: {@code report} when it names it, else {@code submission}
     */
    Report acknowledged(Handle tx, String digest, Ack ack, String proof) {
        tx.execute(
                "UPDATE report SET ack = ?, ack_digest = ?, ack_proof = ?, ack_policy = ? WHERE digest = ?",
                ack.base64(),
                Digests.sha256(ack.bytes()),
                proof,
                ack.carriesPolicy() ? 1 : 0,
                digest);
        return enter(tx, digest, State.ACKNOWLEDGED, null, null);
    }

    /**
     * Somebody wants it sent again: by itself, as a new submission.
     *
     * @param delivered whether the server may have it
     */
    Report again(Handle tx, String digest, boolean delivered) {
        tx.execute(
                "UPDATE report SET alone = 1, submission_id = NULL, maybe_sent = ?, resent = resent + 1 WHERE digest = ?",
                delivered ? 1 : 0,
                digest);
        return enter(tx, digest, State.RECEIVED, null, "to be sent again, by hand");
    }

    /** Its device says that it is; the acknowledgement itself did not come by here. */
    Report stated(Handle tx, String digest, String reason) {
        tx.execute("UPDATE report SET ack_proof = 'stated' WHERE digest = ?", digest);
        return enter(tx, digest, State.ACKNOWLEDGED, null, reason);
    }

    /** The day by which its device's policy wants an acknowledgement has passed; it is awaited all the same. */
    Report overdue(Handle tx, String digest, String reason) {
        return enter(tx, digest, State.OVERDUE, null, reason);
    }

    private Report enter(Handle tx, String digest, State state, @Nullable Hold hold, @Nullable String told) {
        String reason = told == null ? null : redactor.redact(told);
        Report before = tx.createQuery("SELECT * FROM report WHERE digest = :digest AND state <> ''")
                .bind("digest", digest)
                .map((row, context) -> Report.of(row))
                .findOne()
                .orElse(null);
        boolean sameState = before != null && before.state() == state;
        if (before != null && sameState && before.hold() == hold && Objects.equals(before.reason(), reason)) {
            return before;
        }
        Entered entered = tx.createQuery("UPDATE report SET state = :state, hold = :hold, state_reason = :reason,"
                        + " changed_at = :now WHERE digest = :digest RETURNING *")
                .bind("state", state.wireName())
                .bind("hold", hold == null ? null : hold.wireName())
                .bind("reason", reason)
                .bind("now", clock.millis())
                .bind("digest", digest)
                .map((row, context) -> new Entered(Report.of(row), row.getLong("resent")))
                .one();
        tx.execute(
                "INSERT INTO report_transition (digest, number, state, reason, at) SELECT ?, COUNT(*) + 1, ?, ?, ?"
                        + " FROM report_transition WHERE digest = ?",
                digest,
                state.wireName(),
                reason,
                clock.millis(),
                digest);
        ExpectedDevices.news(tx, entered.report().place(), entered.report().udi(), clock.instant());
        if (!sameState) {
            tell(tx, entered);
        }
        return entered.report();
    }

    /** @param resent how often somebody had it sent again */
    private record Entered(Report report, long resent) {}

    private void tell(Handle tx, Entered entered) {
        Report report = entered.report();
        String state = report.state().wireName();
        // What was told before the report was sent again is another event.
        String id = entered.resent() == 0
                ? EventIds.of("report", report.digest(), state)
                : EventIds.of("report", report.digest(), state, entered.resent());
        outbox.append(
                tx,
                topic,
                Event.of(
                        id,
                        TYPE + state + ".v1",
                        report.place(),
                        report.digest(),
                        clock.instant(),
                        Map.of(),
                        report.toJson()));
    }

    private Report known(Handle tx, String digest) {
        return find(tx, digest).orElseThrow(() -> new IllegalStateException("no report " + digest + " in the ledger"));
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
