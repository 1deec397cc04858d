package io.licenserelay.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.evidence.Baseline;
import io.licenserelay.evidence.Collector;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.site.Resource;
import io.licenserelay.site.Site;
import io.licenserelay.ssm.Seen;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.store.Database;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Keeps how a site looked on its good runs, and tells on a bad one what is different since. */
public final class Baselines {
    private static final Set<String> PROBES = Set.of("dns", "tcp", "tls", "http", "manager");
    private static final int KEPT = 30;
    private static final int LONGEST = 500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> FACTS = new TypeReference<>() {};

    private final Database database;
    private final Map<String, Collector> collectors;
    private final SsmServers servers;
    private final Clock clock;

    /** @param collectors by the name of their site; filled before anything runs */
    public Baselines(Database database, Map<String, Collector> collectors, SsmServers servers, Clock clock) {
        this.database = database;
        this.collectors = collectors;
        this.servers = servers;
        this.clock = clock;
    }

    /** Looks at the site with the probes that send SSM nothing secret; nothing is seen of a run that failed. */
    public List<ProbeResult> look(@ExchangeProperty(Runs.RUN) Run run) {
        Collector collector = collectors.get(run.site().name());
        return !run.failures().isEmpty() || collector == null ? List.of() : collector.look(run.site(), PROBES);
    }

    /** Keeps how the site looks now, if everything of the run is well. */
    public void keep(@ExchangeProperty(Runs.RUN) Run run, @ExchangeProperty("look") List<ProbeResult> look) {
        if (!run.failures().isEmpty()) {
            return;
        }
        Baseline now = now(run.site(), servers.of(run.site().name()).seen(), look);
        database.write(tx -> {
            tx.execute(
                    "INSERT INTO baseline (site, run_id, at, body) VALUES (?, ?, ?, ?)",
                    run.site().name(),
                    run.id(),
                    clock.millis(),
                    json(now));
            return tx.execute(
                    "DELETE FROM baseline WHERE site = ? AND run_id NOT IN"
                            + " (SELECT run_id FROM baseline WHERE site = ? ORDER BY run_id DESC LIMIT ?)",
                    run.site().name(),
                    run.site().name(),
                    KEPT);
        });
    }

    /**
     * What differs from the last good run, in one line.
     *
     * @param probes what the probes see now
     * @return null when nothing differs, or there was no good run
     */
    @Nullable
    String changed(Site site, List<ProbeResult> probes) {
        return changed(database, site, servers.of(site.name()).seen(), probes).orElse(null);
    }

    /**
     * The same for a look at a site without a run.
     *
     * @param database what a relay kept
     * @param seen how the server answered this look
     */
    public static Optional<String> changed(Database database, Site site, Seen seen, List<ProbeResult> probes) {
        Optional<Kept> kept = last(database, site);
        List<String> differences = kept.map(last -> last.baseline.differences(now(site, seen, probes)))
                .orElse(List.of());
        if (differences.isEmpty()) {
            return Optional.empty();
        }
        String line = String.join("; ", differences);
        String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
        return Optional.of(cut + " (last good run " + kept.get().at + ")");
    }

    private static Baseline now(Site site, Seen seen, List<ProbeResult> probes) {
        Map<String, String> known = new TreeMap<>(configured(site));
        known.putAll(seen.facts());
        return Baseline.of(probes, known, seen.answers());
    }

    private static Optional<Kept> last(Database database, Site site) {
        return database.read(
                tx -> tx.createQuery("SELECT at, body FROM baseline WHERE site = :site ORDER BY run_id DESC LIMIT 1")
                        .bind("site", site.name())
                        .map((row, context) ->
                                new Kept(Instant.ofEpochMilli(row.getLong("at")), baseline(row.getString("body"))))
                        .findOne());
    }

    /** Nothing of it is secret; the digest covers every key of the site. */
    private static Map<String, String> configured(Site site) {
        CRC32 digest = new CRC32();
        digest.update(site.toString().getBytes(StandardCharsets.UTF_8));
        String licenses = site.ssm().paths().getOrDefault(Resource.LICENSES, "");
        return Map.of(
                "API prefix", licenses.replaceFirst("/accounts/.*", ""),
                "SSM URL", site.ssm().url().toString(),
                "API client id", site.ssm().client().id(),
                "grant", site.ssm().grant().wireName(),
                "configuration", Long.toHexString(digest.getValue()));
    }

    private static String json(Baseline baseline) {
        try {
            return JSON.writeValueAsString(baseline);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Before fields were kept, a baseline was its facts alone. */
    private static Baseline baseline(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json.path("facts").isObject()
                    ? JSON.treeToValue(json, Baseline.class)
                    : new Baseline(JSON.convertValue(json, FACTS), Map.of());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Kept(Instant at, Baseline baseline) {}
}
