package io.licenserelay.simulator.estate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows that are mostly generated when they are read, so that a million rows need no memory. Rows can be added, changed
 * and removed. A reader uses the edits that existed when it started. Safe for use by many threads.
 *
 * @param <T> an immutable row; each generated row has a unique key
 */
public final class Rows<T> {
    private final int generated;
    private final IntFunction<T> generator;
    private final Function<T, String> key;
    private volatile Edits<T> edits = new Edits<>(Map.of(), Set.of(), List.of());

    private record Edits<T>(Map<String, UnaryOperator<T>> changed, Set<String> removed, List<T> added) {}

    Rows(int generated, IntFunction<T> generator, Function<T, String> key) {
        this.generated = generated;
        this.generator = generator;
        this.key = key;
    }

    public long count() {
        Edits<T> current = edits;
        return (long) generated - current.removed.size() + current.added.size();
    }

    /** @param offset the number of rows to skip, 0 or more */
    public Stream<T> from(long offset) {
        Edits<T> current = edits;
        if (current.removed.isEmpty()) {
            return Stream.concat(
                    generated(current, (int) Math.min(offset, generated)),
                    current.added.stream().skip(Math.max(0, offset - generated)));
        }
        return Stream.concat(
                        generated(current, 0).filter(row -> !current.removed.contains(key.apply(row))),
                        current.added.stream())
                .skip(offset);
    }

    synchronized void add(T row) {
        List<T> added = new ArrayList<>(edits.added);
        added.add(row);
        edits = new Edits<>(edits.changed, edits.removed, List.copyOf(added));
    }

    /** @throws IllegalArgumentException if no row has this key */
    synchronized void change(String wantedKey, UnaryOperator<T> change) {
        requireExisting(wantedKey);
        List<T> added = edits.added.stream()
                .map(row -> key.apply(row).equals(wantedKey) ? change.apply(row) : row)
                .toList();
        Map<String, UnaryOperator<T>> changed = new HashMap<>(edits.changed);
        changed.merge(wantedKey, change, (first, second) -> row -> second.apply(first.apply(row)));
        edits = new Edits<>(Map.copyOf(changed), edits.removed, added);
    }

    /** @throws IllegalArgumentException if no row has this key */
    synchronized void remove(String wantedKey) {
        requireExisting(wantedKey);
        List<T> added = edits.added.stream()
                .filter(row -> !key.apply(row).equals(wantedKey))
                .toList();
        Set<String> removed = new HashSet<>(edits.removed);
        if (isGenerated(wantedKey)) {
            removed.add(wantedKey);
        }
        edits = new Edits<>(edits.changed, Set.copyOf(removed), added);
    }

    private Stream<T> generated(Edits<T> current, int from) {
        return IntStream.range(from, generated).mapToObj(generator).map(row -> {
            UnaryOperator<T> change = current.changed.get(key.apply(row));
            return change == null ? row : change.apply(row);
        });
    }

    private boolean isGenerated(String wantedKey) {
        return IntStream.range(0, generated).mapToObj(generator).anyMatch(row -> key.apply(row)
                .equals(wantedKey));
    }

    private void requireExisting(String wantedKey) {
        if (from(0).noneMatch(row -> key.apply(row).equals(wantedKey))) {
            throw new IllegalArgumentException("no row has the key '" + wantedKey + "'");
        }
    }
}
