package io.licenserelay.view.calendar;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.licenserelay.event.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something that ends or is due.
 *
 * @param uid stable: the same deadline has the same id in every answer
 * @param at when it ends or is due; in the past for an acknowledgement that is overdue
 * @param what a phrase for people: {@code the certificate of ssm.example.net:8443 ends}
 * @param count how many items the entry stands for
 * @param source where the date comes from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalendarEntry(
        String uid,
        Instant at,
        CalendarKind kind,
        String site,
        @Nullable String account,
        @Nullable String virtualAccount,
        String what,
        long count,
        String source) {

    /** The place as text for people: {@code hq/ACME/Default}. */
    @JsonIgnore
    public String place() {
        return Stream.of(site, account, virtualAccount).filter(Objects::nonNull).collect(Collectors.joining("/"));
    }

    /** @param key identifies the deadline among those of its kind and place */
    static CalendarEntry of(
            Instant at,
            CalendarKind kind,
            String site,
            @Nullable String account,
            @Nullable String virtualAccount,
            String key,
            String what,
            long count,
            String source) {
        String id =
                String.join("\n", kind.wireName(), site, String.valueOf(account), String.valueOf(virtualAccount), key);
        String uid = Digests.sha256(id.getBytes(StandardCharsets.UTF_8)).substring(0, 32) + "@license-relay";
        return new CalendarEntry(uid, at, kind, site, account, virtualAccount, what, count, source);
    }
}
