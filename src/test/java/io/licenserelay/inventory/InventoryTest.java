package io.licenserelay.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.inventory.model.License;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the stored inventory after random answers with a map of the same answers. */
class InventoryTest {
    private static final Place VA = new Place("hq", "ACME", "Default");
    private static final Site.Guard TRUSTING = new Site.Guard(1, 1);

    @TempDir
    Path folder;

    private Database database;
    private StagingArea stage;
    private Inventory inventory;
    private long run;

    @BeforeEach
    void open() throws IOException {
        database = TestStore.current().open(folder);
        stage = new StagingArea(database);
        inventory = new Inventory(stage);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void afterAnySeriesOfAnswersTheLastOneIsStoredAndEveryDifferenceIsCounted(long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, String> stored = new TreeMap<>();
        for (int pull = 0; pull < 30; pull++) {
            List<License> answer = answer(random);
            Map<String, String> expected = expected(answer);
            InventoryChanges changes = pull(answer, random.nextInt(1, 40));
            assertThat(stored()).isEqualTo(expected);
            assertThat(changes.licenses()).isEqualTo(expected.size());
            assertThat(changes.added())
                    .isEqualTo(expected.keySet().stream()
                            .filter(name -> !stored.containsKey(name))
                            .count());
            assertThat(changes.gone())
                    .isEqualTo(stored.keySet().stream()
                            .filter(name -> !expected.containsKey(name))
                            .count());
            assertThat(changes.changed())
                    .isEqualTo(expected.entrySet().stream()
                            .filter(each -> stored.containsKey(each.getKey())
                                    && !each.getValue().equals(stored.get(each.getKey())))
                            .count());
            stored.clear();
            stored.putAll(expected);
        }
    }

    @Test
    void anIncompleteFirstPullIsNotStoredAndTheNextPullDiscardsIt() throws Exception {
        begin();
        stage.licenses(VA, List.of(license("lost", 1, Compliance.OUT, null)));
        InventoryChanges changes = pull(List.of(license("came", 2, Compliance.IN, null)), 10);
        assertThat(changes.licenses()).isEqualTo(1);
        assertThat(changes.outOfCompliance()).isZero();
        assertThat(stored()).containsOnlyKeys("came/");
    }

    @Test
    void anIncompleteLaterPullDoesNotChangeTheStoredInventory() throws Exception {
        pull(List.of(license("one", 1, Compliance.IN, null), license("two", 2, Compliance.IN, null)), 10);
        begin();
        stage.licenses(VA, List.of(license("one", 5, Compliance.IN, null), license("three", 3, Compliance.IN, null)));
        assertThat(stored()).containsOnlyKeys("one/", "two/").containsEntry("one/", "1 In Compliance null 1");
        pull(List.of(license("two", 2, Compliance.IN, null)), 10);
        assertThat(stored()).containsOnlyKeys("two/");
    }

    @Test
    void anUnchangedAnswerWritesNoLicense() throws Exception {
        List<License> answer = List.of(license("one", 1, Compliance.IN, null), license("two", 2, Compliance.OUT, null));
        pull(answer, 10);
        begin();
        stage.licenses(VA, answer);
        long staged = database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM license_stage")
                .mapTo(Long.class)
                .one());
        assertThat(staged).isZero();
        InventoryChanges changes = apply();
        assertThat(changes.any()).isFalse();
        assertThat(changes.outOfCompliance()).isEqualTo(1);
        assertThat(changes.newlyOut()).isEmpty();
    }

    @Test
    void licensesOfOneNameWithManyBillingTypesAreLicensesOfTheirOwn() throws Exception {
        List<License> answer = new ArrayList<>();
        for (int billing = 0; billing < 11; billing++) {
            answer.add(license("one", "billing " + billing, billing));
            answer.add(license("name " + billing, "billing " + billing % 3, billing));
        }
        pull(answer, 7);
        assertThat(pull(answer, 7).any()).isFalse();
        answer.set(0, license("one", "billing 0", 99));
        answer.remove(4);
        InventoryChanges changes = pull(answer, 30);
        assertThat(changes.changed()).isEqualTo(1);
        assertThat(changes.gone()).isEqualTo(1);
        assertThat(changes.added()).isZero();
        assertThat(stored())
                .hasSize(21)
                .containsEntry("one/billing 0", "99 In Compliance null 1")
                .doesNotContainKey("one/billing 2");
    }

