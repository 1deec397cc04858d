package io.licenserelay.reports;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.event.Digests;
import io.licenserelay.fixture.Archives;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.reports.format.ReportFileReader;
import io.licenserelay.store.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports that are carried: bundles out, acknowledgements in. */
class BundleIT {
    private static final String ODD =
            "{ \"v\" :\t\"ü \\u00fc ]]> \\/ 😀\" ," + payload("9ABC", 1).substring(1);

    @RegisterExtension
    static final SharedRelay<CloudAndRelay> RELAY = CloudAndRelay.shared("push: bundle");

    private CloudAndRelay cloud;

    @BeforeEach
    void take(CloudAndRelay site) {
        cloud = site;
    }

    @Test
    void whatWaitsLiesInOneBundleAndItsAcknowledgementComesBackByTheInbox() throws Exception {
        cloud.drop("rum.txt", "<RUMReport>" + report(ODD).replace("<", "&lt;").replace(">", "&gt;") + "</RUMReport>");
        cloud.drop("more.txt", wrapped(report(payload("9ABC", 2), true)));
        cloud.relay().sync();
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).isEmpty();
        Path bundle = cloud.file("outbox/" + cloud.fileNames("outbox").get(0));
        assertThat(cloud.fileNames("outbox")).singleElement().asString().startsWith("acme.local/Lab%2FTest/UD_SA_");
        assertThat(cloud.ledger()).hasSize(2).allSatisfy(each -> {
            assertThat(each.state()).isEqualTo(ReportState.SUBMITTED);
            assertThat(each.reason()).startsWith("in " + bundle + ": a person or another system transports it");
        });

        Map<String, byte[]> outer = untar(Files.readAllBytes(bundle));
        String stamp = String.valueOf(bundle.getFileName()).replaceAll("UD_SA_(.*)_py.tar.gz", "$1");
        assertThat(stamp).matches("\\d\\d[A-Z][a-z]{2}\\d\\d_\\d\\d_\\d\\d_\\d\\d_\\d{3}");
        assertThat(outer).containsOnlyKeys("manifest.mf", "UD_VA_" + stamp + "_py.tar.gz");
        assertThat(new String(outer.get("manifest.mf"), StandardCharsets.UTF_8))
                .matches("Manifest-Version: 1.0\nCreated-By: \"\\{\\\\\"uuid\\\\\": \\\\\"[0-9a-f-]{36}\\\\\"}\"\n"
                        + "Smart-Account:\nSmart-Account-ID:\n\nName: /UD_VA_" + stamp
                        + ".ta.gz\nSpecification-VA: \nSpecification-VA-ID: \n");
        String device = untar(outer.getOrDefault("UD_VA_" + stamp + "_py.tar.gz", new byte[0]))
                .keySet()
                .iterator()
                .next();
        assertThat(device).matches("dev_\\d+_" + stamp + ".txt");
        assertThat(payloads(bundle)).containsExactlyInAnyOrder(ODD, payload("9ABC", 2));

        String ack = ack("P:C8000V,S:9ABC");
        byte[] inner = Archives.tarGz(Archives.Entry.of("ACK_" + device, ack));
        Files.write(
                cloud.inbox().resolve("ACK_UD_SA.tar.gz"),
                Archives.tarGz(new Archives.Entry("ACK_UD_VA_" + stamp + ".tar.gz", inner)));
        cloud.relay().sync();
        assertThat(cloud.ledger()).allSatisfy(each -> {
            assertThat(each.state()).isEqualTo(ReportState.ACKNOWLEDGED);
            assertThat(each.ackProof()).isEqualTo("submission");
            assertThat(Path.of(String.valueOf(each.ackFile()))).content().isEqualTo(ack);
        });
        assertThat(cloud.publishedStates(digest(ODD))).containsExactly("received", "submitted", "acknowledged");

