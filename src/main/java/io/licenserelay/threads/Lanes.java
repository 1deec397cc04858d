package io.licenserelay.threads;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Distributes items over parallel lanes: a lane takes the next item after it has finished the previous one. A route splits the
 * lanes in parallel and the items of each lane as a stream, so the number of lanes limits the threads of that split. Thread-safe.
 */
public final class Lanes {
    /**
     * Returns the lanes for these items, at most one lane per item.
     *
     * @param maxParallel the largest number of items processed in parallel, at least 1
     */
    public <T> List<Iterator<T>> of(Collection<T> items, int maxParallel) {
        Queue<T> waiting = new ConcurrentLinkedQueue<>(items);
        return Stream.<Iterator<T>>generate(() -> new Lane<>(waiting))
                .limit(Math.min(maxParallel, items.size()))
                .toList();
    }

    /** Only {@code next} takes an item, because Camel calls {@code hasNext} while the previous item is still being processed. */
    private static final class Lane<T> implements Iterator<T> {
        private final Queue<T> waiting;

        Lane(Queue<T> waiting) {
            this.waiting = waiting;
        }

        @Override
        public boolean hasNext() {
            return !waiting.isEmpty();
        }

        /** Null if another lane took the last item after {@code hasNext}. Camel's split then ends. */
        @Override
        public @Nullable T next() {
            return waiting.poll();
        }
    }
}
