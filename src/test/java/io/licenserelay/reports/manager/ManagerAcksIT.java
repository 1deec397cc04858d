package io.licenserelay.reports.manager;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.ManagerAndRelay;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.simulator.manager.ReceivedSync;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Acknowledgements from the inbox are sent to the Manager through the endpoints that it is known to have, each file once. */
class ManagerAcksIT {
    private static final String SYNC = "dataservice/v1/smart-licensing/sync";
    private static final String UPLOAD = "dataservice/smartLicensing/uploadAck";

    @RegisterExtension
    static final SharedRelay<ManagerAndRelay> RELAY = ManagerAndRelay.sharedPushing();

    private ManagerAndRelay servers;

    @BeforeEach
    void setUp(ManagerAndRelay site) {
        servers = site;
    }

    @Test
    void anOldManagerReceivesAcksByUploadAckAndOnlyTheAckAcknowledgesTheReport() throws Exception {
        servers.manager().version("20.11.1");
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");
        assertThat(servers.reports()).singleElement().asString().startsWith("requested ");
        servers.drop("ack.xml", ack("9ABC"));
        servers.run("complete");
        servers.run("complete");
        assertThat(servers.reports()).containsExactly("acknowledged null");
        assertThat(receivedRequests()).containsExactly(SYNC, UPLOAD + " ack.xml " + ack("9ABC"), SYNC, SYNC);
        assertThat(states()).containsExactly("ack.xml handed by uploadAck");
    }

    @Test
    void inOfflineModeOneFileIsSentUnchangedWithEachSync() throws Exception {
        servers.manager().settings(servers.manager().settings().mode("offline"));
        byte[] packed = gzip(ack("9ABC"));
        servers.drop("ACK 1.gz", packed);
        servers.run("complete");
        servers.drop("ack.xml", ack("9XYZ"));
        servers.drop("same.gz", packed);
        servers.relay().sync();
        servers.relay().sync();
        assertThat(receivedRequests())
                .containsExactly(
                        SYNC + " ACK_1.gz " + new String(packed, StandardCharsets.ISO_8859_1),
                        SYNC + " ack.xml " + ack("9XYZ"),
                        SYNC);
        assertThat(servers.manager().receivedSyncs())
                .allMatch(each -> each.data().startsWith("{\"mode\":\"offline\","));
        assertThat(states()).containsExactly("ACK 1.gz handed with the sync", "ack.xml handed with the sync");
    }

    @Test
    void anOnPremManagerWithoutUploadAckReceivesNoneAndTheReasonIsStored() throws Exception {
        servers.drop("ack.xml", ack("9ABC"));
        servers.relay().sync();
        servers.relay().sync();
        assertThat(receivedRequests()).containsExactly(SYNC, SYNC);
        assertThat(states())
                .containsExactly(
                        "ack.xml kept its mode is onprem, and it has no uploadAck: whether it accepts them with a"
                                + " sync is unknown");
    }

    @Test
    void aFileThatUploadAckRefusesIsNotSentAgainAndTheSyncIsStillRequested() throws Exception {
        servers.manager().version("20.10.1");
        servers.manager().faults().set("status", "resource", "upload-ack", "status", 400);
        servers.drop("ack.xml", ack("9ABC"));
        servers.relay().sync();
        servers.manager().faults().clear();
        servers.relay().sync();
        assertThat(receivedRequests()).containsExactly(SYNC, SYNC);
        assertThat(states())
                .singleElement()
                .asString()
                .startsWith("ack.xml refused POST ")
                .contains("uploadAck answered 400");
    }

    @Test
    void aManagerWithoutUploadAckReceivesAcksWithTheSyncInOfflineMode() throws Exception {
        servers.manager()
                .version("20.10.1")
                .settings(servers.manager().settings().mode("offline"));
        servers.manager().faults().set("not-allowed", "resource", "upload-ack");
        servers.drop("ack.xml", ack("9ABC"));
        servers.relay().sync();
        assertThat(receivedRequests()).containsExactly(SYNC + " ack.xml " + ack("9ABC"));
    }

    @Test
    void anAckThatWasHandedOverOrRefusedIsNotSentAgainAfterAFailedSync() throws Exception {
        servers.manager().settings(servers.manager().settings().mode("offline"));
        servers.manager().faults().set("status", "resource", "sync", "status", 400);
        servers.drop("ack.xml", ack("9ABC"));
        servers.relay().sync();
        assertThat(states()).singleElement().asString().startsWith("ack.xml refused POST ");
        servers.manager().faults().clear();
        servers.manager()
                .version("20.10.1")
                .settings(servers.manager().settings().mode("on-prem"));
        servers.manager().faults().set("status", "resource", "sync", "status", 400);
        servers.drop("another.xml", ack("9XYZ"));
        servers.relay().sync();
        servers.manager().faults().clear();
        servers.relay().sync();
        assertThat(receivedRequests()).containsExactly(UPLOAD + " another.xml " + ack("9XYZ"), SYNC);
        assertThat(states().get(1)).isEqualTo("another.xml handed by uploadAck");
    }

    @Test
    void aFileThatAlsoContainsReportsIsNotSentToTheManager() throws Exception {
        servers.manager().version("20.11.1");
        byte[] both = zip("rum.txt", bare(report(payload("9ABC", 1))), "ack.xml", ack("9ABC"));
        servers.drop("both.zip", both);
        servers.run("complete");
        assertThat(receivedRequests()).containsExactly(SYNC);
        assertThat(states()).isEmpty();
    }

    private List<String> receivedRequests() {
        return servers.manager().receivedSyncs().stream()
                .map(ManagerAcksIT::line)
                .toList();
    }

    private static String line(ReceivedSync sync) {
        return sync.file() == null ? sync.path() : sync.path() + " " + sync.fileName() + " " + sync.file();
    }

    private List<String> states() {
        return servers.relay().relay().database().read(tx -> tx.createQuery(
                        "SELECT name || ' ' || state || ' ' || COALESCE(state_reason, '') FROM manager_ack"
                                + " ORDER BY received_at, name")
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
