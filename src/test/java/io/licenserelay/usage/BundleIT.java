package io.licenserelay.usage;

import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static io.licenserelay.usage.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.event.Digests;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports that are carried: bundles out, acknowledgements in. */
class BundleIT {
    private static final String ODD =
            "{ \"v\" :\t\"ü \\u00fc ]]> \\/ 😀\" ," + payload("9ABC", 1).substring(1);

    @TempDir
    Path folder;

    @Test
    void whatWaitsLiesInOneBundleAndItsAcknowledgementComesBackByTheInbox() throws Exception {
        try (ReportsHouse house = carried()) {
            house.drop(
                    "rum.txt", "<RUMReport>" + report(ODD).replace("<", "&lt;").replace(">", "&gt;") + "</RUMReport>");
            house.drop("more.txt", wrapped(report(payload("9ABC", 2), true)));
            house.relay.sync();
            house.relay.sync();
            assertThat(house.ssm.reports().received()).isEmpty();
            Path bundle = house.file("outbox/" + house.names("outbox").get(0));
            assertThat(house.names("outbox")).singleElement().asString().startsWith("acme.local/Lab%2FTest/UD_SA_");
            assertThat(house.ledger()).hasSize(2).allSatisfy(each -> {
                assertThat(each.state()).isEqualTo(State.SUBMITTED);
                assertThat(each.reason()).startsWith("in " + bundle + ": a person or another system carries it");
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
            byte[] inner = Packed.tarGz(Packed.Entry.of("ACK_" + device, ack));
            Files.write(
                    house.inbox().resolve("ACK_UD_SA.tar.gz"),
                    Packed.tarGz(new Packed.Entry("ACK_UD_VA_" + stamp + ".tar.gz", inner)));
            house.relay.sync();
            assertThat(house.ledger()).allSatisfy(each -> {
                assertThat(each.state()).isEqualTo(State.ACKNOWLEDGED);
                assertThat(each.ackProof()).isEqualTo("submission");
                assertThat(Path.of(String.valueOf(each.ackFile()))).content().isEqualTo(ack);
            });
            assertThat(house.told(digest(ODD))).containsExactly("received", "submitted", "acknowledged");

            house.drop("again.xml", ack);
            house.relay.sync();
            assertThat(house.incidents()).isEmpty();
            assertThat(house.names("outbox/unmatched")).isEmpty();
        }
    }

    @Test
    void anAcknowledgementByItselfIsMatchedByTheDeviceThatItNames() throws Exception {
        try (ReportsHouse house = carried()) {
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            house.drop("ack.xml", ack("P:C8000V,S:9ABC"));
            house.relay.sync();
            assertThat(house.ledger().get(0).state()).isEqualTo(State.ACKNOWLEDGED);
        }
    }

    @Test
    void theAcknowledgementOfOneBundleIsForNothingThatLiesInAnother() throws Exception {
        try (ReportsHouse house = carried()) {
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            Path first = house.file("outbox/" + house.names("outbox").get(0));
            house.drop("more.txt", bare(report(payload("9ABC", 2))));
            house.relay.sync();
            assertThat(house.names("outbox")).hasSize(2);
            Map<String, byte[]> outer = untar(Files.readAllBytes(first));
            byte[] devices = outer.entrySet().stream()
                    .filter(each -> each.getKey().startsWith("UD_VA_"))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            String device = untar(devices).keySet().iterator().next();
            Files.write(
                    house.inbox().resolve("ACK_1.tar.gz"),
                    Packed.tarGz(Packed.Entry.of("ACK_" + device, ack("P:C8000V,S:9ABC"))));
            house.relay.sync();
            assertThat(house.ledger())
                    .extracting(each -> each.reportId() + " " + each.state())
                    .containsExactlyInAnyOrder("1 ACKNOWLEDGED", "2 SUBMITTED");
        }
    }

    @Test
    void anAcknowledgementForNothingKnownIsAnIncident() throws Exception {
        try (ReportsHouse house = carried()) {
            house.drop("ack.xml", ack("P:C8000V,S:STRANGER"));
            house.relay.sync();
            assertThat(house.names("outbox/unmatched"))
                    .singleElement()
                    .asString()
                    .startsWith("ACK_C8000V_STRANGER_");
            assertThat(house.incidents()).containsExactly("trigger LIC5003");
        }
    }

    @Test
    void aBundleThatNobodyAnswersIsAnIncidentUntilItsAcknowledgementComes() throws Exception {
        try (ReportsHouse house = carried()) {
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            house.relay.relay().database().write(tx -> tx.execute("UPDATE submission SET answered_at = 1"));
            house.relay.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5003");
            assertThat(house.ledger().get(0).reason()).contains("within 30 days");
            house.drop("ack.xml", ack("P:C8000V,S:9ABC"));
            house.relay.sync();
            assertThat(house.incidents()).endsWith("resolve LIC5003");
        }
    }

    @Test
    void aCrashBeforeTheFileWasWrittenLeadsToTheSameFileAgain() throws Exception {
        try (ReportsHouse house = carried()) {
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            String name = house.names("outbox").get(0);
            Files.delete(house.file("outbox/" + name));
            house.relay.relay().database().write(tx -> {
                tx.execute("UPDATE report SET state = 'received'");
                return tx.execute("UPDATE submission SET answered_at = NULL, outcome = NULL");
            });
            house.relay.restart();
            house.relay.sync();
            assertThat(house.names("outbox")).containsExactly(name);
            assertThat(payloads(house.file("outbox/" + name))).containsExactly(payload("9ABC", 1));
        }
    }

    private ReportsHouse carried() throws Exception {
        ReportsHouse house = new ReportsHouse(folder).push("bundle");
        house.relay.start();
        return house;
    }

    private static String ack(String udi) {
        return "<smartLicense><smartLicenseRumAck><data>{\"x\":1}</data><udi>" + udi
                + "</udi></smartLicenseRumAck></smartLicense>";
    }

    private static List<String> payloads(Path bundle) throws IOException {
        List<String> payloads = new ArrayList<>();
        new InboxReader(1 << 20).read(new ByteArrayInputStream(Files.readAllBytes(bundle)), content -> {
            assertThat(content.complaints()).isEmpty();
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
