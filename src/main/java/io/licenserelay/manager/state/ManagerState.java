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
 * What one look at the Manager showed.
 *
 * @param details {@code version}, {@code settings}, {@code compliance} and more, as far as seen; ready for JSON, nothing secret
 * @param bad what is not well, the first one first; empty when all that could be seen is
 * @param good what is
 * @param notes what could not be seen, and why
 * @param thrown what ended the look before its time; null when nothing did
 * @param exchange the one that was refused; null when none was
 * @param failedAt when the Manager's sync failed; null when it did not
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

    /** The first finding that has one of these names. */
    public Optional<Finding> finding(String... names) {
        return Stream.concat(bad.stream(), good.stream())
                .filter(each -> List.of(names).contains(each.name()))
                .findFirst();
    }

    /** As text, when it was seen. */
    public Optional<String> detail(String name) {
        return Optional.ofNullable(details.get(name)).map(String::valueOf);
    }
}