        cloud.drop("again.xml", ack);
        cloud.relay().sync();
        assertThat(cloud.incidents()).isEmpty();
        assertThat(cloud.fileNames("outbox/unmatched")).isEmpty();
    }

    @Test
    void anAcknowledgementByItselfIsMatchedByTheDeviceThatItNames() throws Exception {
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        cloud.drop("ack.xml", ack("P:C8000V,S:9ABC"));
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
    }

    @Test
    void theAcknowledgementOfOneBundleIsForNothingThatLiesInAnother() throws Exception {
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        Path first = cloud.file("outbox/" + cloud.fileNames("outbox").get(0));
        cloud.drop("more.txt", bare(report(payload("9ABC", 2))));
        cloud.relay().sync();
        assertThat(cloud.fileNames("outbox")).hasSize(2);
        Map<String, byte[]> outer = untar(Files.readAllBytes(first));
        byte[] devices = outer.entrySet().stream()
                .filter(each -> each.getKey().startsWith("UD_VA_"))
                .findFirst()
                .orElseThrow()
                .getValue();
        String device = untar(devices).keySet().iterator().next();
        Files.write(
                cloud.inbox().resolve("ACK_1.tar.gz"),
                Archives.tarGz(Archives.Entry.of("ACK_" + device, ack("P:C8000V,S:9ABC"))));
        cloud.relay().sync();
        assertThat(cloud.ledger())
                .extracting(each -> each.reportId() + " " + each.state())
                .containsExactlyInAnyOrder("1 ACKNOWLEDGED", "2 SUBMITTED");
    }

    @Test
    void anAcknowledgementForNothingKnownIsAnIncident() throws Exception {
        cloud.drop("ack.xml", ack("P:C8000V,S:STRANGER"));
        cloud.relay().sync();
        assertThat(cloud.fileNames("outbox/unmatched"))
                .singleElement()
                .asString()
                .startsWith("ACK_C8000V_STRANGER_");
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
    }

    @Test
    void aBundleThatNobodyAnswersIsAnIncidentUntilItsAcknowledgementComes() throws Exception {
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        cloud.relay()
                .relay()
                .database()
                .write(Database.RELAY, tx -> tx.execute("UPDATE submission SET answered_at = 1"));
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
        assertThat(cloud.ledger().get(0).reason()).contains("within 30 days");
        cloud.drop("ack.xml", ack("P:C8000V,S:9ABC"));
        cloud.relay().sync();
        assertThat(cloud.incidents()).endsWith("resolve LIC5003");
    }

    @Test
    void aCrashBeforeTheFileWasWrittenLeadsToTheSameFileAgain() throws Exception {
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        String name = cloud.fileNames("outbox").get(0);
        Files.delete(cloud.file("outbox/" + name));
        cloud.relay().relay().database().write(Database.RELAY, tx -> {
            tx.execute("UPDATE report SET state = 'received'");
            return tx.execute("UPDATE submission SET answered_at = NULL, outcome = NULL");
        });
        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(cloud.fileNames("outbox")).containsExactly(name);
        assertThat(payloads(cloud.file("outbox/" + name))).containsExactly(payload("9ABC", 1));
    }

    private static String ack(String udi) {
        return "<smartLicense><smartLicenseRumAck><data>{\"x\":1}</data><udi>" + udi
                + "</udi></smartLicenseRumAck></smartLicense>";
    }

    private static List<String> payloads(Path bundle) throws IOException {
        List<String> payloads = new ArrayList<>();
        new ReportFileReader(1 << 20).read(new ByteArrayInputStream(Files.readAllBytes(bundle)), content -> {
            assertThat(content.problems()).isEmpty();
            content.reports().forEach(each -> payloads.add(each.payload()));
        });
        return payloads;
    }

    private static Map<String, byte[]> untar(byte[] content) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (InputStream gzip = new GzipCompressorInputStream(new ByteArrayInputStream(content));
                TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
