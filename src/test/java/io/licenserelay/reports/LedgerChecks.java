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

/** The invariants of the ledger. They are checked after every step; earlier states are kept in order to detect forbidden changes. */
public final class LedgerChecks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<ReportState, Set<ReportState>> LEGAL = legalTransitions();

    private final Map<String, List<ReportState>> statesInEvents = new HashMap<>();
    private final Map<String, List<ReportState>> earlierStates = new HashMap<>();
    private final Set<String> eventIds = new HashSet<>();
    private final Map<String, String> published = new HashMap<>();
    /** The rows of the outbox at the last check: a number is used again after its row is published. */
    private Set<OutboxRow> earlierRows = Set.of();

    /** @param report the event of a report; empty for other events */
    private record OutboxRow(long seq, String report) {}

    private static Map<ReportState, Set<ReportState>> legalTransitions() {
        Map<ReportState, Set<ReportState>> legalTransitions = new EnumMap<>(ReportState.class);
        legalTransitions.put(
                ReportState.RECEIVED,
                Set.of(ReportState.HELD, ReportState.SUBMITTED, ReportState.ACKNOWLEDGED, ReportState.REJECTED));
        legalTransitions.put(
                ReportState.HELD, Set.of(ReportState.SUBMITTED, ReportState.ACKNOWLEDGED, ReportState.REJECTED));
        // Only a manual resend leads back to RECEIVED.
        legalTransitions.put(
                ReportState.SUBMITTED, Set.of(ReportState.OVERDUE, ReportState.ACKNOWLEDGED, ReportState.RECEIVED));
        legalTransitions.put(ReportState.OVERDUE, Set.of(ReportState.ACKNOWLEDGED, ReportState.RECEIVED));
        legalTransitions.put(ReportState.REJECTED, Set.of(ReportState.RECEIVED));
        legalTransitions.put(ReportState.ACKNOWLEDGED, Set.of());
        return legalTransitions;
    }

    /**
     * Checks everything that is stored.
     *
     * @param server the server, whose reports are compared with the ledger
     */
    public void check(Database database, ModelServer server) {
        database.read(tx -> {
            readNewEvents(tx);
            Map<String, List<ReportState>> entered = entered(tx);
            assertThat(statesInEvents)
                    .as("the states in events equal the states in the ledger")
                    .isEqualTo(entered);
            entered.forEach(this::assertLegal);
            for (ReportEntry report : reports(tx)) {
                List<ReportState> states = entered.getOrDefault(report.digest(), List.of());
                assertThat(states).as("%s", report).isNotEmpty();
                assertThat(states.get(states.size() - 1)).as("%s", report).isEqualTo(report.state());
                if (report.state() == ReportState.ACKNOWLEDGED) {
                    assertThat(server.has(report.digest()))
                            .as("the server has the acknowledged report: %s", report)
                            .isTrue();
                } else if (report.state() == ReportState.REJECTED) {
                    assertThat(server.has(report.digest()))
                            .as("the server has the rejected report: %s", report)
                            .isFalse();
                }
            }
            assertThat(reasonsOfOtherSubmissions(tx))
                    .as("a reason that belongs to another submission")
                    .isEmpty();
            assertThat(server.acceptedAsNew().values())
                    .as("each payload was accepted as new once")
                    .allMatch(times -> times == 1);
            return 1;
        });
    }

    /** Reports whose reason reports a missing acknowledgement although their last submission misses none. */
    private static List<String> reasonsOfOtherSubmissions(Handle tx) {
        return tx.createQuery("SELECT r.digest || ': ' || r.state_reason FROM report r LEFT JOIN submission s"
                        + " ON s.id = r.submission_id WHERE (r.state_reason LIKE 'the server answered COMPLETE%'"
                        + " OR r.state_reason LIKE 'the server rejected the poll: %') AND s.ack_missing_since IS NULL")
                .mapTo(String.class)
                .list();
    }

    private void assertLegal(String digest, List<ReportState> states) {
        List<ReportState> earlier = earlierStates.put(digest, states);
        if (earlier != null) {
            assertThat(states)
                    .as("earlier states do not change: %s", digest)
                    .startsWith(earlier.toArray(ReportState[]::new));
        }
        assertThat(states.get(0)).as("the first state of %s", digest).isEqualTo(ReportState.RECEIVED);
        for (int i = 1; i < states.size(); i++) {
            assertThat(LEGAL.getOrDefault(states.get(i - 1), Set.of()))
                    .as("legal transitions in %s of %s", states, digest)
                    .contains(states.get(i));
        }
    }

    /** The states of each report in order. A transition that changes only the reason is skipped. */
    private static Map<String, List<ReportState>> entered(Handle tx) {
        Map<String, List<ReportState>> entered = new HashMap<>();
        tx.createQuery("SELECT * FROM report_transition ORDER BY digest, number")
                .map((row, context) ->
                        Map.entry(row.getString("digest"), WireNamed.of(ReportState.class, row.getString("state"))))
                .forEach(each -> {
                    List<ReportState> states = entered.computeIfAbsent(each.getKey(), absent -> new ArrayList<>());
                    if (states.isEmpty() || states.get(states.size() - 1) != each.getValue()) {
                        states.add(each.getValue());
                    }
                });
        return entered;
    }

    private void readNewEvents(Handle tx) {
        List<OutboxRow> rows = tx.createQuery("SELECT seq, topic, value FROM outbox ORDER BY seq")
                .map((row, context) -> new OutboxRow(
                        row.getLong("seq"),
                        row.getString("topic").endsWith(Topic.REPORTS.key()) ? row.getString("value") : ""))
                .list();
        rows.stream()
                .filter(row -> !row.report().isEmpty() && !earlierRows.contains(row))
                .map(row -> json(row.report()))
                .forEach(event -> {
                    assertThat(eventIds.add(event.path("id").asText()))
                            .as("the event id is unique: %s", event)
                            .isTrue();
                    statesInEvents
                            .computeIfAbsent(event.path("subject").asText(), absent -> new ArrayList<>())
                            .add(WireNamed.of(
                                    ReportState.class, event.at("/data/state").asText()));
                });
        earlierRows = Set.copyOf(rows);
    }

    /** Records that these events were published, possibly again. */
    public void publish(List<OutboxRecord> batch) {
        for (OutboxRecord each : batch) {
            String value = String.valueOf(each.value());
            String earlier = published.put(json(value).path("id").asText(), value);
            assertThat(earlier == null || earlier.equals(value))
                    .as("a republished event is equal byte for byte")
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
