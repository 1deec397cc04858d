package io.licenserelay.threads;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Distributes items over lanes that work side by side: a lane takes the next item when it is done with the one before. A route splits the
 * lanes in parallel and the items of each lane as a stream, so the number of lanes bounds the threads of that split. Thread-safe.
 */
public final class Lanes {
    /**
     * The lanes for these items, at most one per item.
     *
     * @param most how many items are worked on at once, at least 1
     */
    public <T> List<Iterator<T>> of(Collection<T> items, int most) {
        Queue<T> waiting = new ConcurrentLinkedQueue<>(items);
        return Stream.<Iterator<T>>generate(() -> new Lane<>(waiting))
                .limit(Math.min(most, items.size()))
                .toList();
    }

    /** An item is taken only by {@code next}: Camel calls {@code hasNext} while the item before is still worked on. */
    private static final class Lane<T> implements Iterator<T> {
        private final Queue<T> waiting;

        Lane(Queue<T> waiting) {
            this.waiting = waiting;
        }

        @Override
        public boolean hasNext() {
            return !waiting.isEmpty();
        }

        /** Null when another lane took the last item since {@code hasNext}; Camel's split ends there. */
        @Override
        public @Nullable T next() {
            return waiting.poll();
        }
    }
}
