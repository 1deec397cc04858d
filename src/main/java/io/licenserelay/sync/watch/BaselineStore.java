package io.licenserelay.sync.watch;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.change.SettingChange;
import io.licenserelay.evidence.change.SiteBaseline;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import io.licenserelay.incident.event.SinceGoodRun;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.ssm.json.ApiFingerprint;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.SyncRun;
import io.licenserelay.text.Json;
import io.licenserelay.text.ShortText;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stores a baseline of a site after each successful run, and determines what has changed since then when a run fails.
 */
public final class BaselineStore {
    private static final Set<String> PROBES = Set.of("dns", "tcp", "tls", "http", "manager");
    private static final int MAX_BASELINES = 30;
    private static final int MAX_LINE_LENGTH = 500;
    private static final String SSM_URL = "SSM URL";
    private static final String CLIENT_ID = "API client id";
    private static final String GRANT = "grant";
    private static final List<String> SAME_CLIENT = List.of(SSM_URL, CLIENT_ID, GRANT);
    private static final TypeReference<TreeMap<String, String>> FACTS = new TypeReference<>() {};

    private final Database database;
    private final EvidenceRoutes evidence;
    private final SsmServers servers;
    private final Clock clock;

    public BaselineStore(Database database, EvidenceRoutes evidence, SsmServers servers, Clock clock) {
        this.database = database;
        this.evidence = evidence;
        this.servers = servers;
        this.clock = clock;
    }

    /** Runs the probes that send no secret to SSM. After a failed run no probe is run. */
    public List<ProbeResult> observe(SyncRun run) {
        return run.failures().isEmpty() ? evidence.probe(run.site(), PROBES) : List.of();
    }

    /** Stores the current baseline if the run had no failure. */
    public void keep(SyncRun run, List<ProbeResult> probes) {
        if (!run.failures().isEmpty()) {
            return;
        }
        SiteBaseline now = now(run.site(), servers.of(run.site().name()).fingerprint(), probes);
        database.write(run.site().name(), tx -> {
            tx.execute(
                    "INSERT INTO baseline (site, run_id, recorded_at, body) VALUES (?, ?, ?, ?)",
                    run.site().name(),
                    run.id(),
                    clock.millis(),
                    Json.write(now));
            return tx.execute(
                    "DELETE FROM baseline WHERE site = ? AND run_id NOT IN"
                            + " (SELECT run_id FROM baseline WHERE site = ? ORDER BY run_id DESC LIMIT ?)",
                    run.site().name(),
                    run.site().name(),
                    MAX_BASELINES);
        });
    }

    /**
     * Returns the differences from the last successful run.
     *
     * @param probes the current results of the probes
     * @return null if nothing differs, or no run was successful
     */
    @Nullable
    public SinceGoodRun changed(Site site, List<ProbeResult> probes) {
        return changed(database, site, servers.of(site.name()).fingerprint(), probes)
                .orElse(null);
    }

    /**
     * Returns the differences for a check of a site outside of a run.
     *
     * @param database the database of a relay
     * @param fingerprint the properties of the server's answers to this check
     */
    public static Optional<SinceGoodRun> changed(
            Database database, Site site, ApiFingerprint fingerprint, List<ProbeResult> probes) {
        Optional<Baseline> kept = last(database, site);
        List<SettingChange> changes = kept.map(last -> last.baseline.changes(now(site, fingerprint, probes)))
                .orElse(List.of());
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        String line = ShortText.of(
                changes.stream().map(SettingChange::phrase).collect(Collectors.joining("; ")), MAX_LINE_LENGTH);
        Instant at = kept.get().at;
        return Optional.of(new SinceGoodRun(line + " (last good run " + at + ")", at, changes));
    }

    /**
     * When the site last had a successful run with the current password grant, API client and server. A client that
     * could use the grant then is registered for it.
     *
     * @param database the database of a relay
     */
    public static Optional<Instant> lastGoodWithPassword(Database database, Site site) {
        if (site.ssm().grant() != Grant.PASSWORD) {
            return Optional.empty();
        }
        Map<String, String> now = configured(site);
        return kept(database, site, MAX_BASELINES).stream()
                .filter(each -> SAME_CLIENT.stream()
                        .allMatch(fact -> Objects.equals(
                                now.get(fact), each.baseline.facts().get(fact))))
                .map(Baseline::at)
                .findFirst();
    }

    private static SiteBaseline now(Site site, ApiFingerprint fingerprint, List<ProbeResult> probes) {
        Map<String, String> known = new TreeMap<>(configured(site));
        known.putAll(fingerprint.facts());
        return SiteBaseline.of(probes, known, fingerprint.answers(), ConfiguredSettings.of(site));
    }

    private static Optional<Baseline> last(Database database, Site site) {
        return kept(database, site, 1).stream().findFirst();
    }

    /** The stored baselines, newest first. */
    private static List<Baseline> kept(Database database, Site site, int limit) {
        return database.read(tx -> tx.createQuery(
                        "SELECT recorded_at, body FROM baseline WHERE site = :site ORDER BY run_id DESC LIMIT :most")
                .bind("site", site.name())
                .bind("most", limit)
                .map((row, context) ->
                        new Baseline(Instant.ofEpochMilli(row.getLong("recorded_at")), baseline(row.getString("body"))))
                .list());
    }

    /** The settings that identify the client. None of them is secret. */
    private static Map<String, String> configured(Site site) {
        String licenses = site.ssm().paths().getOrDefault(Resource.LICENSES, "");
        return Map.of(
                "API prefix",
                licenses.replaceFirst("/accounts/.*", ""),
                SSM_URL,
                site.ssm().url().toString(),
                CLIENT_ID,
                site.ssm().client().id(),
                GRANT,
                site.ssm().grant().wireName());
    }

    /**
     * Parses a baseline. Old baselines have only facts. Their fact {@code configuration}, an unstable digest, is not
     * compared.
     */
    private static SiteBaseline baseline(String body) {
        JsonNode json = Json.stored(body, "a baseline");
        return json.path("facts").isObject()
                ? Json.MAPPER.convertValue(json, SiteBaseline.class)
                : new SiteBaseline(Json.MAPPER.convertValue(json, FACTS), Map.of(), Map.of());
    }

    private record Baseline(Instant at, SiteBaseline baseline) {}
}
