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
 * Rows of which most are made when they are read, so that a million cost nothing, and some were added, changed or removed
 * by hand. A reader sees the edits as they were when it began. Safe for use by many threads.
 *
 * @param <T> an immutable row; rows that are made have keys of their own
 */
public final class Rows<T> {
    private final int made;
    private final IntFunction<T> maker;
    private final Function<T, String> key;
    private volatile Edits<T> edits = new Edits<>(Map.of(), Set.of(), List.of());

    private record Edits<T>(Map<String, UnaryOperator<T>> changed, Set<String> gone, List<T> added) {}

    Rows(int made, IntFunction<T> maker, Function<T, String> key) {
        this.made = made;
        this.maker = maker;
        this.key = key;
    }

    public long count() {
        Edits<T> now = edits;
        return (long) made - now.gone.size() + now.added.size();
    }

    /** @param offset rows to leave out, 0 or more */
    public Stream<T> from(long offset) {
        Edits<T> now = edits;
        if (now.gone.isEmpty()) {
            return Stream.concat(
                    made(now, (int) Math.min(offset, made)), now.added.stream().skip(Math.max(0, offset - made)));
        }
        return Stream.concat(made(now, 0).filter(row -> !now.gone.contains(key.apply(row))), now.added.stream())
                .skip(offset);
    }

    synchronized void add(T row) {
        List<T> added = new ArrayList<>(edits.added);
        added.add(row);
        edits = new Edits<>(edits.changed, edits.gone, List.copyOf(added));
    }

    /** @throws IllegalArgumentException when no row has this key */
    synchronized void change(String wanted, UnaryOperator<T> change) {
        require(wanted);
        List<T> added = edits.added.stream()
                .map(row -> key.apply(row).equals(wanted) ? change.apply(row) : row)
                .toList();
        Map<String, UnaryOperator<T>> changed = new HashMap<>(edits.changed);
        changed.merge(wanted, change, (before, then) -> row -> then.apply(before.apply(row)));
        edits = new Edits<>(Map.copyOf(changed), edits.gone, added);
    }

    /** @throws IllegalArgumentException when no row has this key */
    synchronized void remove(String wanted) {
        require(wanted);
        List<T> added = edits.added.stream()
                .filter(row -> !key.apply(row).equals(wanted))
                .toList();
        Set<String> gone = new HashSet<>(edits.gone);
        if (isMade(wanted)) {
            gone.add(wanted);
        }
        edits = new Edits<>(edits.changed, Set.copyOf(gone), added);
    }

    private Stream<T> made(Edits<T> now, int from) {
        return IntStream.range(from, made).mapToObj(maker).map(row -> {
            UnaryOperator<T> change = now.changed.get(key.apply(row));
            return change == null ? row : change.apply(row);
        });
    }

    private boolean isMade(String wanted) {
        return IntStream.range(0, made).mapToObj(maker).anyMatch(row -> key.apply(row)
                .equals(wanted));
    }

    private void require(String wanted) {
        if (from(0).noneMatch(row -> key.apply(row).equals(wanted))) {
            throw new IllegalArgumentException("nothing here is called '" + wanted + "'");
        }
    }
}
