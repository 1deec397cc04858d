package io.licenserelay.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.inventory.Inventory;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.inventory.Places;
import io.licenserelay.inventory.StagingArea;
import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.inventory.model.License;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.redact.Redactor;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final Instant NOON = Instant.parse("2026-01-13T12:00:00Z");
    private static final RelayIdentity RELAY = new RelayIdentity("license-relay", null, "test", "test");
    private static final Provenance PROVENANCE = new Provenance(RELAY, Redactor.of(List.of()), List.of());
    private static final Place VA = Place.site("hq").account("ACME").va("Default");

    @TempDir
    Path folder;

    private Database database;
    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        database = MigratedStore.open(folder);
        outbox = outboxAt(NOON);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsAppendedGoesOutOldestFirst() {
        append("a", "1");
        append("b", "2");
        append("c", "3");
        assertThat(values(outbox.next(2))).containsExactly("1", "2");
        assertThat(values(outbox.next(10))).containsExactly("1", "2", "3");
    }

    @Test
    void ofOneKeyOnlyTheOldestGoesOutUntilKafkaHasIt() {
        append("a", "1");
        append("a", "2");
        append("b", "3");
        List<OutboxRecord> first = outbox.next(10);
        assertThat(values(first)).containsExactly("1", "3");
        outbox.published(first);
        List<OutboxRecord> second = outbox.next(10);
        assertThat(values(second)).containsExactly("2");
        outbox.published(second);
        assertThat(outbox.next(10)).isEmpty();
    }

    @Test
    void keysOfDifferentTopicsDoNotWaitForEachOther() {
        database.write(Database.RELAY, tx -> {
            outbox.append(tx, "one", event("a", "1"));
            outbox.append(tx, "other", event("a", "2"));
            return 0;
        });
        assertThat(values(outbox.next(10))).containsExactly("1", "2");
    }

    @Test
    void whatKafkaDidNotTakeIsHandedOutAgainByteForByte() {
        append("a", "1");
        List<OutboxRecord> first = outbox.next(10);
        assertThat(outbox.next(10)).isEqualTo(first);
        assertThat(outboxAt(NOON.plusSeconds(60)).next(10)).isEqualTo(first);
    }

    @Test
    void whatIsRolledBackWasNeverDecided() {
        assertThatThrownBy(() -> database.write(Database.RELAY, tx -> {
                    outbox.append(tx, "topic", event("a", "1"));
                    throw new IllegalStateException("the state change failed");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(outbox.next(10)).isEmpty();
        assertThat(outbox.waiting()).isEqualTo(new Outbox.Waiting(0, null));
    }

    @Test
    void licensesGoOutPageByPageAndGoOnWhereAKilledProcessStopped() {
        List<License> licenses = IntStream.range(0, 25)
                .mapToObj(i -> license("License / %02d ü".formatted(i), 10))
                .toList();
        pull(1, licenses);
        List<String> keys = new ArrayList<>();
        for (int page = 0; page < 3; page++) {
            List<OutboxRecord> batch = outbox.next(10);
            keys.addAll(keys(batch));
            outbox.published(batch);
            outbox = outboxAt(NOON.plusSeconds(page));
        }
        assertThat(keys).hasSize(25).doesNotHaveDuplicates().isSorted();
        assertThat(outbox.next(10)).isEmpty();
        assertThat(outbox.waiting().rows()).isZero();
    }

    @Test
    void aPageThatKafkaTookWithoutOurKnowingIsSentAgainAndNoneIsLeftOut() {
        pull(
                1,
                IntStream.range(0, 12)
                        .mapToObj(i -> license("L%02d".formatted(i), 1))
                        .toList());
        List<OutboxRecord> first = outbox.next(5);
        outbox = outboxAt(NOON);
        assertThat(outbox.next(5)).isEqualTo(first);
        outbox.published(first);
        assertThat(keys(outbox.next(100))).hasSize(7).doesNotContainAnyElementsOf(keys(first));
    }

    @Test
    void twoRunsOfOnePlaceGoOutOneAfterTheOther() {
        pull(1, List.of(license("A", 1), license("B", 1)));
        pull(2, List.of(license("A", 2), license("B", 1)));
        List<OutboxRecord> first = outbox.next(10);
        // A was changed again before it was told: its newest state is told by the second run.
        assertThat(keys(first)).containsExactly("hq/ACME/Default/B/PREPAID");
        outbox.published(first);
        assertThat(outbox.next(10)).as("the first row is done with").isEmpty();
        List<OutboxRecord> second = outbox.next(10);
        assertThat(keys(second)).containsExactly("hq/ACME/Default/A/PREPAID");
        assertThat(second.get(0).value()).contains("\"quantity\":2");
    }

    @Test
    void aGoneLicenseIsATombstoneAndForgottenOnceKafkaHasIt() {
        pull(1, List.of(license("A", 1), license("B", 1), license("C", 1)));
        drain();
        pull(2, List.of(license("A", 1), license("C", 1)));
        List<OutboxRecord> batch = outbox.next(10);
        assertThat(batch).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("hq/ACME/Default/B/PREPAID");
            assertThat(record.value()).isNull();
            assertThat(record.headers()).isEmpty();
        });
        assertThat(licenses()).isEqualTo(3);
        outbox.published(batch);
        drain();
        assertThat(licenses()).isEqualTo(2);
    }

    @Test
    void sequenceGrowsAcrossARestartThoughTheClockStepsBack() {
        append("a", "1");
        outbox = outboxAt(NOON.minus(Duration.ofDays(1)));
        append("b", "2");
        append("c", "3");
        List<OutboxRecord> records = outbox.next(10);
        assertThat(values(records)).containsExactly("1", "2", "3");
        assertThat(records).extracting(OutboxRecord::seq).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void waitingTellsHowManyAndSinceWhen() {
        assertThat(outbox.waiting()).isEqualTo(new Outbox.Waiting(0, null));
        append("a", "1");
        outbox = outboxAt(NOON.plusSeconds(30));
        append("b", "2");
        assertThat(outbox.waiting()).isEqualTo(new Outbox.Waiting(2, NOON));
        outbox.published(outbox.next(1));
        assertThat(outbox.waiting()).isEqualTo(new Outbox.Waiting(1, NOON.plusSeconds(30)));
    }

    private Outbox outboxAt(Instant now) {
        return new Outbox(database, new LicenseEvents(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private void append(String key, String value) {
        database.write(Database.RELAY, tx -> {
            outbox.append(tx, "topic", event(key, value));
            return 0;
        });
    }

    private void drain() {
        while (outbox.waiting().rows() > 0) {
            outbox.published(outbox.next(100));
        }
    }

    private static Event event(String key, String value) {
        return Event.of(
                EventIds.of(key, value),
                "test",
                RELAY.source(VA),
                key,
                NOON,
                Map.of(),
                JsonNodeFactory.instance.objectNode().put("value", value));
    }

    private static License license(String name, long quantity) {
        return new License(name, "PREPAID", quantity, 0, quantity, 0, Compliance.IN, null);
    }

    /** What a run does with a virtual account: stage, apply, and one row for all its changes. */
    private void pull(long run, List<License> licenses) {
        database.write(Database.RELAY, tx -> {
            new Places().update(tx, run, VA.parent(), null, List.of(new VirtualAccount("Default", null, true)));
            return tx.execute(
                    "INSERT INTO run (id, site, cause, traceparent, started_at) VALUES (?, 'hq', 'test', 't', 0)", run);
        });
        StagingArea stage = new StagingArea(database);
        stage.begin(VA, run);
        stage.licenses(VA, licenses);
        Inventory inventory = new Inventory(stage);
        database.write(Database.RELAY, tx -> {
            inventory.apply(tx, run, VA, new Site.Guard(1, 1), true);
            outbox.appendLicenses(tx, "licenses", VA.path(), VA.id(), run, PROVENANCE.kept("hq"));
            return 0;
        });
    }

    private long licenses() {
        return database.read(tx ->
                tx.createQuery("SELECT COUNT(*) FROM license").mapTo(Long.class).one());
    }

    private static List<String> keys(List<OutboxRecord> records) {
        return records.stream().map(OutboxRecord::key).toList();
    }

    /** The one value that each event of these tests carries. */
    private static List<String> values(List<OutboxRecord> records) {
        return records.stream()
                .map(record -> String.valueOf(record.value()).replaceAll(".*\"value\":\"(.*?)\".*", "$1"))
                .toList();
    }
}
