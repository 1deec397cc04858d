package io.licenserelay.reports.ledger;

import static io.licenserelay.store.SqlTime.millis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Digests;
import io.licenserelay.event.Event;
import io.licenserelay.event.EventIds;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.Provenance;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.RumReport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The ledger: every report and its history of states. Each change of state is written together with its event in the
 * caller's transaction. The number of statements does not depend on the number of reports. For a report that already
 * has the state, only the reason is updated. Thread-safe.
 */
public final class Ledger {
    private static final String TYPE = "io.licenserelay.report.";
    private static final int MAX_PER_STATEMENT = 500;

    private final Outbox outbox;
    private final Redactor redactor;
    private final Provenance provenance;
    private final String topic;
    private final Clock clock;

    public Ledger(Outbox outbox, Redactor redactor, Provenance provenance, Settings settings, Clock clock) {
        this.outbox = outbox;
        this.redactor = redactor;
        this.provenance = provenance;
        this.topic = settings.topic(Topic.REPORTS);
        this.clock = clock;
    }

    public Optional<ReportEntry> find(Handle tx, String digest) {
        return find(tx, List.of(digest)).stream().findFirst();
    }

    /** Returns the reports that are in the ledger, in the order given. */
    public List<ReportEntry> find(Handle tx, Collection<String> digests) {
        Map<String, ReportEntry> found = new HashMap<>();
        for (List<String> page : pages(digests)) {
            tx.createQuery("SELECT * FROM report WHERE digest IN (<digests>)")
                    .bindList("digests", page)
                    .map((row, context) -> ReportEntry.of(row))
                    .forEach(report -> found.put(report.digest(), report));
        }
        return digests.stream()
                .distinct()
                .map(found::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns the digests of reports that are in one of the states, in the order given. */
    public List<String> inStates(Handle tx, Collection<String> digests, Set<ReportState> states) {
        Set<String> found = new HashSet<>();
        for (List<String> page : pages(digests)) {
            found.addAll(tx.createQuery("SELECT digest FROM report WHERE digest IN (<digests>) AND state IN (<states>)")
                    .bindList("digests", page)
                    .bindList(
                            "states", states.stream().map(ReportState::wireName).toList())
                    .mapTo(String.class)
                    .list());
        }
        return digests.stream().distinct().filter(found::contains).toList();
    }

    /** A report that is not in the ledger yet, and its origin. */
    record Arrival(Place place, RumReport report, String origin) {}

    /** Records reports that are not in the ledger yet. */
    void receive(Handle tx, List<Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return;
        }
        try (PreparedBatch rows =
                        tx.prepareBatch("INSERT INTO report (digest, site, account, va, pid, serial, report_id,"
                                + " entitlement_tag, starts_at, ends_at, usage_count, clock_jump, origin, state, received_at, changed_at)"
                                + " VALUES (:digest, :site, :account, :va, :pid, :serial, :reportId, :tag,"
                                + " :starts, :ends, :count, :jump, :origin, :state, :now, :now)");
                PreparedBatch contents = tx.prepareBatch(
                        "INSERT INTO report_content (digest, payload, header, signature) VALUES (?, ?, ?, ?)")) {
            for (Arrival each : arrivals) {
                RumReport report = each.report();
                rows.bind("digest", report.digest())
                        .bind("site", each.place().site())
                        .bind("account", each.place().account())
                        .bind("va", each.place().va())
                        .bind("pid", report.udi().pid())
                        .bind("serial", report.udi().serial())
                        .bind("reportId", report.reportId())
                        .bind("tag", report.entitlementTag())
                        .bind("starts", millis(report.startsAt()))
                        .bind("ends", millis(report.endsAt()))
                        .bind("count", report.count())
                        .bind("jump", report.clockJump())
                        .bind("origin", each.origin())
                        .bind("state", ReportState.RECEIVED.wireName())
                        .bind("now", clock.millis())
                        .add();
                contents.add(report.digest(), report.payload(), report.header(), report.signature());
            }
            rows.execute();
            contents.execute();
        }
        List<String> digests =
                arrivals.stream().map(each -> each.report().digest()).toList();
        addToHistory(tx, digests);
        publish(tx, find(tx, digests));
    }

    /** Records the owner of a report. */
    ReportEntry setOwner(Handle tx, ReportEntry report, Place va) {
        tx.execute("UPDATE report SET account = ?, va = ? WHERE digest = ?", va.account(), va.va(), report.digest());
        return get(tx, report.digest());
    }

    public void hold(Handle tx, Collection<String> digests, HoldReason hold, String reason) {
        changeState(tx, digests, ReportState.HELD, hold, reason);
    }

    /** @param reason null if there is no remark */
    public void submitted(Handle tx, Collection<String> digests, @Nullable String reason) {
        changeState(tx, digests, ReportState.SUBMITTED, null, reason);
    }

    /** @param reason when the Manager was asked to sync, and the known result */
    public void requested(Handle tx, Collection<String> digests, String reason) {
        changeState(tx, digests, ReportState.REQUESTED, null, reason);
    }

    public ReportEntry rejected(Handle tx, String digest, String reason) {
        changeState(tx, List.of(digest), ReportState.REJECTED, null, reason);
        return get(tx, digest);
    }

    /** Changes the reason of reports and keeps their states. */
    public void note(Handle tx, Collection<String> digests, String text) {
        String reason = redactor.redact(text);
        for (List<String> page : pages(digests)) {
            List<String> changed = tx.createQuery("UPDATE report SET state_reason = :reason, changed_at = :now"
                            + " WHERE digest IN (<digests>) AND state_reason IS DISTINCT FROM :reason RETURNING digest")
                    .bind("reason", reason)
                    .bind("now", clock.millis())
                    .bindList("digests", page)
                    .mapTo(String.class)
                    .list();
            addToHistory(tx, changed);
        }
    }

    /**
     * Stores the acknowledgements too. They stay in the ledger after they are written to the outbox folder.
     *
     * @param acks the acknowledgements by report digest
     * @param proof {@code report} if each acknowledgement names its report, else {@code submission}
     */
    void acknowledged(Handle tx, Map<String, Ack> acks, String proof) {
        if (acks.isEmpty()) {
            return;
        }
        try (PreparedBatch rows = tx.prepareBatch(
                "UPDATE report SET ack = ?, ack_digest = ?, ack_proof = ?, ack_has_policy = ? WHERE digest = ?")) {
            acks.forEach((digest, ack) ->
                    rows.add(ack.base64(), Digests.sha256(ack.bytes()), proof, ack.carriesPolicy() ? 1 : 0, digest));
            rows.execute();
        }
        changeState(tx, acks.keySet(), ReportState.ACKNOWLEDGED, null, null);
    }

    /**
     * Queues a report for resending, alone and as a new submission.
     *
     * @param delivered whether the server may already have the report
     */
    public void requeue(Handle tx, String digest, boolean delivered) {
        tx.execute(
                "UPDATE report SET send_alone = 1, submission_id = NULL, maybe_sent = ?, resend_count = resend_count + 1 WHERE digest = ?",
                delivered ? 1 : 0,
                digest);
        changeState(tx, List.of(digest), ReportState.RECEIVED, null, "queued for resending on request");
    }

    /**
     * Marks a report as acknowledged according to its device. The relay has not received the acknowledgement itself.
     */
    public void acknowledgedByDevice(Handle tx, String digest, String reason) {
        tx.execute("UPDATE report SET ack_proof = 'stated' WHERE digest = ?", digest);
        changeState(tx, List.of(digest), ReportState.ACKNOWLEDGED, null, reason);
    }

    /**
     * Marks reports as overdue: the deadline of the device's policy has passed. The acknowledgement is still awaited.
     */
    public void overdue(Handle tx, Collection<String> digests, String reason) {
        changeState(tx, digests, ReportState.OVERDUE, null, reason);
    }

    private void changeState(
            Handle tx,
            Collection<String> digests,
            ReportState state,
            @Nullable HoldReason hold,
            @Nullable String text) {
        String reason = text == null ? null : redactor.redact(text);
        for (List<String> page : pages(digests)) {
            List<ReportEntry> changed = changeState(tx, page, state, hold, reason, "state <> :state");
            publish(tx, changed);
            if (changed.size() < page.size()) {
                changeState(
                        tx,
                        page,
                        state,
                        hold,
                        reason,
                        "state = :state AND (hold_reason IS DISTINCT FROM :hold OR state_reason IS DISTINCT FROM :reason)");
            }
        }
    }

    /** @return the reports that met the condition */
    private List<ReportEntry> changeState(
            Handle tx,
            List<String> digests,
            ReportState state,
            @Nullable HoldReason hold,
            @Nullable String reason,
            String condition) {
        List<ReportEntry> changed = tx.createQuery(
                        "UPDATE report SET state = :state, hold_reason = :hold, state_reason = :reason, changed_at = :now"
                                + " WHERE digest IN (<digests>) AND " + condition + " RETURNING *")
                .bind("state", state.wireName())
                .bind("hold", hold == null ? null : hold.wireName())
                .bind("reason", reason)
                .bind("now", clock.millis())
                .bindList("digests", digests)
                .map((row, context) -> ReportEntry.of(row))
                .list();
        addToHistory(tx, changed.stream().map(ReportEntry::digest).toList());
        return changed;
    }

    /** Adds the current states to the history, and marks the devices as stale. */
    private void addToHistory(Handle tx, List<String> digests) {
        for (List<String> page : pages(digests)) {
            tx.createUpdate("INSERT INTO report_transition (digest, number, state, reason, entered_at)"
                            + " SELECT r.digest, (SELECT COUNT(*) + 1 FROM report_transition t WHERE t.digest = r.digest),"
                            + " r.state, r.state_reason, r.changed_at FROM report r WHERE r.digest IN (<digests>)")
                    .bindList("digests", page)
                    .execute();
            DeviceDeadlines.markStale(tx, page, clock.instant());
        }
    }

    private void publish(Handle tx, List<ReportEntry> reports) {
        outbox.append(tx, topic, reports.stream().map(this::event).toList());
    }

    private Event event(ReportEntry report) {
        String state = report.state().wireName();
        // Events after a resend have other ids than the events before.
        String id = report.resent() == 0
                ? EventIds.of("report", report.digest(), state)
                : EventIds.of("report", report.digest(), state, report.resent());
        ObjectNode data = report.toJson();
        provenance.into(data, report.place().site());
        String source = provenance.source(report.place());
        return Event.of(id, TYPE + state + ".v1", source, report.digest(), clock.instant(), Map.of(), data);
    }

    private ReportEntry get(Handle tx, String digest) {
        return find(tx, digest).orElseThrow(() -> new IllegalStateException("no report " + digest + " in the ledger"));
    }

    /** Splits the digests, because a statement has a limited number of parameters. */
    private static List<List<String>> pages(Collection<String> digests) {
        List<String> all = List.copyOf(digests);
        List<List<String>> pages = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MAX_PER_STATEMENT) {
            pages.add(all.subList(from, Math.min(all.size(), from + MAX_PER_STATEMENT)));
        }
        return pages;
    }
}
