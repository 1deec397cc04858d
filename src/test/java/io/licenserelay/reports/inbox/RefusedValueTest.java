package io.licenserelay.reports.inbox;

import static io.licenserelay.reports.inbox.InboxScannerWorld.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.licenserelay.fixture.RumSamples;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.store.StoreFailed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report with a value that the database refuses each time. */
class RefusedValueTest {
    @TempDir
    Path folder;

    private InboxScannerWorld world;

    @BeforeEach
    void open() throws Exception {
        world = new InboxScannerWorld(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void onlyTheReportWithTheValueIsRejectedAndAllOthersOfTheBatchAreStored() throws Exception {
        TestStore.current().refuseValue(world.database(), "report", "serial", "9BAD");
        world.drop(
                "mixed.txt",
                IntStream.range(0, 7).mapToObj(InboxScannerWorld::report).collect(Collectors.joining())
                        + report("9BAD", 7));
        world.drop("good.txt", report(8));
        world.passTwice();

        assertThat(world.ledger())
                .hasSize(8)
                .noneMatch(each -> each.udi().serial().equals("9BAD"));
        assertThat(world.names("inbox/.work")).isEmpty();
        assertThat(world.names("done")).singleElement().asString().contains("good");
        assertThat(world.names("rejected")).hasSize(2);
        String reason = world.names("rejected").stream()
                .filter(each -> each.endsWith(".reason.txt"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(world.folderNextToInbox("rejected").resolve(reason)))
                .startsWith("mixed.txt: the report with the digest ")
                .contains(" cannot be stored, because of a value in it: the database refused: ");
        assertThat(world.causes()).containsExactly("LIC5004");
    }

    @Test
    void whileTheDatabaseRefusesEachReportNoneIsRejected() throws Exception {
        TestStore.current().refuseValue(world.database(), "report", "site", "hq");
        world.drop("good.txt", report(1) + report(2));
        world.pass();
        StoreFailed refused = catchThrowableOfType(StoreFailed.class, world::pass);

        assertThat(refused.isRefusedValue()).isTrue();
        assertThat(world.names("rejected")).isEmpty();
        TestStore.current().acceptValue(world.database(), "report");
        world.passTwice();
        assertThat(world.ledger()).hasSize(2);
        assertThat(world.names("done")).hasSize(1);
        assertThat(world.causes()).isEmpty();
    }

    @Test
    void theAnswerOfADeviceKeepsItsOtherReportsAndTheirSource() throws Exception {
        TestStore.current().refuseValue(world.database(), "report", "serial", "9BAD");
        String answer = IntStream.of(1, 2, 3)
                .mapToObj(id -> RumSamples.report(RumSamples.payload(id == 2 ? "9BAD" : "9ABC", id)))
                .collect(Collectors.joining(",", "{\"usage\":[", "]}"));
        ImportResult imported = world.intake()
                .collect(world.site(), "edge", new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));

        assertThat(imported.fresh()).isEqualTo(2);
        assertThat(imported.problems()).singleElement().asString().contains("cannot be stored");
        assertThat(world.ledger()).hasSize(2);
        List<String> sources = world.database()
                .read(tx -> tx.createQuery("SELECT serial FROM device_udi WHERE name = 'edge'")
                        .mapTo(String.class)
                        .list());
        assertThat(sources).containsExactly("9ABC");
    }
}
