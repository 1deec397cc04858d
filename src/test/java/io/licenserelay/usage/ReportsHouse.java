package io.licenserelay.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.demo.Estate;
import io.licenserelay.demo.SsmSimulator;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.site.Grant;
import io.licenserelay.site.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A cloud server with one virtual account and one device, a relay that sends reports to it, and their folders. */
final class ReportsHouse implements AutoCloseable {
    static final String ACCOUNT = "acme.local";
    static final String VA = "Lab/Test";

    final Estate estate = Estate.of();
    final SsmSimulator ssm;
    final TempRelay relay;
    private final Path folder;

    ReportsHouse(Path folder) throws IOException {
        this.folder = folder;
        estate.account(ACCOUNT).va(VA).device("C8000V", "9ABC").license("DNA", 1, 0, "In Compliance");
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        ssm.reports().pollsUntilAck(0).pollInterval(1);
        relay = TempRelay.in(folder).of(ssm).ssm("api", "cssm");
    }

    static ReportsHouse in(Path folder) throws Exception {
        ReportsHouse house = new ReportsHouse(folder).push("api");
        house.relay.start();
        return house;
    }

    ReportsHouse push(String push) {
        return reports("push: " + push);
    }

    /** @param keys of the block {@code reports}, besides its folders */
    ReportsHouse reports(String keys) {
        relay.site(
                "reports",
                "{ " + keys + ", inbox: " + inbox() + ", outbox: " + folder.resolve("reports/outbox") + " }");
        return this;
    }

    /** One more in the virtual account. */
    void device(String serial) {
        estate.account(ACCOUNT).va(VA).device("C8000V", serial);
    }

    Path inbox() {
        return folder.resolve("reports/inbox");
    }

    /** A file whose folders say nothing of whose it is. */
    void drop(String name, String content) {
        RumSamples.write(inbox().resolve(name), content);
    }

    List<String> names(String below) throws IOException {
        Path root = folder.resolve("reports").resolve(below);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    Path file(String below) {
        return folder.resolve("reports").resolve(below);
    }

    /** {@code received}, {@code submitted}, …: what the topic tells of the report, in its order. */
    List<String> told(String digest) throws InterruptedException {
        return relay.events(Topic.REPORTS).stream()
                .filter(event -> event.path("subject").asText().equals(digest))
                .map(event -> event.at("/data/state").asText())
                .toList();
    }

    /** {@code trigger LIC5002 hq/…}, the incidents of flow push. */
    List<String> incidents() throws InterruptedException {
        return relay.events(Topic.FAILURES).stream()
                .filter(event -> event.at("/data/flow").asText().equals("push"))
                .map(ReportsHouse::incident)
                .toList();
    }

    /** The first event of flow push: its only code, as sure as it should be, and no further cause. */
    void assertFirst(String code, String... because) throws InterruptedException {
        FailureEvent first = relay.failures().stream()
                .filter(event -> event.flow().equals("push"))
                .findFirst()
                .orElseThrow();
        assertThat(first.code()).as("%s", first).isEqualTo(code);
        assertThat(first.confidence()).isEqualTo("proven");
        assertThat(first.because()).containsExactly(because);
        assertThat(first.others()).isEmpty();
    }

    private static String incident(JsonNode event) {
        return event.at("/data/state").asText() + " "
                + event.at("/data/diagnosis/code").asText();
    }

    List<Report> ledger() {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT * FROM report ORDER BY received_at, digest")
                .map((row, context) -> Report.of(row))
                .list());
    }

    @Override
    public void close() throws Exception {
        relay.close();
        ssm.close();
    }
}
