package io.licenserelay.sync.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.SiteTask;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.inventory.InventoryChanges;
import io.licenserelay.inventory.model.SsmAlert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One sync of one site in progress, with its results and failures. Thread-safe, because virtual accounts are pulled in
 * parallel.
 */
public final class SyncRun implements SiteTask {
    private static final int MAX_ANSWERS = 20;

    private final long id;
    private final Site site;
    private final SyncRequest request;
    private final String traceparent;
    private final Instant startedAt;
    private final Map<String, SyncCounts> accounts = new TreeMap<>();
    private final Map<String, List<SsmAlert>> alerts = new TreeMap<>();
    private final Set<Place> healthy = new LinkedHashSet<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Map<String, Integer> failuresByType = new HashMap<>();
    private final List<Incident> incidents = new ArrayList<>();
    private List<ObjectNode> completed = List.of();
    private @Nullable Set<String> known;
    private final Duration limit;
    private int expected;

    /** Start of the current part, by the monotonic clock. */
    private volatile long partBegan = System.nanoTime();

    private final AtomicInteger skippedDevices = new AtomicInteger();

    /** @param limit the maximum duration of each part of the run */
    SyncRun(long id, Site site, SyncRequest request, String traceparent, Instant startedAt, Duration limit) {
        this.limit = limit;
        this.id = id;
        this.site = site;
        this.request = request;
        this.traceparent = traceparent;
        this.startedAt = startedAt;
    }

    public long id() {
        return id;
    }

    @Override
    public Site site() {
        return site;
    }

    @Override
    public boolean isRun() {
        return true;
    }

    @Override
    public String runId() {
        return Long.toString(id);
    }

    /** The part of {@link #traceparent} that all spans of a trace have in common. */
    @Override
    public String traceId() {
        return traceparent.substring(3, 35);
    }

    /** The run is committed with these events. */
    synchronized void committed(List<ObjectNode> events) {
        completed = events;
    }

    /** The data of its events {@code sync.completed}, for the hook {@code after-sync}; none until the run is committed. */
    public synchronized List<ObjectNode> completed() {
        return completed;
    }

    public SyncRequest request() {
        return request;
    }

    /** W3C trace context: one trace per run. */
    public String traceparent() {
        return traceparent;
    }

    public Instant startedAt() {
        return startedAt;
    }

    Duration limit() {
        return limit;
    }

    void beginPart() {
        partBegan = System.nanoTime();
        skippedDevices.set(0);
    }

    void skipDevice() {
        skippedDevices.incrementAndGet();
    }

    int skippedDevices() {
        return skippedDevices.get();
    }

    /** Whether the current part has exceeded its time limit. */
    public boolean isOverdue() {
        return System.nanoTime() - partBegan > limit.toNanos();
    }

    /** Adds an account to the run, independently of its result. */
    public synchronized void account(String account) {
        accounts.putIfAbsent(account, SyncCounts.NONE);
    }

    /** Sets the accounts of the site, which are unknown before this call. */
    public synchronized void known(Set<String> names) {
        known = Set.copyOf(names);
    }

    /** Whether the accounts are known and this account is not among them. */
    synchronized boolean lacks(String account) {
        return known != null && !known.contains(account);
    }

    public synchronized void expect(int virtualAccounts) {
        expected += virtualAccounts;
    }

    public synchronized void applied(Place va, InventoryChanges changes) {
        accounts.merge(String.valueOf(va.account()), SyncCounts.NONE.plus(changes), (all, one) -> all.plus(changes));
        healthy.add(va);
    }

    public synchronized void alerts(Place account, List<SsmAlert> received) {
        alerts.put(String.valueOf(account.account()), List.copyOf(received));
    }

    public synchronized Map<String, List<SsmAlert>> alertsOfAccounts() {
        return new TreeMap<>(alerts);
    }

    public synchronized void markHealthy(Place place) {
        healthy.add(place);
    }

    /**
     * Adds a failure. Only the first failures of each error type keep the server's answer, because thousands of places
     * may fail with an answer each.
     */
    @Override
    public synchronized void failed(Failure failure) {
        int sameType = failuresByType.merge(failure.errorType(), 1, Integer::sum);
        failures.add(sameType <= MAX_ANSWERS ? failure : failure.withoutAnswer());
    }

    public synchronized void noted(Incident incident) {
        incidents.add(incident);
    }

    /** The places that were read and applied, in this order. */
    synchronized Set<Place> healthyPlaces() {
        return new LinkedHashSet<>(healthy);
    }

    public synchronized List<Failure> failures() {
        return new ArrayList<>(failures);
    }

    synchronized List<Incident> incidents() {
        List<Incident> sorted = new ArrayList<>(incidents);
        sorted.sort(Comparator.comparing((Incident incident) -> incident.place().path())
                .thenComparing(Incident::flow));
        return sorted;
    }

    synchronized Map<String, SyncCounts> accounts() {
        return new TreeMap<>(accounts);
    }

    public synchronized long alerts(String account) {
        return alerts.getOrDefault(account, List.of()).size();
    }

    /** The current progress. */
    public synchronized Progress progress() {
        int done =
                accounts.values().stream().mapToInt(SyncCounts::virtualAccounts).sum();
        long licenses =
                accounts.values().stream().mapToLong(SyncCounts::licenses).sum();
        return new Progress(done, expected, licenses);
    }

    /**
     * The progress of a run.
     *
     * @param expected virtual accounts known so far; grows while accounts are listed
     */
    public record Progress(int done, int expected, long licenses) {}
}
