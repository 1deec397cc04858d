package io.licenserelay.cli;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.event.Digests;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportState;
import io.licenserelay.store.DataFolder;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/** Commands of operators on reports, in this process and through a running relay. */
class ReportsByHandIT {
    private static final String UNUSUAL =
            "{ \"v\" :\t\"ü \\u00fc \\/ 😀\" ," + payload("9ABC", 1).substring(1);

    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void keepStateInTheDataFolder() {
        cloud.relay().store(TestStore.SQLITE).served();
    }

    @Test
    void filesAreImportedByTheRunningRelayOrByTheCommandItself() throws Exception {
        Path file = RumSamples.write(cloud.folder().resolve("a&b ü.txt"), bare(report(UNUSUAL)) + bare("{}"));
        start("off");
        try (DataFolder held = DataFolder.take(cloud.relay().data()).orElseThrow()) {
            assertThat(held.path()).isEqualTo(cloud.relay().data());
            assertThat(runWithConfiguration("import", file.toString())).isEqualTo(1);
        }
        assertThat(out.toString()).contains("a&b ü.txt: 1 report, 1 new", "  report 2: the report has no");
        assertThat(cloud.ledger()).singleElement().satisfies(each -> {
            assertThat(each.digest()).isEqualTo(digest(UNUSUAL));
            assertThat(each.origin()).isEqualTo("a&b ü.txt");
            assertThat(each.hold()).isEqualTo(HoldReason.PUSH_OFF);
        });
        assertThat(cloud.incidents()).isEmpty();
        cloud.relay().close();

        Path more = RumSamples.write(
                cloud.folder().resolve("more.json"), "{\"usage\":[" + report(payload("9ABC", 2)) + "]}");
        assertThat(runWithConfiguration("import", "--site", "hq", file.toString(), more.toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("1 report, 0 new", "more.json: 1 report, 1 new");
        assertThat(runWithConfiguration("import", "--site", "nowhere", more.toString()))
                .isEqualTo(2);
        assertThat(runWithConfiguration(
                        "import", cloud.folder().resolve("missing").toString()))
                .isEqualTo(2);
    }

    @Test
    void onlyARejectedReportIsSentAgainAndItIsUnchanged() throws Exception {
        start("api");
        cloud.ssm().faults().set("report-rejected");
        cloud.drop("rum.txt", bare(report(UNUSUAL)));
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.REJECTED);
        cloud.ssm().faults().clear();
        try (DataFolder held = DataFolder.take(cloud.relay().data()).orElseThrow()) {
            assertThat(held.path()).isEqualTo(cloud.relay().data());
            assertThat(runWithConfiguration("resend", digest(UNUSUAL).substring(0, 9)))
                    .isZero();
            assertThat(out.toString()).contains("The next push of hq (api) sends it.");
            assertThat(runWithConfiguration("resend", digest(UNUSUAL))).isEqualTo(1);
            assertThat(err.toString())
                    .contains("The report already waits for the next push: queued for resending on request");
        }
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).last().satisfies(each -> assertThat(each.payload())
                .isEqualTo(UNUSUAL));
        assertThat(cloud.publishedStates(digest(UNUSUAL)))
                .containsExactly("received", "rejected", "received", "submitted");
    }

    @Test
    void theLedgerAndTheProofOfAReportAreExported() throws Exception {
        start("bundle");
        cloud.drop("=cmd.txt", wrapped(report(UNUSUAL, true), report(payload("=1+1", 3))));
        String later = payload("9ABC", 2)
                .replace("1671880245", "1674000000")
                .replace("1671966644", "1674000001")
                .replace("1672341045", "1674000002")
                .replace("1673790212", "1674000003");
        cloud.drop("later.txt", bare(report(later)));
        cloud.relay().sync();
        cloud.drop(
                "ack.xml",
                "<smartLicense><smartLicenseRumAck><udi>P:C8000V,S:9ABC</udi></smartLicenseRumAck></smartLicense>");
        cloud.drop("status.txt", "UDI: PID:C8000V,SN:9ABC\n  Last ACK received: Mar 15 21:18:58 2024 UTC\n");
        cloud.relay().sync();

        assertThat(runWithData("export", "--device", "9ABC")).isZero();
        assertThat(out.toString().split("\r\n"))
                .hasSize(3)
                .anyMatch(line -> line.contains(",acknowledged,,,'=cmd.txt,") && line.startsWith(digest(UNUSUAL)));
        assertThat(runWithData("export")).isZero();
        assertThat(out.toString()).contains(",'=1+1,");
        assertThat(runWithData("list", "--device", "PID:C8000V,SN:9ABC")).isZero();
        assertThat(out.toString()).contains(digest(UNUSUAL).substring(0, 12)).doesNotContain("1+1");

        assertThat(runWithData("show", digest(UNUSUAL))).isZero();
        assertThat(out.toString())
                .contains("last ACK Mar 15 21:18:58 2024 UTC", "COUNT 2", "2022-12-24T11:10:45Z")
                .contains("finding: a gap of PT58H16M28S between this report and report "
                        + digest(later).substring(0, 12));

        Path proof = cloud.folder().resolve("proof.zip");
        assertThat(runWithData("proof", digest(UNUSUAL), "--output", proof.toString()))
                .isZero();
        Map<String, byte[]> files = unzip(proof);
        assertThat(files.get(digest(UNUSUAL) + "/payload.json")).isEqualTo(UNUSUAL.getBytes(StandardCharsets.UTF_8));
        assertThat(files.keySet())
                .map(name -> name.substring(name.indexOf('/') + 1))
                .contains("header.json", "signature.json", "acknowledgement.xml", "exchange.json", "report.json");
        assertThat(new String(files.getOrDefault("SHA256SUMS", new byte[0]), StandardCharsets.UTF_8))
                .contains(digest(UNUSUAL) + "  " + digest(UNUSUAL) + "/payload.json\n");
        assertThat(runWithData("proof", "--device", "9ABC", "--output", proof.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("exists already");
    }

    /** The secret is in a file, because the commands also read the configuration. */
    private void start(String push) throws Exception {
        Path secret = Files.writeString(cloud.folder().resolve("secret"), "relay-secret-1\n");
        cloud.push(push).relay().ssm("client", "{ id: relay, secret: 'file:" + secret + "' }");
        cloud.start();
    }

    private int runWithConfiguration(String command, String... arguments) {
        return run(
                command, arguments, "--config", cloud.folder().resolve("config").toString());
    }

    private int runWithData(String command, String... arguments) {
        return run(command, arguments);
    }

    private int run(String command, String[] arguments, String... more) {
        out.getBuffer().setLength(0);
        CommandLine line = LicenseRelay.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] all = new String[4 + arguments.length + more.length];
        all[0] = "reports";
        all[1] = command;
        all[2] = "--data";
        all[3] = cloud.folder().resolve("data").toString();
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        System.arraycopy(more, 0, all, 4 + arguments.length, more.length);
        return line.execute(all);
    }

    private static Map<String, byte[]> unzip(Path file) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                try (InputStream in = zip.getInputStream(entry)) {
                    files.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return files;
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
