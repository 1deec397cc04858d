package io.licenserelay.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.Configuration;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million licenses in a thousand virtual accounts, 40,000 reports and devices, 30,000 runs, 5,000 incidents: how long each resource takes.
 * The rows are written by SQL, because a sync of so many licenses takes minutes.
 */
@Tag("only-deep")
class ReadSpeedIT {
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** The goal is 100 ms on a quiet machine; the test also has to pass beside other tests. */
    private static final Duration LIMIT = Duration.ofMillis(300);

    private static final String TEN =
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last) ";

    @TempDir
    Path folder;

    @Test
    void everyResourceAnswersQuickly() throws Exception {
        long now = Instant.now().toEpochMilli();
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm);
                Database database = TestStore.current().open(relay.data())) {
            Configuration configuration = relay.configuration();
            database.write("hq", tx -> seed(tx, now));
            for (String table : new String[] {"license", "report", "expected_device", "run", "incident", "place"}) {
                database.refreshStatistics(table);
            }
            ReadApi api = new ReadApi(new ReadSources(
                    database,
                    configuration,
                    configuration::sites,
                    Optional.empty(),
                    Rules.packed(),
                    "1",
                    "host",
                    "data",
                    Clock.systemUTC()));
            Map<String, Long> millis = new LinkedHashMap<>();
            requests(api, now).forEach((name, request) -> millis.put(name, quickest(api, request)));
            System.out.println(millis);
            assertThat(millis)
                    .allSatisfy((name, took) -> assertThat(took).as(name).isLessThan(LIMIT.toMillis()));
        }
    }

    private record Request(String path, Map<String, String> query) {}

    private static Map<String, Request> requests(ReadApi api, long now) {
        Map<String, Request> all = new LinkedHashMap<>();
        all.put("overview", new Request("/overview", Map.of()));
        all.put("licenses", new Request("/licenses", Map.of()));
        all.put("licenses last page", new Request("/licenses", Map.of("account", "A9", "virtualAccount", "V999")));
        all.put("licenses text", new Request("/licenses", Map.of("text", "license 77")));
        all.put("licenses rare text", new Request("/licenses", Map.of("text", "none has this")));
        all.put("licenses out", new Request("/licenses", Map.of("compliance", "out")));
        all.put("licenses other", new Request("/licenses", Map.of("compliance", "other")));
        all.put(
                "licenses end soon",
                new Request(
                        "/licenses",
                        Map.of(
                                "endsBefore",
                                Instant.ofEpochMilli(now + 10 * DAY).toString())));
        all.put(
                "licenses end never so early",
                new Request(
                        "/licenses",
                        Map.of("endsBefore", Instant.ofEpochMilli(now - DAY).toString())));
        all.put("license history", new Request("/licenses/500000/history", Map.of()));
        all.put("runs", new Request("/runs", Map.of("site", "hq")));
        all.put("runs interrupted", new Request("/runs", Map.of("outcome", "interrupted")));
        all.put("runs failed", new Request("/runs", Map.of("outcome", "failed", "site", "hq")));
        all.put("runs running", new Request("/runs", Map.of("outcome", "running")));
        all.put("reports", new Request("/reports", Map.of()));
        all.put("reports state", new Request("/reports", Map.of("state", "rejected")));
        all.put("reports rare text", new Request("/reports", Map.of("text", "none has this")));
        all.put("reports of account", new Request("/reports", Map.of("account", "A7", "site", "hq")));
        all.put("report", new Request("/reports/" + "0".repeat(59) + "20000", Map.of()));
        all.put("incidents", new Request("/incidents", Map.of()));
        all.put("incidents open", new Request("/incidents", Map.of("open", "true")));
        all.put("incidents of code", new Request("/incidents", Map.of("code", "LIC1001", "severity", "critical")));
        all.put("incidents severity", new Request("/incidents", Map.of("severity", "info", "site", "hq")));
        all.put("calendar 90", new Request("/calendar", Map.of()));
        all.put("calendar 1100", new Request("/calendar", Map.of("days", "1100")));
        all.put("outbox", new Request("/outbox", Map.of()));
        return all;
    }

    /** The quickest of five answers, as JSON, in milliseconds. */
    private static long quickest(ReadApi api, Request request) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            JsonNode answer = Json.MAPPER.valueToTree(api.answer(request.path, request.query));
            best = Math.min(best, Duration.ofNanos(System.nanoTime() - begin).toMillis());
            assertThat(answer.isObject()).isTrue();
        }
        return best;
    }

    private static int seed(Handle tx, long now) {
        long run = (now - 30_000L * 60_000) * 1000;
        tx.createUpdate(
                        "INSERT INTO run (id, site, cause, traceparent, started_at, finished_at, outcome, summary) "
                                + TEN
                                + "SELECT :now * 1000 - (:last - i) * 60000000, 'hq', 'schedule', '00', :now - (:last - i) * 60000,"
                                + " :now - (:last - i) * 60000 + 5000, CASE WHEN i % 1000 = 7 THEN 'failed' ELSE 'complete' END, '[]' FROM n")
                .bind("last", 29_999)
                .bind("now", now)
                .execute();
        tx.createUpdate(
                        "INSERT INTO place (id, site, account, va, first_run, listed_run, applied_run, total_licenses, total_out,"
                                + " total_quantity, total_in_use) " + TEN
                                + "SELECT i, 'hq', 'A' || i / 100, 'V' || i, :run, :run, :run, 1000, CASE WHEN i % 10 = 3 THEN 20 ELSE 0 END,"
                                + " 10000, 5000 FROM n")
                .bind("last", 999)
                .bind("run", run)
                .execute();
        tx.createUpdate(
                        "INSERT INTO license (id, place_id, name, billing, quantity, in_use, available, reserved, status, ends_at,"
                                + " merged_rows, first_run, changed_run) " + TEN
                                + "SELECT i, i / 1000, 'DNA License ' || i % 1000, 'PREPAID', 10, 5, 5, 0,"
                                + " CASE WHEN i / 1000 % 10 = 3 AND i % 50 = 0 THEN 'Out Of Compliance' ELSE 'In Compliance' END,"
                                + " CASE WHEN i % 2 = 0 THEN :now + (i % 1500) * 86400000 END, 1, :run, :run FROM n")
                .bind("last", 999_999)
                .bind("now", now)
                .bind("run", run)
                .execute();
        tx.createUpdate(
                        "INSERT INTO license_history (place_id, name, billing, run_id, change, quantity, in_use, available, reserved, status) "
                                + TEN
                                + "SELECT 500, 'DNA License 0', 'PREPAID', :run + 60000000 * (i + 1), 'changed', 10, i % 10, 5, 0, 'In Compliance' FROM n")
                .bind("last", 999)
                .bind("run", run)
                .execute();
        tx.createUpdate(
                        "INSERT INTO report (digest, site, account, va, pid, serial, report_id, origin, received_at, state, changed_at,"
                                + " ack, ack_digest) " + TEN
                                + "SELECT SUBSTR('" + "0".repeat(64)
                                + "', 1, 64 - LENGTH('' || i)) || i, 'hq', 'A' || i % 10, 'V' || i % 1000, 'C8000V',"
                                + " 'SER' || i, 'R' || i, 'inbox: file' || i / 100, :now - i * 60000, CASE WHEN i % 1000 = 5 THEN 'rejected'"
                                + " WHEN i % 100 = 3 THEN 'submitted' ELSE 'acknowledged' END, :now, :ack, 'd' FROM n")
                .bind("last", 39_999)
                .bind("now", now)
                .bind("ack", "x".repeat(1_500))
                .execute();
        tx.createUpdate(
                        "INSERT INTO expected_device (site, pid, serial, account, va, listed, known_since, ack_due_at) "
                                + TEN
                                + "SELECT 'hq', 'C8000V', 'SER' || i, 'A' || i % 10, 'V' || i % 1000, 1, :now, :now + (i % 365) * 86400000 FROM n")
                .bind("last", 39_999)
                .bind("now", now)
                .execute();
        return tx.createUpdate(
                        "INSERT INTO incident (id, dedup_key, site, account, flow, is_open, code, severity, summary, occurrences,"
                                + " sequence, trigger_event, last_data, opened_at, updated_at) " + TEN
                                + "SELECT 'id' || i, 'license-relay/hq/A' || i || '/pull', 'hq', 'A' || i % 10, 'pull', CASE WHEN i % 100 = 0 THEN 1 ELSE 0"
                                + " END, CASE WHEN i % 500 = 0 THEN 'LIC1001' ELSE 'LIC3002' END, 'error', 'summary', 1, 0, 't', :data, :now - i * 60000,"
                                + " :now FROM n")
                .bind("last", 4_999)
                .bind("now", now)
                .bind("data", "{\"diagnosis\":{},\"x\":\"" + "y".repeat(6_000) + "\"}")
                .execute();
    }
}
