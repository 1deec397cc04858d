package io.licenserelay.cluster.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cluster.configuration.SiteDigests;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The protocol in virtual time: one step of each node per second. */
class OwnershipTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration BUSY = Duration.ofSeconds(60);
    private static final Set<String> KEYS =
            IntStream.range(0, 12).mapToObj(number -> "site-" + number).collect(Collectors.toSet());

    private static final Map<String, String> ALL_OLD =
            KEYS.stream().collect(Collectors.toMap(key -> key, key -> "old"));
    private static final Map<String, String> ALL_NEW =
            KEYS.stream().collect(Collectors.toMap(key -> key, key -> "new"));

    private final MemoryDatabase database = new MemoryDatabase();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private Set<String> keys = KEYS;
    private Duration now = Duration.ofSeconds(100);

    /** A node, and what its listeners were told. */
    private final class Member implements Ownership.Changes {
        private final Ownership ownership;
        private final Set<String> running = new HashSet<>();
        private final Set<String> paused = new HashSet<>();
        private final Set<String> busy = new HashSet<>();
        private SiteDigests digests = SiteDigests.NONE;
        private Set<String> own = Set.of();
        private final Set<String> unsettled = new HashSet<>();
        private final Set<String> unfit = new HashSet<>();

        Member(String name) {
            ownership = new Ownership(name, new OwnershipTimes(GRACE, BUSY), null, database.table(name));
        }

        /** The node's configuration has these sites with these digests. */
        Member configured(Map<String, String> sites) {
            digests = SiteDigests.of(sites);
            own = sites.keySet();
            return this;
        }

        @Override
        public void taken(String key, Lease lease) {
            assertThat(running.add(key)).isTrue();
        }

        @Override
        public void lost(String key) {
            assertThat(running.remove(key)).isTrue();
            paused.remove(key);
        }

        @Override
        public void paused(String key) {
            assertThat(paused.add(key)).isTrue();
        }

        @Override
        public void resumed(String key) {
            assertThat(paused.remove(key)).isTrue();
        }

        void step() {
            ownership.step(
                    now,
                    own.isEmpty() ? keys : own,
                    digests,
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
    void aNodeThatIsFitAgainGetsItsKeyBackWithoutAnyOtherChange() {
        Member a = join("a");
        Member b = join("b");
        seconds(20);
        String key = a.running.iterator().next();
        a.unfit.add(key);
        seconds(30);
        assertThat(b.running).contains(key);
        b.busy.add(key);

        a.unfit.clear();
        seconds(30);
        assertThat(b.running).as("its work goes on").contains(key);
        b.busy.clear();
        seconds(3);
        assertThat(a.running).contains(key);
        Map<String, Long> epochs = KEYS.stream().collect(Collectors.toMap(each -> each, database::epoch));
        seconds(120);
        assertThat(KEYS).allMatch(each -> database.epoch(each) == epochs.getOrDefault(each, 0L));
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

    @Test
    void aSiteMovesToTheNodeThatHasItsNewDigest() {
        Member a = join("a").configured(ALL_OLD);
        Member b = join("b").configured(ALL_OLD);
        seconds(20);
        assertThat(a.running).hasSize(6);
        Set<String> changed = a.running.stream().limit(2).collect(Collectors.toSet());
        b.configured(with(ALL_OLD, changed, "new"));
        seconds(20);
        assertThat(b.running).containsAll(changed).hasSize(6);
        assertThat(a.running).hasSize(6);
        a.configured(with(ALL_OLD, changed, "new"));
        seconds(1);
        assertThat(a.ownership.configurations().differences()).isEmpty();
    }

    /** Its run that is in progress goes on, the next one does not begin. */
    @Test
    void anOwnerWithAnOlderDigestBeginsNoNewWorkAtOnceAndGivesTheSiteUpWhenIdle() {
        Member a = join("a").configured(ALL_OLD);
        Member b = join("b").configured(ALL_OLD);
        seconds(20);
        String changed = a.running.iterator().next();
        a.busy.add(changed);
        b.configured(with(ALL_OLD, Set.of(changed), "new"));
        seconds(2);
        assertThat(a.paused).containsExactly(changed);
        assertThat(a.ownership.accepts(changed)).isFalse();
        assertThat(a.ownership.runs(changed)).isTrue();
        seconds(100);
        assertThat(a.running).as("while the run goes on").contains(changed);
        assertThat(a.ownership.lease(changed)).isPresent();
        a.busy.clear();
        seconds(2);
        assertThat(b.running).contains(changed);
    }

    @Test
    void anOwnerThatFollowsTheChangeKeepsTheSite() {
        Member a = join("a").configured(ALL_OLD);
        Member b = join("b").configured(ALL_OLD);
        seconds(20);
        String changed = a.running.iterator().next();
        long epoch = database.epoch(changed);
        b.configured(with(ALL_OLD, Set.of(changed), "new"));
        seconds(5);
        assertThat(a.paused).containsExactly(changed);
        a.configured(with(ALL_OLD, Set.of(changed), "new"));
        seconds(60);
        assertThat(a.paused).isEmpty();
        assertThat(a.ownership.accepts(changed)).isTrue();
        assertThat(database.epoch(changed)).isEqualTo(epoch);
    }

    /** Also if it never took part in the change, and under a name that nobody knows. */
    @Test
    void aNodeThatComesBackWithAnOldFileOwnsNoSiteThatChanged() {
        join("a").configured(ALL_OLD);
        Member b = join("b").configured(ALL_OLD);
        seconds(20);
        kill("a");
        seconds(20);
        b.configured(ALL_NEW);
        seconds(20);
        Member again = join("a").configured(ALL_OLD);
        Member other = join("c").configured(ALL_OLD);
        seconds(60);
        assertThat(again.running).isEmpty();
        assertThat(other.running).isEmpty();
        assertThat(b.running).isEqualTo(KEYS);
        assertThat(b.ownership.differences(now, Duration.ofSeconds(30)))
                .hasSize(12)
                .allSatisfy(each -> assertThat(each.older()).containsOnlyKeys("a", "c"));
    }

    @Test
    void aRollbackOnRunningNodesIsANewChange() {
        Member a = join("a").configured(ALL_OLD);
        Member b = join("b").configured(ALL_OLD);
        seconds(20);
        a.configured(ALL_NEW);
        b.configured(ALL_NEW);
        seconds(20);
        b.configured(ALL_OLD);
        seconds(20);
        assertThat(b.running).as("the node that was rolled back first").isEqualTo(KEYS);
        a.configured(ALL_OLD);
        seconds(20);
        assertThat(a.running).hasSize(6);
        assertThat(b.running).hasSize(6);
    }

    @Test
    void withTheOnlyNodeThatHadTheNewDigestDeadTheOthersGoOnWithTheirs() {
        Member a = join("a").configured(ALL_OLD);
        Member b = join("b").configured(ALL_OLD);
        seconds(20);
        b.configured(ALL_NEW);
        seconds(20);
        assertThat(a.running).isEmpty();
        kill("b");
        seconds(20);
        assertThat(a.running).isEqualTo(KEYS);
    }

    @Test
    void aSiteThatOneNodeHasIsOwnedThereAndTheOthersShareTheRest() {
        Map<String, String> more = new HashMap<>(ALL_OLD);
        more.put("site-extra", "old");
        Member a = join("a").configured(ALL_OLD);
        Member b = join("b").configured(more);
        Member c = join("c").configured(ALL_OLD);
        seconds(30);
        assertThat(b.running).contains("site-extra");
        assertThat(a.running.size() + b.running.size() + c.running.size()).isEqualTo(13);
        assertThat(List.of(a.running.size(), b.running.size(), c.running.size()))
                .allMatch(size -> size == 4 || size == 5);
        assertThat(a.ownership.configurations().agreed("site-extra")).isFalse();
        assertThat(a.ownership.configurations().agreed("site-unknown")).isTrue();
        kill("b");
        seconds(20);
        assertThat(a.ownership.configurations().agreed("site-extra")).isTrue();
        assertThat(a.running).hasSize(6);
    }

    /** After a minute its owner begins nothing new for it, so that it becomes idle. */
    @Test
    void aSiteThatIsNeverIdleMovesToo() {
        Member a = join("a");
        seconds(1);
        a.busy.addAll(KEYS);
        Member b = join("b");
        seconds(65);
        assertThat(a.paused).isEmpty();
        seconds(10);
        assertThat(a.paused).hasSize(6);
        assertThat(a.running).isEqualTo(KEYS);
        // What was in progress ends, and nothing new begins.
        a.busy.removeAll(a.paused);
        seconds(2);
        assertThat(b.running).hasSize(6);
        assertThat(a.paused).isEmpty();
    }

    @Test
    void aPausedSiteGoesOnHereIfItsNewNodeVanishes() {
        Member a = join("a");
        seconds(1);
        a.busy.addAll(KEYS);
        join("b");
        seconds(80);
        assertThat(a.paused).hasSize(6);
        kill("b");
        seconds(1);
        assertThat(a.paused).isEmpty();
        assertThat(KEYS).allMatch(a.ownership::accepts);
    }

    @Test
    void nodesWithDifferentConfigurationsTakeOneStatementPerStep() {
        join("a").configured(ALL_OLD);
        join("b").configured(ALL_NEW);
        seconds(40);
        long before = database.statements();
        seconds(15);
        assertThat(database.statements() - before).isEqualTo(30);
    }

    private static Map<String, String> with(Map<String, String> sites, Set<String> changed, String digest) {
        Map<String, String> with = new HashMap<>(sites);
        changed.forEach(site -> with.put(site, digest));
        return with;
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