    @Test
    void rowsOfOneLicenseAreAddedUpWithinAPageAndOverPages() throws Exception {
        List<License> answer = List.of(
                license("one", 1, Compliance.IN, null),
                license("one", 2, Compliance.OUT, Instant.ofEpochMilli(2_000)),
                license("two", 5, Compliance.IN, null),
                license("one", 4, Compliance.IN, Instant.ofEpochMilli(1_000)));
        for (int page = 1; page <= 4; page++) {
            pull(answer, page);
            assertThat(stored())
                    .as("pages of %d", page)
                    .containsEntry("one/", "7 Out Of Compliance 1000 3")
                    .containsEntry("two/", "5 In Compliance null 1");
            assertThat(pull(answer, 5 - page).any()).isFalse();
        }
        pull(answer, 4);
        List<License> more = new ArrayList<>(answer);
        more.add(license("one", 3, Compliance.IN, null));
        assertThat(pull(more, 4).changed()).isEqualTo(1);
        assertThat(stored()).containsEntry("one/", "10 Out Of Compliance 1000 4");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSumOfMoreThan64BitsIsLimitedWithinAPageAndAcrossPages(int page) throws Exception {
        List<License> answer = List.of(
                license("one", Long.MAX_VALUE, Compliance.IN, null),
                license("one", Long.MAX_VALUE, Compliance.IN, null),
                license("two", -Long.MAX_VALUE, Compliance.IN, null),
                license("two", -7, Compliance.IN, null),
                license("three", Long.MAX_VALUE, Compliance.IN, null),
                license("three", -7, Compliance.IN, null));
        for (String pull : List.of("first", "unchanged", "later")) {
            if (pull.equals("later")) {
                pull(List.of(license("four", 1, Compliance.IN, null)), 1);
            }
            pull(answer, page);
            assertThat(stored())
                    .as(pull)
                    .containsEntry("one/", Long.MAX_VALUE + " In Compliance null 2")
                    .containsEntry("two/", -Long.MAX_VALUE + " In Compliance null 2")
                    .containsEntry("three/", Long.MAX_VALUE - 7 + " In Compliance null 2");
        }
    }

    @Test
    void aPageLongerThanAStatementsListIsComparedAndItsLicensesVanish() throws Exception {
        List<License> answer = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            answer.add(license("license " + i, i, Compliance.IN, null));
        }
        pull(answer, 2_500);
        assertThat(pull(answer, 2_500).any()).isFalse();
        InventoryChanges changes = pull(answer.subList(0, 100), 2_500);
        assertThat(changes.gone()).isEqualTo(2_400);
        assertThat(changes.licenses()).isEqualTo(100);
        long history = database.read(
                tx -> tx.createQuery("SELECT COUNT(*) FROM license_history WHERE change = 'gone' AND run_id = :run")
                        .bind("run", run)
                        .mapTo(Long.class)
                        .one());
        assertThat(history).isEqualTo(2_400);
    }

    /** A random part of 20 licenses in random order, some with two rows. Most values are the same in every answer. */
    private static List<License> answer(Random random) {
        List<License> answer = new ArrayList<>();
        for (int name = 0; name < 20; name++) {
            int rows = random.nextInt(10) == 0 ? 2 : random.nextInt(4) == 0 ? 0 : 1;
            for (int row = 0; row < rows; row++) {
                answer.add(license(
                        "license " + name,
                        random.nextInt(4) == 0 ? 7 : 3,
                        random.nextInt(6) == 0 ? Compliance.OUT : Compliance.IN,
                        random.nextInt(5) == 0 ? null : Instant.ofEpochMilli(1_000)));
            }
        }
        Collections.shuffle(answer, random);
        return answer;
    }

    private static License license(String name, String billing, long quantity) {
        return new License(name, billing, quantity, 1, quantity - 1, 0, Compliance.IN, null);
    }

    private static License license(String name, long quantity, String status, @Nullable Instant endsAt) {
        return new License(name, "", quantity, 1, quantity - 1, 0, status, endsAt);
    }

    /** The expected inventory: the rows of each license added up. */
    private static Map<String, String> expected(List<License> answer) {
        Map<String, List<License>> byName = new TreeMap<>();
        answer.forEach(each -> byName.computeIfAbsent(each.name() + "/", name -> new ArrayList<>())
                .add(each));
        Map<String, String> expected = new TreeMap<>();
        byName.forEach((name, rows) -> expected.put(
                name,
                rows.stream().mapToLong(License::quantity).sum() + " "
                        + (rows.stream().anyMatch(row -> row.status().equals(Compliance.OUT))
                                ? Compliance.OUT
                                : Compliance.IN)
                        + " "
                        + rows.stream()
                                .map(License::endsAt)
                                .filter(ends -> ends != null)
                                .min(Instant::compareTo)
                                .map(Instant::toEpochMilli)
                                .orElse(null)
                        + " " + rows.size()));
        return expected;
    }

    private InventoryChanges pull(List<License> answer, int page) throws Exception {
        begin();
        for (int from = 0; from < answer.size(); from += page) {
            stage.licenses(VA, answer.subList(from, Math.min(answer.size(), from + page)));
        }
        return apply();
    }

    private void begin() {
        run++;
        database.write(Database.RELAY, tx -> {
            new Places().update(tx, run, VA.parent(), null, List.of(new VirtualAccount("Default", null, true)));
            return 0;
        });
        stage.begin(VA, run);
    }

    private InventoryChanges apply() {
        InventoryChanges[] changes = new InventoryChanges[1];
        database.write(Database.RELAY, tx -> {
            Inventory.Applied applied = inventory.apply(tx, run, VA, TRUSTING, true);
            changes[0] = Objects.requireNonNull(applied.changes(), "the answer was not accepted");
            return 0;
        });
        return changes[0];
    }

    private Map<String, String> stored() {
        Map<String, String> stored = new TreeMap<>();
        database.read(tx -> tx.createQuery("SELECT l.* FROM license l JOIN place p ON p.id = l.place_id"
                        + " WHERE l.gone_run IS NULL AND p.applied_run IS NOT NULL")
                .map((row, context) -> stored.put(
                        row.getString("name") + "/" + row.getString("billing"),
                        row.getLong("quantity") + " " + row.getString("status") + " " + row.getObject("ends_at") + " "
                                + row.getLong("merged_rows")))
                .list());
        return stored;
    }
}
