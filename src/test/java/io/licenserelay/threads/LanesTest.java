package io.licenserelay.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final Lanes lanes = new Lanes();

    @Test
    void theLaneCountEqualsTheConcurrencyLimit() {
        assertThat(lanes.of(List.of(1, 2, 3, 4, 5), 2)).hasSize(2);
    }

    @Test
    void noLaneIsCreatedWithoutAnItem() {
        assertThat(lanes.of(List.of(1), 8)).hasSize(1);
        assertThat(lanes.of(List.of(), 8)).isEmpty();
    }

    /** Camel calls hasNext while the previous item is still being processed. */
    @Test
    void hasNextTakesNoItemFromOtherLanes() {
        List<Iterator<String>> two = lanes.of(List.of("a", "b"), 2);
        assertThat(two.get(0).next()).isEqualTo("a");
        assertThat(two.get(0).hasNext()).isTrue();
        assertThat(two.get(1).next()).isEqualTo("b");
        assertThat(two.get(0).hasNext()).isFalse();
        assertThat(two.get(0).next()).isNull();
    }

    @Test
    void eachItemIsTakenOnce() throws InterruptedException {
        List<Integer> items = IntStream.range(0, 10_000).boxed().toList();
        Collection<Integer> taken = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (Iterator<Integer> lane : lanes.of(items, 4)) {
            threads.execute(() -> {
                for (Integer item = lane.next(); item != null; item = lane.next()) {
                    taken.add(item);
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(taken).containsExactlyInAnyOrderElementsOf(items);
    }
}
