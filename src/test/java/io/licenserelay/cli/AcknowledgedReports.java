package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.event.Digests;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The content of a ledger after all reports are processed. */
final class AcknowledgedReports {
    private final Map<String, Row> rows = new TreeMap<>();
    private final Map<String, List<String>> history = new TreeMap<>();

    private record Row(
            String state,
            @Nullable String ackDigest,
            @Nullable String ackFile) {}

    AcknowledgedReports(Database database) {
        database.read(tx -> {
            tx.createQuery("SELECT * FROM report")
                    .map((row, context) -> rows.put(
                            row.getString("digest"),
                            new Row(row.getString("state"), row.getString("ack_digest"), row.getString("ack_file"))))
                    .list();
            tx.createQuery("SELECT digest, state FROM report_transition ORDER BY digest, number")
                    .map((row, context) -> {
                        List<String> states =
                                history.computeIfAbsent(row.getString("digest"), none -> new ArrayList<>());
                        String state = row.getString("state");
                        // A state can repeat with another reason.
                        return !states.isEmpty()
                                        && states.get(states.size() - 1).equals(state)
                                ? states
                                : states.add(state);
                    })
                    .list();
            return 1;
        });
    }

    /** Returns whether the report with this payload is acknowledged. */
    boolean isAcknowledged(String payload) {
        Row row = rows.get(Digests.sha256(payload.getBytes(StandardCharsets.UTF_8)));
        return row != null && row.state().equals("acknowledged");
    }

    long rejected() {
        return rows.values().stream()
                .filter(each -> each.state().equals("rejected"))
                .count();
    }

    /** Asserts that the outbox folder contains exactly the acknowledgements of the ledger. */
    void assertAcknowledgementFiles(Path outbox) throws IOException {
        for (Row each : rows.values()) {
            if (each.ackFile() != null) {
                byte[] content = Files.readAllBytes(Path.of(each.ackFile()));
                assertThat(Digests.sha256(content)).isEqualTo(each.ackDigest());
            }
        }
        long expected =
                rows.values().stream().filter(each -> each.ackFile() != null).count();
        assertThat(ReportKills.files(outbox)).isEqualTo(expected);
    }

    /**
     * Asserts that each report was acknowledged at most once, and that Kafka has all its states in order.
     *
     * @param published the states of each report on Kafka, without resends
     */
    void assertPublished(Map<String, List<String>> published) {
        assertThat(published).isEqualTo(history);
        assertThat(history.values()).allSatisfy(states -> {
            assertThat(states).startsWith("received").doesNotHaveDuplicates();
            assertThat(states.indexOf("acknowledged")).isIn(-1, states.size() - 1);
        });
    }
}
