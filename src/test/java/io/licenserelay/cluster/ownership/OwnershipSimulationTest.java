package io.licenserelay.cluster.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cluster.configuration.SiteDigests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 10,000 sites on 100 nodes in virtual time, with the decisions of the relay. Some nodes lose their locks at once; counted are the time until
 * each key has an owner again, the time until the nodes have equal shares again, and the statements.
 */
@Tag("deep")
@Tag("only-deep")
class OwnershipSimulationTest {
    private static final int SITES = 10_000;
    private static final int NODES = 100;
    private static final long HEARTBEAT = 2_000;
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration BUSY = Duration.ofSeconds(60);

    private final MemoryDatabase database = new MemoryDatabase();
    private final PriorityQueue<Beat> beats = new PriorityQueue<>();
    private final Map<String, Ownership> nodes = new HashMap<>();
    private final Set<String> sites =
            IntStream.range(0, SITES).mapToObj(number -> "site-" + number).collect(Collectors.toSet());
    private final SiteDigests digests =
            SiteDigests.of(sites.stream().collect(Collectors.toMap(site -> site, site -> "digest of " + site)));
    private final Map<String, SiteDigests> configured = new HashMap<>();
    private long now;

    private record Beat(long at, String node) implements Comparable<Beat> {
        @Override
        public int compareTo(Beat other) {
            return Long.compare(at, other.at);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void theClusterIsWholeAgainSoonAfterNodesAreLost(int lost) {
        Random random = new Random(20_261_129);
        for (int number = 0; number < NODES; number++) {
            String name = "node-" + number;
            database.join(name);
            nodes.put(name, new Ownership(name, new OwnershipTimes(GRACE, BUSY), null, database.table(name)));
            beats.add(new Beat(random.nextInt((int) HEARTBEAT), name));
        }
        until(60_000);
        assertThat(spread()).isLessThanOrEqualTo(2);
        print("at rest", 60_000, 120_000);

        List<String> names = database.live().stream().collect(Collectors.toList());
        Collections.shuffle(names, random);
        Map<String, String> before = sites.stream().collect(Collectors.toMap(key -> key, this::owner));
        names.subList(0, lost).forEach(name -> {
            database.end(name);
            nodes.remove(name);
        });
        long start = now;
        long statements = database.statements();
        long rows = database.rowsSent();
        long owned = -1;
        long even = -1;
        long orphans = before.values().stream()
                .filter(node -> !nodes.containsKey(node))
                .count();
        while (even < 0) {
            until(now + 100);
            if (owned < 0 && sites.stream().allMatch(key -> nodes.containsKey(owner(key)))) {
                owned = now - start;
            }
            if (owned >= 0 && spread() <= 2 && now - start > GRACE.toMillis() + 2 * HEARTBEAT) {
                even = now - start;
            }
        }
        long moved = sites.stream()
                .filter(key -> !owner(key).equals(before.get(key)))
                .count();
        System.out.printf(
                Locale.ROOT,
                "lost %d nodes: %d keys without an owner, all owned after %.1f s, shares equal within 2 at %.1f s, %d keys moved,"
                        + " %.0f statements/s, %.0f rows/s%n",
                lost,
                orphans,
                owned / 1000.0,
                even / 1000.0,
                moved,
                (database.statements() - statements) * 1000.0 / (now - start),
                (database.rowsSent() - rows) * 1000.0 / (now - start));
        assertThat(owned).isLessThanOrEqualTo(HEARTBEAT + 100);
        assertThat(spread()).isLessThanOrEqualTo(2);
    }

    /**
     * A tenth of the sites changes on one node after the other. Within the grace each owner waits for its own change; otherwise each changed site
     * moves to the first nodes that have the change, and back to an even share.
     */
    @ParameterizedTest
    @CsvSource({"1, 0", "30, 12"})
    void aChangeThatIsBroughtToOneNodeAfterTheOtherEndsWithEvenShares(int seconds, int mostMovesOfASite) {
        Random random = new Random(20_261_130);
        List<String> names = IntStream.range(0, 20)
                .mapToObj(number -> "node-" + number)
                .collect(Collectors.toCollection(ArrayList::new));
        sites.removeIf(site -> site.hashCode() % 5 != 0);
        SiteDigests before = digests("old");
        for (String name : names) {
            database.join(name);
            nodes.put(name, new Ownership(name, new OwnershipTimes(GRACE, BUSY), null, database.table(name)));
            configured.put(name, before);
            beats.add(new Beat(random.nextInt((int) HEARTBEAT), name));
        }
        until(60_000);
        Map<String, Long> epochs = sites.stream().collect(Collectors.toMap(key -> key, database::epoch));
        long statements = database.statements();
        Collections.shuffle(names, random);
        for (String name : names) {
            configured.put(name, digests("new"));
            until(now + seconds * 1_000L);
        }
        until(now + 60_000);
        // A move is a release and a take, and each raises the epoch.
        long moves = sites.stream()
                .mapToLong(key -> (database.epoch(key) - epochs.getOrDefault(key, 0L)) / 2)
                .sum();
        long most = sites.stream()
                .mapToLong(key -> (database.epoch(key) - epochs.getOrDefault(key, 0L)) / 2)
                .max()
                .orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%d sites, a tenth of them changed, one of 20 nodes per %d s: %d moves, at most %d of one site, %.0f statements/s%n",
                sites.size(),
                seconds,
                moves,
                most,
                (database.statements() - statements) * 1000.0 / (now - 60_000));
        assertThat(most).isLessThanOrEqualTo(mostMovesOfASite);
        assertThat(spread()).isLessThanOrEqualTo(2);
        assertThat(nodes.values())
                .allMatch(node -> node.configurations().differences().isEmpty());
    }

    private SiteDigests digests(String ofATenth) {
        return SiteDigests.of(
                sites.stream().collect(Collectors.toMap(site -> site, site -> site.endsWith("0") ? ofATenth : "same")));
    }

    private void print(String what, long from, long to) {
        until(from);
        long statements = database.statements();
        long rows = database.rowsSent();
        until(to);
        System.out.printf(
                Locale.ROOT,
                "%s: %.0f statements/s, %.0f rows/s%n",
                what,
                (database.statements() - statements) * 1000.0 / (to - from),
                (database.rowsSent() - rows) * 1000.0 / (to - from));
    }

    private String owner(String key) {
        return String.valueOf(database.owner(key));
    }

    private int spread() {
        Map<String, Integer> loads = database.loads();
        return Collections.max(loads.values()) - Collections.min(loads.values());
    }

    private void until(long end) {
        while (!beats.isEmpty() && beats.element().at() <= end) {
            Beat beat = beats.remove();
            now = beat.at();
            Ownership node = nodes.get(beat.node());
            if (node != null) {
                node.step(
                        Duration.ofMillis(now),
                        sites,
                        configured.getOrDefault(beat.node(), digests),
                        key -> true,
                        key -> true,
                        key -> true,
                        new Ignored());
                beats.add(new Beat(now + HEARTBEAT, beat.node()));
            }
        }
        now = end;
    }

    private static final class Ignored implements Ownership.Changes {
        @Override
        public void taken(String key, Lease lease) {
            assertThat(lease.epoch()).isPositive();
        }

        @Override
        public void lost(String key) {
            assertThat(key).isNotEmpty();
        }

        @Override
        public void paused(String key) {
            assertThat(key).endsWith("0");
        }

        @Override
        public void resumed(String key) {
            assertThat(key).endsWith("0");
        }
    }
}
