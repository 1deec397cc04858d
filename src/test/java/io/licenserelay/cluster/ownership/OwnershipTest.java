package io.licenserelay.cluster.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The protocol in virtual time: one step of each node per second. */
class OwnershipTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Set<String> KEYS =
            IntStream.range(0, 12).mapToObj(number -> "site-" + number).collect(Collectors.toSet());

    private final MemoryDatabase database = new MemoryDatabase();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private Set<String> keys = KEYS;
    private Duration now = Duration.ofSeconds(100);

    /** A node, and what its listeners were told. */
    private final class Member implements Ownership.Changes {
        private final Ownership ownership;
        private final Set<String> running = new HashSet<>();
        private final Set<String> busy = new HashSet<>();
        private final Set<String> unsettled = new HashSet<>();
        private final Set<String> unfit = new HashSet<>();

        Member(String name) {
            ownership = new Ownership(name, GRACE, database.table(name));
        }

        @Override
        public void taken(String key, Lease lease) {
            assertThat(running.add(key)).isTrue();
        }

        @Override
        public void lost(String key) {
            assertThat(running.remove(key)).isTrue();
        }

        void step() {
            ownership.step(
                    now,
                    keys,
                    key -> !busy.contains(key),
                    key -> !unfit.contains(key),
                    key -> !unsettled.contains(key),
                    this);
        }
    }

    @Test
    void aSingleNodeTakesEverythingAtOnceAndThenTakesOneStatementPerStep() {
        Member a = join("a");
        seconds(1);
        assertThat(a.running).isEqualTo(KEYS);
        seconds(1);
        long before = database.statements();
        seconds(30);
        assertThat(database.statements() - before).isEqualTo(30);
    }

    @Test
    void aKeyMovesToANewNodeAfterTheGraceAndOnlyWhenItIsIdle() {
        Member a = join("a");
        seconds(1);
        a.busy.addAll(KEYS);
        Member b = join("b");
        seconds(9);
        a.busy.clear();
        assertThat(b.running).as("within the grace").isEmpty();
        a.busy.addAll(KEYS);
        seconds(20);
        assertThat(b.running).as("while all are busy").isEmpty();
        a.busy.clear();
        seconds(3);
        assertThat(a.running).hasSize(6);
        assertThat(b.running).hasSize(6).doesNotContainAnyElementsOf(a.running);
    }

    /** The routes stop first, and the lease stays valid for the last writes until they have. */
    @Test
    void aKeyIsReleasedWhenItsRoutesHaveStopped() {
        Member a = join("a");
        seconds(1);
        a.unsettled.addAll(KEYS);
        Member b = join("b");
        seconds(15);
        assertThat(a.running).hasSize(6);
        assertThat(b.running).isEmpty();
        assertThat(KEYS).allMatch(key -> a.ownership.lease(key).isPresent());
        assertThat(KEYS.stream().filter(a.ownership::runs)).hasSize(6);
        a.unsettled.clear();
        seconds(2);
        assertThat(b.running).hasSize(6);
        assertThat(b.running).allMatch(key -> a.ownership.lease(key).isEmpty());
    }

    @Test
    void theKeysOfADeadNodeAreTakenWithTheNextStepWithAHigherEpoch() {
        Member dead = join("a");
        Member b = join("b");
        join("c");
        seconds(20);
        Map<String, Long> before = dead.running.stream().collect(Collectors.toMap(key -> key, database::epoch));
        assertThat(before).hasSize(4);
        kill("a");
        seconds(1);
        before.forEach((key, epoch) -> {
            assertThat(database.owner(key)).isIn("b", "c");
            assertThat(database.epoch(key)).isGreaterThan(epoch);
        });
        seconds(20);
        assertThat(b.running).hasSize(6);
    }

    /** Alive, but it takes nothing: its heartbeat hangs, or it has another configuration. */
    @Test
    void aKeyWhosePreferredNodeDoesNotTakeItIsTakenByAnotherAndStaysThere() {
        database.join("stuck");
        Member a = join("a");
        seconds(1);
        assertThat(a.running).hasSize(6);
        seconds(12);
        assertThat(a.running).isEqualTo(KEYS);
        Map<String, Long> epochs = KEYS.stream().collect(Collectors.toMap(key -> key, database::epoch));
        seconds(60);
        assertThat(KEYS).allMatch(key -> database.epoch(key) == epochs.getOrDefault(key, 0L));
    }

    @Test
    void aKeyThatItsNodeIsNotFitForMovesToAnotherNodeWhenItIsIdleAndStaysThere() {
        Member a = join("a");
        Member b = join("b");
        seconds(20);
        String key = a.running.iterator().next();
        a.busy.add(key);
        a.unfit.add(key);
        seconds(5);
        assertThat(a.running).contains(key);
        a.busy.clear();
        seconds(13);
        assertThat(b.running).contains(key);
        long epoch = database.epoch(key);
        seconds(120);
        assertThat(database.epoch(key)).isEqualTo(epoch);

        kill("b");
        seconds(1);
        assertThat(a.running).as("the only node works for everything").isEqualTo(KEYS);
    }

    @Test
    void aKeyThatNoNodeIsFitForIsKeptByOneOfThem() {
        Member a = join("a");
        Member b = join("b");
        seconds(20);
        a.unfit.addAll(KEYS);
        b.unfit.addAll(KEYS);
        seconds(120);
        Map<String, Long> epochs = KEYS.stream().collect(Collectors.toMap(key -> key, database::epoch));
        assertThat(a.running.size() + b.running.size()).isEqualTo(KEYS.size());
        seconds(120);
        assertThat(KEYS).allMatch(key -> database.epoch(key) == epochs.getOrDefault(key, 0L));
    }

    @Test
    void aLeaseThatTheTableDoesNotShowIsLost() {
        Member a = join("a");
        seconds(1);
        database.join("intruder");
        database.end("a");
        assertThat(database.table("intruder").take(Set.of("site-3"))).hasSize(1);
        database.join("a");
        seconds(1);
        assertThat(a.running).hasSize(11).doesNotContain("site-3");
        assertThat(a.ownership.lease("site-3")).isEmpty();
    }

    /** Its rows name it, but its new session has no lease for them. */
    @Test
    void aNodeThatJoinsAgainTakesItsFormerKeysWithNewEpochs() {
        Member first = join("a");
        join("b");
        seconds(20);
        Map<String, Long> before = KEYS.stream().collect(Collectors.toMap(key -> key, database::epoch));
        Set<String> former = first.running;
        Member again = join("a");
        seconds(1);
        assertThat(again.running).isEqualTo(former);
        assertThat(again.running).allMatch(key -> database.epoch(key) > before.getOrDefault(key, 0L));
        assertThat(again.running)
                .allMatch(key -> again.ownership.lease(key).orElseThrow().equals(new Lease("a", database.epoch(key))));
    }

    @Test
    void aKeyThatLeavesTheConfigurationIsReleased() {
        Member a = join("a");
        seconds(1);
        keys = Set.of("site-1", "site-new");
        seconds(2);
        assertThat(a.running).containsExactlyInAnyOrder("site-1", "site-new");
        assertThat(database.owner("site-2")).isNull();
    }

    @Test
    void aNodeThatStopsReleasesEverything() {
        Member a = join("a");
        seconds(1);
        a.ownership.releaseAll();
        assertThat(KEYS).allMatch(key -> database.owner(key) == null);
        assertThat(a.ownership.held()).isEmpty();
    }

    private Member join(String name) {
        database.join(name);
        Member member = new Member(name);
        members.put(name, member);
        return member;
    }

    private void kill(String name) {
        database.end(name);
        members.remove(name);
    }

    /** After each second no key has two owners. */
    private void seconds(int count) {
        for (int second = 0; second < count; second++) {
            now = now.plusSeconds(1);
            members.values().forEach(Member::step);
            Set<String> all = new HashSet<>();
            members.values()
                    .forEach(member -> member.running.forEach(
                            key -> assertThat(all.add(key)).as(key).isTrue()));
        }
    }
}
