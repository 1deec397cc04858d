package io.licenserelay.view.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items at most as many as requested. A page of a search can have fewer items, or none, although more follow: a search reads a
 *     bounded number of rows per request.
 * @param after the cursor of the next page; null on the last page
 * @param next the address of the next page below the server; null on the last page, and for a page that no address was requested for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(
        List<T> items, @Nullable String after, @Nullable String next) {

    /** The only page of a list. */
    public static <T> Page<T> whole(List<T> items) {
        return new Page<>(List.copyOf(items), null, null);
    }

    /**
     * The first items of a result that was read with one item more than requested.
     *
     * @param read the result of a query with {@code LIMIT} {@link PageRequest#rows}
     * @param key the key of an item, in the order of the list
     */
    public static <T> Page<T> of(List<T> read, PageRequest request, Function<T, List<String>> key) {
        if (read.size() <= request.limit()) {
            return whole(read);
        }
        List<T> items = List.copyOf(read.subList(0, request.limit()));
        return new Page<>(items, PageRequest.cursor(key.apply(items.get(items.size() - 1))), null);
    }

    /** The same page with the address of the next one. */
    public Page<T> linked(String address) {
        return new Page<>(items, after, address);
    }
}
