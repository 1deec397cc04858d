package io.licenserelay.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.store.Database;
import io.licenserelay.text.WireNamed;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What holds of a ledger at every moment, whatever happened: it is looked at after every step, and remembers. */
public final class LedgerChecks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<ReportState, Set<ReportState>> LEGAL = legal();

    private final Map<String, List<ReportState>> told = new HashMap<>();
    private final Map<String, List<ReportState>> seen = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Map<String, String> published = new HashMap<>();
    private long lastRow;

    private static Map<ReportState, Set<ReportState>> legal() {
        Map<ReportState, Set<ReportState>> legal = new EnumMap<>(ReportState.class);
        legal.put(
                ReportState.RECEIVED,
                Set.of(ReportState.HELD, ReportState.SUBMITTED, ReportState.ACKNOWLEDGED, ReportState.REJECTED));
        legal.put(ReportState.HELD, Set.of(ReportState.SUBMITTED, ReportState.ACKNOWLEDGED, ReportState.REJECTED));
        // Received again by hand alone.
        legal.put(ReportState.SUBMITTED, Set.of(ReportState.OVERDUE, ReportState.ACKNOWLEDGED, ReportState.RECEIVED));
        legal.put(ReportState.OVERDUE, Set.of(ReportState.ACKNOWLEDGED, ReportState.RECEIVED));
        legal.put(ReportState.REJECTED, Set.of(ReportState.RECEIVED));
        legal.put(ReportState.ACKNOWLEDGED, Set.of());
        return legal;
    }

    /**
     * Looks at everything that is written down.
     *
     * @param server what it has
     */
    public void look(Database database, ModelServer server) {
        database.read(tx -> {
            tellings(tx);
            Map<String, List<ReportState>> entered = entered(tx);
            assertThat(told).as("events, against the states that were entered").isEqualTo(entered);
            entered.forEach(this::legally);
            for (ReportEntry report : reports(tx)) {
                List<ReportState> states = entered.getOrDefault(report.digest(), List.of());
                assertThat(states).as("%s", report).isNotEmpty();
                assertThat(states.get(states.size() - 1)).as("%s", report).isEqualTo(report.state());
                if (report.state() == ReportState.ACKNOWLEDGED) {
                    assertThat(server.has(report.digest()))
                            .as("the server has what is acknowledged: %s", report)
                            .isTrue();
                } else if (report.state() == ReportState.REJECTED) {
                    assertThat(server.has(report.digest()))
                            .as("the server took what is rejected: %s", report)
                            .isFalse();
                }
            }
            assertThat(saidOfOthers(tx))
                    .as("what a poll of another submission said")
                    .isEmpty();
            assertThat(server.asNew().values()).as("taken as new").allMatch(times -> times == 1);
            return 1;
        });
    }

    /** Reports of which it is said that their acknowledgement is missing, while that of what they went out with last is not. */
    private static List<String> saidOfOthers(Handle tx) {
        return tx.createQuery("SELECT r.digest || ': ' || r.state_reason FROM report r LEFT JOIN submission s"
                        + " ON s.id = r.submission_id WHERE (r.state_reason LIKE 'the server answered COMPLETE%'"
                        + " OR r.state_reason LIKE 'the server rejected the poll: %') AND s.ack_missing_since IS NULL")
                .mapTo(String.class)
                .list();
    }

    private void legally(String digest, List<ReportState> states) {
        List<ReportState> before = seen.put(digest, states);
        if (before != null) {
            assertThat(states).as("what was is not undone: %s", digest).startsWith(before.toArray(ReportState[]::new));
        }
        assertThat(states.get(0)).as("the first of %s", digest).isEqualTo(ReportState.RECEIVED);
        for (int i = 1; i < states.size(); i++) {
            assertThat(LEGAL.getOrDefault(states.get(i - 1), Set.of()))
                    .as("what may follow in %s of %s", states, digest)
                    .contains(states.get(i));
        }
    }

    /** Changes of state; the same state for another reason is none. */
    private static Map<String, List<ReportState>> entered(Handle tx) {
        Map<String, List<ReportState>> entered = new HashMap<>();
        tx.createQuery("SELECT * FROM report_transition ORDER BY digest, number")
                .map((row, context) ->
                        Map.entry(row.getString("digest"), WireNamed.of(ReportState.class, row.getString("state"))))
                .forEach(each -> {
                    List<ReportState> states = entered.computeIfAbsent(each.getKey(), none -> new ArrayList<>());
                    if (states.isEmpty() || states.get(states.size() - 1) != each.getValue()) {
                        states.add(each.getValue());
                    }
                });
        return entered;
    }

    private void tellings(Handle tx) {
        tx
                .createQuery("SELECT seq, topic, record_key, value FROM outbox WHERE seq > :last ORDER BY seq")
                .bind("last", lastRow)
                .map((row, context) -> {
                    lastRow = row.getLong("seq");
                    return row.getString("topic").endsWith(Topic.REPORTS.key()) ? row.getString("value") : "";
                })
                .list()
                .stream()
                .filter(value -> !value.isEmpty())
                .map(LedgerChecks::json)
                .forEach(event -> {
                    assertThat(ids.add(event.path("id").asText()))
                            .as("the id is new: %s", event)
                            .isTrue();
                    told.computeIfAbsent(event.path("subject").asText(), none -> new ArrayList<>())
                            .add(WireNamed.of(
                                    ReportState.class, event.at("/data/state").asText()));
                });
    }

    /** Kafka has these, perhaps not for the first time. */
    public void publish(List<OutboxRecord> batch) {
        for (OutboxRecord each : batch) {
            String value = String.valueOf(each.value());
            String before = published.put(json(value).path("id").asText(), value);
            assertThat(before == null || before.equals(value))
                    .as("a resend is equal byte for byte")
                    .isTrue();
        }
    }

    public static List<ReportEntry> reports(Handle tx) {
        return tx.createQuery("SELECT * FROM report ORDER BY digest")
                .map((row, context) -> ReportEntry.of(row))
                .list();
    }

    private static JsonNode json(String value) {
        try {
            return JSON.readTree(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
