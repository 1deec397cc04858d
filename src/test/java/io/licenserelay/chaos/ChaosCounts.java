package io.licenserelay.chaos;

import io.licenserelay.chaos.TopicEvents.Published;
import io.licenserelay.config.site.Place;
import io.licenserelay.event.Digests;
import io.licenserelay.event.EventIds;
import io.licenserelay.simulator.ssm.ReceivedReport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts the violations from outside, after everything has settled. */
final class ChaosCounts {
    private final ChaosDatabase database;
    private final ChaosOutcome outcome;

    ChaosCounts(ChaosDatabase database, ChaosOutcome outcome) {
        this.database = database;
        this.outcome = outcome;
    }

    private void count(String kind, List<String> found) {
        outcome.checked(kind);
        found.forEach(each -> outcome.count(kind, 1, each));
    }

    private List<String> texts(String sql) throws Exception {
        return database.rows(sql).stream().map(row -> String.join(" ", row)).toList();
    }

    /** The owner of the site when the transaction committed is not the node that wrote. */
    void formerOwners() throws Exception {
        count(
                "writes by a former owner",
                texts("SELECT at, tab, op, site, ref, node, 'owner', owner, epoch FROM chaos.written"
                        + " WHERE node IS DISTINCT FROM owner ORDER BY seq"));
        outcome.figure("writes that were logged", database.count("chaos.written"));
    }

    void runs() throws Exception {
        Map<String, String> open = new HashMap<>();
        List<String> overlaps = new ArrayList<>();
        List<String> twice = new ArrayList<>();
        for (List<String> row : database.rows(
                "SELECT site, op, ref, after, node, before FROM chaos.written WHERE tab = 'run' ORDER BY seq")) {
            String site = row.get(0);
            String run = row.get(2);
            if (row.get(1).equals("INSERT")) {
                String other = open.put(site, run);
                if (other != null) {
                    overlaps.add(site + ": run " + run + " of " + row.get(4) + " began during " + other);
                }
            } else if (!row.get(3).isEmpty()) {
                open.remove(site, run);
                if (!row.get(5).isEmpty() && !row.get(5).equals(row.get(3))) {
                    twice.add(site + ": run " + run + " ended again as " + row.get(3) + " by " + row.get(4));
                }
            }
        }
        count("runs of a site that overlap", overlaps);
        count("runs that ended twice", twice);
        outcome.figure("runs", database.count("run"));
        outcome.figure("runs interrupted", database.count("run WHERE outcome = 'interrupted'"));
        outcome.figure(
                "longest gap between runs of a site, s",
                texts("SELECT round(max(EXTRACT(EPOCH FROM gap)), 1) FROM (SELECT at - lag(at) OVER"
                                + " (PARTITION BY site ORDER BY seq) AS gap FROM chaos.written"
                                + " WHERE tab = 'run' AND op = 'INSERT') gaps")
                        .get(0));
    }

