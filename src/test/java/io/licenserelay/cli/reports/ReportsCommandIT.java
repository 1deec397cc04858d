package io.licenserelay.cli.reports;

import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.LicenseRelay;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.fixture.TestStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

class ReportsCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    private final CloudAndRelay cloud = devices.cloud();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void keepStateInTheDataFolder() {
        cloud.relay().store(TestStore.SQLITE);
    }

    @Test
    void theLedgerIsShownWhileARelayRuns() throws Exception {
        cloud.push("api").start();
        cloud.drop("rum.txt", wrapped(report(payload("9ABC", 1)), report(payload("\\u001b[31mRED", 2))));
        cloud.relay().sync();
        assertThat(reports("list")).isZero();
        assertThat(out.toString())
                .startsWith("DIGEST")
                .contains("submitted  hq/acme.local/Lab/Test  C8000V 9ABC", "SSM lists no device")
                .doesNotContain("\u001b");
        assertThat(reports("list", "--state", "held", "--json")).isZero();
        JsonNode held = JSON.readTree(out.toString()).path("reports");
        assertThat(held).hasSize(1);
        assertThat(held.at("/0/hold").asText()).isEqualTo("no-place");

        String digest = held.at("/0/digest").asText();
        assertThat(reports("show", digest.substring(0, 10))).isZero();
        assertThat(out.toString()).contains(digest, "  received", "  held  SSM lists no device");
        assertThat(reports("show", digest, "--json")).isZero();
        assertThat(JSON.readTree(out.toString()).at("/history/1/state").asText())
                .isEqualTo("held");
        assertThat(reports("show", "0000000000")).isEqualTo(1);
        assertThat(err.toString()).contains("No report's digest starts with 0000000000");
    }

    @Test
    void theDeliveryOfAnAcknowledgementToTheDeviceIsShown() throws Exception {
        devices.add("edge-1").with("acks: xml");
        devices.device("edge-1").reports(report(DevicesAndRelay.payload("edge-1", 1)));
        devices.device("edge-1").faults().set("status", "resource", "import", "status", 400);
        devices.start().awaitAcknowledged();
        String digest = cloud.ledger().get(0).digest();
        assertThat(reports("show", digest)).isZero();
        assertThat(out.toString())
                .contains("the acknowledgement was sent to the device as xml at 20", ", and refused: edge-1: ");
        assertThat(reports("show", digest, "--json")).isZero();
        JsonNode refused = JSON.readTree(out.toString()).path("givenBack");
        assertThat(refused.path("refusal").asText()).startsWith("edge-1: ");
        assertThat(refused.has("takenAt")).isFalse();

        devices.device("edge-1").faults().clear();
        devices.sync();
        assertThat(reports("show", digest)).isZero();
        assertThat(out.toString()).contains(", and accepted at 20").doesNotContain("refused");
        assertThat(reports("show", digest, "--json")).isZero();
        JsonNode accepted = JSON.readTree(out.toString()).path("givenBack");
        assertThat(accepted.path("takenAt").asText()).startsWith("20");
        assertThat(accepted.path("form").asText()).isEqualTo("xml");
    }

    @Test
    void devicesAreListedWithTheirDeadlines() throws Exception {
        cloud.push("api").start();
        cloud.device("9QUIET");
        cloud.drop("rum.txt", wrapped(report(payload("9ABC", 1)), report(payload("\\u001b[31mRED", 2))));
        cloud.relay().sync();
        assertThat(reports("devices")).isZero();
        assertThat(out.toString().lines())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("C8000V 9ABC")
                        && line.contains("  hq/acme.local/Lab/Test  ok ")
                        && line.contains("90 days after the first report of "))
                .anyMatch(line -> line.startsWith("C8000V 9QUIET") && line.contains("SSM's device list"));
        assertThat(out.toString()).doesNotContain("\u001b");

        assertThat(reports("devices", "--site", "hq", "--json")).isZero();
        JsonNode quiet = JSON.readTree(out.toString()).at("/devices/2");
        assertThat(quiet.path("udiSerialNumber").asText()).isEqualTo("9QUIET");
        assertThat(quiet.path("listed").asBoolean()).isTrue();
        assertThat(quiet.path("worries")).isEmpty();
        assertThat(quiet.has("ackDueAt")).isFalse();
        assertThat(quiet.has("silentAt")).isTrue();
        assertThat(reports("devices", "--site", "elsewhere")).isZero();
        assertThat(out.toString().lines()).hasSize(1);

        assertThat(reports("show", cloud.ledger().get(0).digest())).isZero();
        assertThat(out.toString()).contains("an acknowledgement for the device is due by 20");
    }

    @Test
    void aDeviceWithoutDeadlinesIsNotShownAsOk() throws Exception {
        cloud.push("off").start();
        cloud.device("9QUIET");
        cloud.relay().sync();
        assertThat(reports("devices")).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("C8000V 9QUIET") && line.contains("  not watched  "))
                .noneMatch(line -> line.contains("  ok  "));
        assertThat(reports("devices", "--json")).isZero();
        assertThat(JSON.readTree(out.toString()).path("devices")).isNotEmpty().allSatisfy(device -> assertThat(
                        device.path("watched").asBoolean())
                .isFalse());
    }

    @Test
    void aFolderWithoutStateIsReported() {
        assertThat(reports("list")).isEqualTo(2);
        assertThat(err.toString()).contains("No relay state in " + cloud.folder());
    }

    private int reports(String command, String... arguments) {
        out.getBuffer().setLength(0);
        CommandLine line = LicenseRelay.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 4];
        all[0] = "reports";
        all[1] = command;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[all.length - 2] = "--data";
        all[all.length - 1] = cloud.folder().resolve("data").toString();
        return line.execute(all);
    }
}
