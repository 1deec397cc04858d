package io.licenserelay.reports.inbox;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.fixture.Archives;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.files.FileNames;
import io.licenserelay.reports.files.FolderCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InboxScannerIT {
    @RegisterExtension
    static final SharedRelay<CloudAndRelay> RELAY = CloudAndRelay.shared("push: api");

    private CloudAndRelay cloud;

    @BeforeEach
    void setUp(CloudAndRelay site) {
        cloud = site;
    }

    @Test
    void anInvalidFileIsRejectedWithItsReasonAndIsAnIncidentUntilItIsRemoved() throws Exception {
        cloud.drop("cut.txt", bare(report(payload("9ABC", 1))).substring(0, 99));
        cloud.drop("good.txt", bare(report(payload("9ABC", 2))));
        cloud.relay().sync();
        assertThat(cloud.ledger()).hasSize(1);
        assertThat(cloud.fileNames("rejected")).hasSize(2);
        assertThat(cloud.file("rejected/" + cloud.fileNames("rejected").get(1)))
                .content()
                .startsWith("cut.txt: the file is not complete XML");
        assertThat(cloud.incidents()).containsExactly("trigger LIC5004");
        cloud.assertFirst("LIC5004", "report.unreadable");

        Files.delete(cloud.file("rejected/" + cloud.fileNames("rejected").get(0)));
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5004", "resolve LIC5004");
    }

    @Test
    void filesThatCannotBeMovedAreReadAndAreAnIncidentUntilTheyCanBeMoved() throws Exception {
        // Simulates an inbox that is mounted read-only.
        Path work = RumSamples.write(cloud.inbox().resolve(".work"), "no folder");
        cloud.drop("good.txt", bare(report(payload("9ABC", 2))));
        cloud.relay().sync();
        assertThat(cloud.ledger()).hasSize(1);
        assertThat(cloud.incidents()).containsExactly("trigger LIC8005");
        cloud.assertFirst("LIC8005", "folder.unusable");
        assertThat(cloud.inbox().resolve("good.txt")).exists();

        Files.delete(work);
        cloud.relay().sync();
        assertThat(cloud.incidents()).startsWith("trigger LIC8005").endsWith("resolve LIC8005");
        assertThat(cloud.fileNames("done")).hasSize(1);
    }

    @Test
    void validReportsOfABundleAreStoredOnceAndInvalidOnesNamedInTheReason() throws Exception {
        byte[] bundle = Archives.bundle(
                Archives.Entry.of("dev_1_x.txt", bare(report(payload("9ABC", 1)))),
                Archives.Entry.of("dev_2_x.txt", "no report"),
                Archives.Entry.of("dev_3_x.txt", "{\"usage\":[" + report(payload("9ABC", 1)) + "]}"));
        Files.createDirectories(cloud.inbox());
        Files.write(cloud.inbox().resolve("UD_SA_26Nov22.tar.gz"), bundle);
        Files.write(cloud.inbox().resolve("same.zip"), Archives.zip(new Archives.Entry("again.tar.gz", bundle)));
        cloud.relay().sync();
        assertThat(cloud.ledger()).singleElement().satisfies(each -> assertThat(each.state())
                .isEqualTo(ReportState.SUBMITTED));
        assertThat(cloud.fileNames("rejected")).hasSize(4);
        assertThat(cloud.file("rejected/" + cloud.fileNames("rejected").get(1)))
                .content()
                .endsWith("UD_VA_26Nov22_py.tar.gz/dev_2_x.txt: the file has no <RUMReport>\n");
        assertThat(cloud.incidents()).startsWith("trigger LIC5004");
    }

    @Test
    void linksAndFilesNestedTooDeepAreRejectedAndLinksNeverFollowed() throws Exception {
        Path outside = RumSamples.write(cloud.folder().resolve("outside.txt"), bare(report(payload("9ABC", 1))));
        cloud.drop("a/b/c/deep.txt", bare(report(payload("9ABC", 3))));
        cloud.drop("a/b/c/d/e/deeper.txt", bare(report(payload("9ABC", 4))));
        Files.createSymbolicLink(cloud.inbox().resolve("link.txt"), outside);
        Path folders = Files.createDirectories(cloud.folder().resolve("elsewhere"));
        RumSamples.write(folders.resolve("in.txt"), bare(report(payload("9ABC", 2))));
        Files.createSymbolicLink(cloud.inbox().resolve("linked"), folders);
        cloud.relay().sync();
        assertThat(cloud.ledger()).isEmpty();
        assertThat(outside).exists();
        assertThat(folders.resolve("in.txt")).exists();
        assertThat(cloud.fileNames("rejected"))
                .filteredOn(name -> name.endsWith(".reason.txt"))
                .hasSize(4);
    }

    @Test
    void aFileIsReadyOnceTwoScansFindItUnchanged() throws Exception {
        Site site = cloud.relay().relay().sites().named(cloud.relay().siteName());
        InboxScanner scanner = new InboxScanner(FolderCheck.LOCAL, Duration.ZERO);
        Path file = RumSamples.write(cloud.inbox().resolve("rum.txt"), "a");
        RumSamples.write(cloud.inbox().resolve("rum.txt.part"), "a");
        RumSamples.write(cloud.inbox().resolve(".rum.txt"), "a");
        assertThat(scanner.ready(site)).isEmpty();
        grow(file);
        assertThat(scanner.ready(site)).as("the file grew").isEmpty();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        assertThat(scanner.ready(site)).as("the file was modified").isEmpty();
        assertThat(scanner.ready(site)).singleElement().satisfies(ready -> assertThat(ready.name())
                .isEqualTo("rum.txt"));
        assertThat(new InboxScanner(FolderCheck.LOCAL, Duration.ofHours(1)).ready(site))
                .isEmpty();
    }

    @Test
    void encodedNamesAreSafeFileNamesAndDecodeToTheOriginal() {
        for (String name :
                new String[] {"ACME", "Müller & Söhne", "East/West", "..", ".", "100%", "a\\b:c*?\"<>|", "%2F"}) {
            String encoded = FileNames.encode(name);
            assertThat(encoded)
                    .matches("[ -~]+")
                    .doesNotContain("/", "\\", ":", "*")
                    .doesNotStartWith(".");
            assertThat(FileNames.decode(encoded)).isEqualTo(name);
        }
        assertThat(FileNames.encode("ü".repeat(500))).hasSizeLessThan(130);
        assertThat(FileNames.decode("100% Net%zz")).isEqualTo("100% Net%zz");
    }

    private static void grow(Path file) throws IOException {
        Files.writeString(file, "ab");
    }
}
