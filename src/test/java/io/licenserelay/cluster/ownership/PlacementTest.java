package io.licenserelay.cluster.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each node has the same share, each node computes the same, and few keys move when the nodes change. */
class PlacementTest {
    @Test
    void sharesDifferByAtMostOne() {
        for (int nodes = 1; nodes <= 40; nodes++) {
            for (int keys : new int[] {0, 1, 2, 7, 12, 39, 60, 401}) {
                Placement placement = Placement.of(names("site-", keys), names("node-", nodes));
                int[] loads = loads(placement, keys, nodes);
                assertThat(IntStream.of(loads).sum())
                        .as("%d keys, %d nodes", keys, nodes)
                        .isEqualTo(keys);
                assertThat(IntStream.of(loads).max().orElse(0)
                                - IntStream.of(loads).min().orElse(0))
                        .as("%d keys, %d nodes", keys, nodes)
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void theOrderOfTheNamesDoesNotMatter() {
        List<String> keys = names("site-", 100);
        List<String> nodes = names("node-", 7);
        Placement first = Placement.of(keys, nodes);
        Collections.shuffle(keys, new Random(1));
        Collections.shuffle(nodes, new Random(2));
        Placement second = Placement.of(keys, nodes);
        assertThat(keys).allMatch(key -> first.preferred(key).equals(second.preferred(key)));
    }

    /** The least possible is the share of the node that left. */
    @ParameterizedTest
    @CsvSource({"12,3,1.5", "60,3,1.5", "400,10,1.5", "1000,30,2.0", "10000,100,2.0"})
    void fewKeysMoveWhenANodeLeaves(int keys, int nodes, double most) {
        List<String> names = names("node-", nodes);
        Placement before = Placement.of(names("site-", keys), names);
        int moved = 0;
        for (String left : names.subList(0, Math.min(nodes, 5))) {
            List<String> rest = new ArrayList<>(names);
            rest.remove(left);
            Placement after = Placement.of(names("site-", keys), rest);
            moved += (int) names("site-", keys).stream()
                    .filter(key -> !before.preferred(key).equals(after.preferred(key)))
                    .count();
        }
        double share = (double) keys / nodes;
        double times = moved / (share * Math.min(nodes, 5));
        assertThat(times).as("moved keys, as a multiple of a node's share").isBetween(1.0, most);
    }

    /** A change of the configuration that only some nodes have yet. */
    @Test
    void aKeyThatOnlySomeNodesMayOwnGoesToOneOfThem() {
        List<String> keys = names("site-", 60);
        List<String> nodes = names("node-", 5);
        Map<String, Set<String>> restricted = new HashMap<>();
        keys.subList(0, 20).forEach(key -> restricted.put(key, Set.of("node-1", "node-3")));
        Placement placement = Placement.of(keys, nodes, restricted);
        assertThat(keys.subList(0, 20)).allMatch(key -> Set.of("node-1", "node-3")
                .contains(placement.preferred(key).orElseThrow()));
        assertThat(loads(placement, 60, 5)).containsOnly(12);
    }

    /** The other nodes get what is left, so that no key has no node. */
    @Test
    void restrictedKeysBeyondTheSharesAreSpreadOverTheNodesThatMayOwnThem() {
        for (int restrictedKeys : new int[] {1, 20, 41, 60}) {
            List<String> keys = names("site-", 60);
            Map<String, Set<String>> restricted = new HashMap<>();
            keys.subList(0, restrictedKeys).forEach(key -> restricted.put(key, Set.of("node-1", "node-3")));
            Placement placement = Placement.of(keys, names("node-", 5), restricted);
            int[] loads = loads(placement, 60, 5);
            assertThat(IntStream.of(loads).sum()).isEqualTo(60);
            assertThat(Math.abs(loads[1] - loads[3]))
                    .as("%d restricted", restrictedKeys)
                    .isLessThanOrEqualTo(1);
            int rest = 60 - Math.max(24, restrictedKeys);
            assertThat(IntStream.of(loads[0], loads[2], loads[4]).boxed())
                    .as("%d restricted", restrictedKeys)
                    .allMatch(load -> load == rest / 3 || load == rest / 3 + 1);
        }
    }

    @Test
    void withoutANodeNothingIsPreferred() {
        assertThat(Placement.of(List.of("site"), List.of()).preferred("site")).isEmpty();
        assertThat(Placement.of(List.of("site"), List.of("node")).preferred("other"))
                .isEmpty();
    }

    private static int[] loads(Placement placement, int keys, int nodes) {
        Map<String, Integer> loads = new HashMap<>();
        names("site-", keys).forEach(key -> loads.merge(placement.preferred(key).orElseThrow(), 1, Integer::sum));
        return names("node-", nodes).stream()
                .mapToInt(node -> loads.getOrDefault(node, 0))
                .toArray();
    }

    private static List<String> names(String prefix, int count) {
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(number -> prefix + number).toList());
    }
}
