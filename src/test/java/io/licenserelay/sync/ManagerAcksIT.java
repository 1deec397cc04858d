package io.licenserelay.sync;

import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.demo.AskedSync;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acknowledgements that come by the inbox go to the Manager by the ways it is known to have for them, each file once. */
class ManagerAcksIT {
    private static final String SYNC = "dataservice/v1/smart-licensing/sync";
    private static final String UPLOAD = "dataservice/smartLicensing/uploadAck";

    @TempDir
    Path folder;

    private ManagerHouse house;

    @BeforeEach
    void open() throws Exception {
        house = new ManagerHouse(folder).pushing();
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    @Test
    void anOldManagerGetsThemByUploadAckAndTheReportThatWasRequestedIsAcknowledgedByTheAckAlone() throws Exception {
        house.manager.version("20.11.1");
        house.start();
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        house.run("complete");
        assertThat(house.reports()).singleElement().asString().startsWith("requested ");
        house.drop("ack.xml", ack("9ABC"));
        house.run("complete");
        house.run("complete");
        assertThat(house.reports()).containsExactly("acknowledged null");
        assertThat(asked()).containsExactly(SYNC, UPLOAD + " ack.xml " + ack("9ABC"), SYNC, SYNC);
        assertThat(states()).containsExactly("ack.xml handed by uploadAck");
    }

    @Test
    void inOfflineModeOneFileGoesWithEachSyncAsItCame() throws Exception {
        house.manager.settings(house.manager.settings().mode("offline"));
        house.start();
        byte[] packed = gzip(ack("9ABC"));
        house.drop("ACK 1.gz", packed);
        house.run("complete");
        house.drop("ack.xml", ack("9XYZ"));
        house.drop("same.gz", packed);
        house.relay.sync();
        house.relay.sync();
        assertThat(asked())
                .containsExactly(
                        SYNC + " ACK_1.gz " + new String(packed, StandardCharsets.ISO_8859_1),
                        SYNC + " ack.xml " + ack("9XYZ"),
                        SYNC);
        assertThat(house.manager.asked()).allMatch(each -> each.data().startsWith("{\"mode\":\"offline\","));
        assertThat(states()).containsExactly("ACK 1.gz handed with the sync", "ack.xml handed with the sync");
    }

    @Test
    void anOnPremManagerWithoutUploadAckGetsNoneAndItIsSaidWhy() throws Exception {
        house.start();
        house.drop("ack.xml", ack("9ABC"));
        house.relay.sync();
        house.relay.sync();
        assertThat(asked()).containsExactly(SYNC, SYNC);
        assertThat(states())
                .containsExactly(
                        "ack.xml kept its mode is onprem, and it has no uploadAck: whether it takes them with a"
                                + " sync is not known");
    }

    @Test
    void whatUploadAckRefusesIsNotSentAgainAndTheSyncIsAskedForAllTheSame() throws Exception {
        house.manager.version("20.10.1");
        house.manager.faults().set("status", "resource", "upload-ack", "status", 400);
        house.start();
        house.drop("ack.xml", ack("9ABC"));
        house.relay.sync();
        house.manager.faults().clear();
        house.relay.sync();
        assertThat(asked()).containsExactly(SYNC, SYNC);
        assertThat(states())
                .singleElement()
                .asString()
                .startsWith("ack.xml refused POST ")
                .contains("uploadAck answered 400");
    }

    @Test
    void aManagerThatLacksUploadAckGetsThemWithTheSyncInOfflineMode() throws Exception {
        house.manager.version("20.10.1").settings(house.manager.settings().mode("offline"));
        house.manager.faults().set("not-allowed", "resource", "upload-ack");
        house.start();
        house.drop("ack.xml", ack("9ABC"));
        house.relay.sync();
        assertThat(asked()).containsExactly(SYNC + " ack.xml " + ack("9ABC"));
    }

    @Test
    void whatIsHandedOverStaysSoThoughTheSyncFailsAndWhatItRefusedIsNotSentWithItAgain() throws Exception {
        house.manager.settings(house.manager.settings().mode("offline"));
        house.manager.faults().set("status", "resource", "sync", "status", 400);
        house.start();
        house.drop("ack.xml", ack("9ABC"));
        house.relay.sync();
        assertThat(states()).singleElement().asString().startsWith("ack.xml refused POST ");
        house.manager.faults().clear();
        house.manager.version("20.10.1").settings(house.manager.settings().mode("on-prem"));
        house.manager.faults().set("status", "resource", "sync", "status", 400);
        house.drop("another.xml", ack("9XYZ"));
        house.relay.sync();
        house.manager.faults().clear();
        house.relay.sync();
        assertThat(asked()).containsExactly(UPLOAD + " another.xml " + ack("9XYZ"), SYNC);
        assertThat(states().get(1)).isEqualTo("another.xml handed by uploadAck");
    }

    @Test
    void aFileThatHoldsReportsTooIsNotForTheManager() throws Exception {
        house.manager.version("20.11.1");
        house.start();
        byte[] both = zip("rum.txt", bare(report(payload("9ABC", 1))), "ack.xml", ack("9ABC"));
        house.drop("both.zip", both);
        house.run("complete");
        assertThat(asked()).containsExactly(SYNC);
        assertThat(states()).isEmpty();
    }

    private List<String> asked() {
        return house.manager.asked().stream().map(ManagerAcksIT::line).toList();
    }

    private static String line(AskedSync asked) {
        return asked.file() == null ? asked.path() : asked.path() + " " + asked.fileName() + " " + asked.file();
    }

    private List<String> states() {
        return house.relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT name || ' ' || state || ' ' || COALESCE(told, '') FROM manager_ack"
                                + " ORDER BY arrived_at, rowid")
                .mapTo(String.class)
                .list());
    }

    private static String ack(String serial) {
        return "<smartLicense><smartLicenseRumAck><data>{\"x\":1}</data><udi>P:C8000V,S:" + serial
                + "</udi></smartLicenseRumAck></smartLicense>";
    }

    private static byte[] zip(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                out.putNextEntry(new ZipEntry(namesAndContents[i]));
                out.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
