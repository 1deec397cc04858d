package io.licenserelay.manager.state;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of one inspection of the Manager.
 *
 * @param details {@code version}, {@code settings}, {@code compliance} and more, as far as they were read; ready for JSON, without secrets
 * @param bad findings of problems, in the order found; empty if none was found
 * @param good findings without a problem
 * @param notes what could not be read, and why
 * @param thrown the exception that ended the inspection early, or null
 * @param exchange the refused exchange, or null if none was refused
 * @param failedAt when the Manager's sync failed, or null if it did not
 */
public record ManagerState(
        Instant at,
        Map<String, Object> details,
        List<Finding> bad,
        List<Finding> good,
        List<String> notes,
        @Nullable Throwable thrown,
        @Nullable HttpExchangeRecord exchange,
        @Nullable Instant failedAt) {

    public boolean isWell() {
        return thrown == null && bad.isEmpty();
    }

    /** The first finding with one of these names. */
    public Optional<Finding> finding(String... names) {
        return Stream.concat(bad.stream(), good.stream())
                .filter(each -> List.of(names).contains(each.name()))
                .findFirst();
    }

    /** A detail as text; empty if it was not read. */
    public Optional<String> detail(String name) {
        return Optional.ofNullable(details.get(name)).map(String::valueOf);
    }
}
