package io.licenserelay.usage;

import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxIT {
    @TempDir
    Path folder;

    @Test
    void anUnusableFileLiesInRejectedWithItsReasonUntilSomebodyTakesItAway() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.drop("cut.txt", bare(report(payload("9ABC", 1))).substring(0, 99));
            house.drop("good.txt", bare(report(payload("9ABC", 2))));
            house.relay.sync();
            assertThat(house.ledger()).hasSize(1);
            assertThat(house.names("rejected")).hasSize(2);
            assertThat(house.file("rejected/" + house.names("rejected").get(1)))
                    .content()
                    .startsWith("cut.txt: it is no complete XML");
            assertThat(house.incidents()).containsExactly("trigger LIC5004");
            house.assertFirst("LIC5004", "report.unreadable");

            Files.delete(house.file("rejected/" + house.names("rejected").get(0)));
            house.relay.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5004", "resolve LIC5004");
        }
    }

    @Test
    void ofABundleTheGoodReportsAreInTheLedgerOnceAndTheBadOnesNamedBesideIt() throws Exception {
        byte[] bundle = Packed.bundle(
                Packed.Entry.of("dev_1_x.txt", bare(report(payload("9ABC", 1)))),
                Packed.Entry.of("dev_2_x.txt", "no report"),
                Packed.Entry.of("dev_3_x.txt", "{\"usage\":[" + report(payload("9ABC", 1)) + "]}"));
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            Files.createDirectories(house.inbox());
            Files.write(house.inbox().resolve("UD_SA_26Nov22.tar.gz"), bundle);
            Files.write(house.inbox().resolve("same.zip"), Packed.zip(new Packed.Entry("again.tar.gz", bundle)));
            house.relay.sync();
            assertThat(house.ledger()).singleElement().satisfies(each -> assertThat(each.state())
                    .isEqualTo(State.SUBMITTED));
            assertThat(house.names("rejected")).hasSize(4);
            assertThat(house.file("rejected/" + house.names("rejected").get(1)))
                    .content()
                    .endsWith("UD_VA_26Nov22_py.tar.gz/dev_2_x.txt: there is no <RUMReport> in it\n");
            assertThat(house.incidents()).startsWith("trigger LIC5004");
        }
    }

    @Test
    void linksAndWhatLiesTooDeepAreRefusedAndNeverFollowed() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            Path outside = RumSamples.write(folder.resolve("outside.txt"), bare(report(payload("9ABC", 1))));
            house.drop("a/b/c/deep.txt", bare(report(payload("9ABC", 3))));
            Files.createSymbolicLink(house.inbox().resolve("link.txt"), outside);
            Path folders = Files.createDirectories(folder.resolve("elsewhere"));
            RumSamples.write(folders.resolve("in.txt"), bare(report(payload("9ABC", 2))));
            Files.createSymbolicLink(house.inbox().resolve("linked"), folders);
            house.relay.sync();
            assertThat(house.ledger()).isEmpty();
            assertThat(outside).exists();
            assertThat(folders.resolve("in.txt")).exists();
            assertThat(house.names("rejected"))
                    .filteredOn(name -> name.endsWith(".reason.txt"))
                    .hasSize(3);
        }
    }

    @Test
    void aFileIsReadyOnceTwoLooksFindItTheSame() throws Exception {
        try (ReportsHouse house = new ReportsHouse(folder).push("api")) {
            Site site = house.relay.configuration().sites().get(0);
            Inbox inbox = new Inbox(Duration.ZERO);
            Path file = RumSamples.write(house.inbox().resolve("rum.txt"), "a");
            RumSamples.write(house.inbox().resolve("rum.txt.part"), "a");
            RumSamples.write(house.inbox().resolve(".rum.txt"), "a");
            assertThat(inbox.ready(site)).isEmpty();
            grow(file);
            assertThat(inbox.ready(site)).as("it grew").isEmpty();
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            assertThat(inbox.ready(site)).as("it was written to").isEmpty();
            assertThat(inbox.ready(site)).singleElement().satisfies(ready -> assertThat(ready.name())
                    .isEqualTo("rum.txt"));
            assertThat(new Inbox(Duration.ofHours(1)).ready(site)).isEmpty();
        }
    }

    @Test
    void namesBecomeFilesThatNeverLeadElsewhereAndBack() {
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
