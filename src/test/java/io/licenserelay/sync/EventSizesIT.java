package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.Rows;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures the size of the events for a sequence of faults and repairs, with the logs of SSM and of the Manager. */
class EventSizesIT extends ScenarioIT {
    private static final int MEDIAN = 8 * 1024;
    private static final int LARGEST = 64 * 1024;

    private static final List<String> FAULTS = List.of(
            "reset",
            "other-cert",
            "expired-cert",
            "old-tls",
            "token-error",
            "token-refused",
            "forbidden resource=licenses",
            "not-found resource=devices",
            "bad-gateway",
            "rate-limited resource=licenses retry-after=0",
            "server-error",
            "html resource=licenses",
            "cut-body resource=licenses bytes=500",
            "missing-field resource=licenses",
            "empty resource=licenses");

    /** One fault of each kind, for the full form of the events. The profile {@code deep} runs all faults in the full form. */
    private static final List<String> SOME_FAULTS = List.of(
            "other-cert",
            "token-error",
            "server-error",
            "cut-body resource=licenses bytes=500",
            "empty resource=licenses");

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theMedianEventHasAtMost8KibAndTheLargestAtMost64Kib() throws Exception {
        List<Integer> sizes = eventSizes("short", FAULTS);
        assertThat(sizes.get(sizes.size() / 2)).as("median of %s", sizes).isLessThanOrEqualTo(MEDIAN);
        assertThat(sizes.get(sizes.size() - 1)).as("largest of %s", sizes).isLessThanOrEqualTo(LARGEST);
    }

    @Test
    @Tag("deep")
    void noEventWithFullEvidenceExceedsTheLimit() throws Exception {
        List<Integer> sizes = eventSizes("full", Rows.areAll() ? FAULTS : SOME_FAULTS);
        assertThat(sizes.get(sizes.size() - 1)).as("largest of %s", sizes).isLessThanOrEqualTo(LARGEST);
    }

    /**
     * Causes every fault once, and repairs each before the next.
     *
     * @return the sizes in bytes of all triggers and updates, smallest first; without resolves, which are smaller and lower the median
     */
    private List<Integer> eventSizes(String evidence, List<String> faults) throws Exception {
        estate.account("ACME").va("Default").device("C8000V", "9ABC");
        try (SsmSimulator ssm = simulator().logs(folder).start();
                TempRelay relay = relay(ssm)
                        .site(
                                "logs",
                                "[ { name: ssm, path: '" + folder.resolve("messages") + "' }, { name: manager, path: '"
                                        + managerLog() + "', zone: UTC } ]")
                        .setting("relay.events.evidence", evidence)
                        // Each fault must be a separate incident with a resolve.
                        .setting("relay.flap.times", "1000")
                        .start()) {
            relay.sync();
            for (String fault : faults) {
                String[] words = fault.split("[ =]");
                ssm.revokeTokens();
                ssm.faults().set(words[0], (Object[]) Arrays.copyOfRange(words, 1, words.length));
                relay.sync();
                ssm.faults().clear();
                relay.sync();
            }
            va.outOfCompliance("DNA Advantage");
            relay.sync();
            relay.failures();
            List<Integer> sizes = RealKafka.records(relay.topic(Topic.FAILURES)).stream()
                    .map(ConsumerRecord::value)
                    .filter(value -> !new String(value, StandardCharsets.UTF_8).contains("\"state\":\"resolve\""))
                    .map(value -> value.length)
                    .sorted()
                    .toList();
            assertThat(sizes).hasSizeGreaterThan(faults.size());
            return sizes;
        }
    }

    /** Writes the Manager's server log of the last minutes, with more lines than fit into an event. */
    private Path managerLog() throws Exception {
        List<String> lines = new ArrayList<>();
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        DateTimeFormatter stamp = DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss,SSS", Locale.ROOT);
        for (int second = 120; second >= 0; second--) {
            lines.add(stamp.format(now.minusSeconds(second))
                    + " UTC INFO  [um8_vManage] [DeviceStatsCollector] (device-stats-" + second
                    + ") || statistics of 10.10.1." + second % 250 + " were collected, 1 of 1 interfaces are up");
        }
        return Files.write(folder.resolve("vmanage-server.log"), lines);
    }
}