    void leftOpen() throws Exception {
        count(
                "runs left open",
                texts("SELECT id, site FROM run WHERE outcome IS NULL"
                        + " AND started_at < EXTRACT(EPOCH FROM clock_timestamp()) * 1000 - 60000"));
        count(
                "events left in the outbox",
                texts("SELECT seq, record_key FROM outbox WHERE created_at"
                        + " < EXTRACT(EPOCH FROM clock_timestamp()) * 1000 - 60000"));
        count("files left unread", texts("SELECT site, name FROM inbox_file WHERE read_at IS NULL"));
        count(
                "submissions left open",
                texts(
                        "SELECT s.id, s.site FROM submission s WHERE s.settled_at IS NULL AND EXISTS"
                                + " (SELECT 1 FROM report r WHERE r.submission_id = s.id AND r.state NOT IN ('acknowledged', 'rejected'))"));
        count(
                "incidents left open",
                texts("SELECT id, dedup_key, code, summary FROM incident WHERE is_open = 1 AND is_flapping = 0"));
        outcome.figure(
                "incidents open because they flap", database.count("incident WHERE is_open = 1 AND is_flapping = 1"));
        count(
                "transactions left open",
                texts("SELECT usename, state, query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                        + " AND now() - xact_start > interval '15 s'"));
    }

    void reports(List<String> payloads, List<ReceivedReport> received) throws Exception {
        Map<String, String> states = new HashMap<>();
        database.rows("SELECT digest, state FROM report").forEach(row -> states.put(row.get(0), row.get(1)));
        Map<String, Integer> arrivals = new HashMap<>();
        received.forEach(each -> arrivals.merge(each.payload(), 1, Integer::sum));
        List<String> notFinal = new ArrayList<>();
        List<String> notOnce = new ArrayList<>();
        for (String payload : payloads) {
            String digest = Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
            String state = states.getOrDefault(digest, "not in the ledger");
            if (!state.equals("acknowledged")) {
                notFinal.add(digest + " " + state);
            }
            if (arrivals.getOrDefault(payload, 0) != 1) {
                notOnce.add(digest + " arrived " + arrivals.getOrDefault(payload, 0) + " times");
            }
        }
        count("reports that are not acknowledged", notFinal);
        count("reports that SSM did not accept exactly once", notOnce);
        count(
                "reports with more than one final state",
                texts("SELECT digest, COUNT(*) FROM report_transition WHERE state IN ('acknowledged', 'rejected')"
                        + " GROUP BY digest HAVING COUNT(*) > 1"));
        count(
                "reports with a state after the final one",
                texts(
                        "SELECT t.digest, t.state FROM report_transition t JOIN report_transition f ON f.digest = t.digest"
                                + " AND f.state IN ('acknowledged', 'rejected') AND t.number > f.number"
                                + " AND t.state <> f.state"));
        outcome.figure("reports", payloads.size());
        outcome.figure("submissions sent again", database.count("submission WHERE attempts > 1"));
    }

    private void order(String topic, List<Published> records, Map<String, List<String>> expected) {
        Map<String, Set<String>> before = new HashMap<>();
        Map<String, String> last = new HashMap<>();
        Map<String, Integer> furthest = new HashMap<>();
        List<String> disorder = new ArrayList<>();
        long resent = 0;
        for (Published record : records) {
            String id = record.id();
            boolean isNew = before.computeIfAbsent(record.key(), none -> new HashSet<>())
                    .add(id);
            int index = expected.getOrDefault(record.key(), List.of()).indexOf(id);
            if (id.equals(last.get(record.key()))) {
                resent++;
            } else if (!isNew || index >= 0 && index < furthest.getOrDefault(record.key(), -1)) {
                disorder.add(topic + " " + record.key() + " " + id);
            }
            last.put(record.key(), id);
            furthest.merge(record.key(), index, Math::max);
        }
        count("older events after newer", disorder);
        outcome.figure("records on " + topic, records.size());
        outcome.figure("records on " + topic + " sent again", resent);
    }

    private static Map<String, Set<String>> ids(List<Published> records) {
        Map<String, Set<String>> ids = new HashMap<>();
        records.forEach(
                each -> ids.computeIfAbsent(each.key(), none -> new HashSet<>()).add(each.id()));
        return ids;
    }

    private void missing(String topic, List<Published> records, Map<String, List<String>> expected) {
        Map<String, Set<String>> ids = ids(records);
        List<String> missing = new ArrayList<>();
        expected.forEach((key, all) -> all.stream()
                .filter(id -> !ids.getOrDefault(key, Set.of()).contains(id))
                .forEach(id -> missing.add(topic + " " + key + " " + id)));
        count("events missing", missing);
    }

    /** The runs that have ended: id and site, in order. Read before the outbox was found empty. */
    List<List<String>> finishedRuns() throws Exception {
        return database.rows("SELECT id, site FROM run WHERE finished_at IS NOT NULL ORDER BY id");
    }

    /** The events of these runs, in the order of the runs. */
    void syncs(List<Published> records, List<List<String>> finished) {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        for (List<String> row : finished) {
            int site = Integer.parseInt(row.get(1).substring("site-".length()));
            String key = Place.site(row.get(1)).account(SiteLoad.account(site)).path();
            expected.computeIfAbsent(key, none -> new ArrayList<>())
                    .add(EventIds.of("sync", Long.parseLong(row.get(0)), key));
        }
        order("syncs", records, expected);
        missing("syncs", records, expected);
    }

    void reportEvents(List<Published> records) throws Exception {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        for (List<String> row : database.rows("SELECT digest, state FROM report_transition ORDER BY digest, number")) {
            List<String> ids = expected.computeIfAbsent(row.get(0), none -> new ArrayList<>());
            String id = EventIds.of("report", row.get(0), row.get(1));
            if (!ids.contains(id)) {
                ids.add(id);
            }
        }
        order("reports", records, expected);
        missing("reports", records, expected);
    }

    void incidents(List<Published> records) throws Exception {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Map<String, Integer> triggers = new HashMap<>();
        Map<String, Integer> resolves = new HashMap<>();
        Map<String, Set<String>> seen = new HashMap<>();
        for (Published record : records) {
            if (seen.computeIfAbsent(record.key(), none -> new HashSet<>()).add(record.id())) {
                switch (record.text("/data/state")) {
                    case "trigger" -> triggers.merge(record.id(), 1, Integer::sum);
                    case "resolve" -> resolves.merge(record.text("/causationid"), 1, Integer::sum);
                    default -> {}
                }
            }
        }
        Set<String> known = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        for (List<String> row : database.rows(
                "SELECT id, dedup_key, sequence, trigger_event, is_open FROM incident ORDER BY opened_at, id")) {
            for (long sequence = 0; sequence <= Long.parseLong(row.get(2)); sequence++) {
                String id = EventIds.of("incident", row.get(0), sequence);
                known.add(id);
                expected.computeIfAbsent(row.get(1), none -> new ArrayList<>()).add(id);
            }
            int wanted = row.get(4).equals("1") ? 0 : 1;
            int triggered = triggers.getOrDefault(row.get(3), 0);
            int resolved = resolves.getOrDefault(row.get(3), 0);
            if (triggered != 1 || resolved != wanted) {
                wrong.add(row.get(0) + " " + row.get(1) + ": " + triggered + " triggers, " + resolved + " resolves");
            }
        }
        count("incidents without exactly one trigger and resolve", wrong);
        count(
                "incident events that belong to no incident",
                records.stream()
                        .filter(each -> !known.contains(each.id()))
                        .map(each -> each.key() + " " + each.id())
                        .toList());
        order("failures", records, expected);
        missing("failures", records, expected);
        outcome.figure("incidents", database.count("incident"));
    }

    void licenses(List<Published> records) throws Exception {
        List<String> disorder = new ArrayList<>();
        Map<String, Long> newest = new HashMap<>();
        Map<String, String> last = new TreeMap<>();
        long resent = 0;
        Map<String, String> lastId = new HashMap<>();
        for (Published record : records) {
            boolean again = record.id().equals(lastId.put(record.key(), record.id()));
            resent += again ? 1 : 0;
            if (record.event() == null) {
                last.remove(record.key());
                continue;
            }
            long run = Long.parseLong(record.text("/data/runId"));
            if (!again && run <= newest.getOrDefault(record.key(), -1L)) {
                disorder.add("licenses " + record.key() + " run " + run + " after " + newest.get(record.key()));
            }
            newest.merge(record.key(), run, Math::max);
            last.put(
                    record.key(),
                    record.text("/data/quantity") + " " + record.text("/data/inUse") + " " + record.text("/data/status")
                            + " run " + run);
        }
        count("older events after newer", disorder);
        outcome.figure("records on licenses", records.size());
        outcome.figure("records on licenses sent again", resent);
        Map<String, String> stored = stored();
        List<String> different = new ArrayList<>();
        stored.forEach((key, value) -> {
            if (!value.equals(last.get(key))) {
                different.add(key + ": " + value + " in the database, " + last.get(key) + " on Kafka");
            }
        });
        last.keySet().stream()
                .filter(key -> !stored.containsKey(key))
                .forEach(key -> different.add(key + ": not in the database, but on Kafka"));
        count("last values that differ from the database", different);
    }

    private Map<String, String> stored() throws Exception {
        Map<String, String> stored = new TreeMap<>();
        for (List<String> row : database.rows("SELECT p.site, p.account, p.va, l.name, l.billing, l.quantity, l.in_use,"
                + " l.status, l.changed_run FROM license l JOIN place p ON p.id = l.place_id"
                + " WHERE l.gone_run IS NULL AND p.applied_run IS NOT NULL")) {
            String key =
                    Place.site(row.get(0)).account(row.get(1)).va(row.get(2)).path() + "/" + Place.encode(row.get(3))
                            + "/" + Place.encode(row.get(4));
            stored.put(key, row.get(5) + " " + row.get(6) + " " + row.get(7) + " run " + row.get(8));
        }
        return stored;
    }
}
