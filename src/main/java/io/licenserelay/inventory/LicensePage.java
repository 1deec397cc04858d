package io.licenserelay.inventory;

import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.inventory.model.License;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The licenses of one page of an answer. Rows with the same name and billing type are added up to one license, by the
 * rules of {@link LicenseSql} for rows of different pages: one statement of PostgreSQL must not insert a key twice. Not
 * thread-safe.
 */
final class LicensePage {
    private final Map<Key, AddedUp> licenses = new LinkedHashMap<>();

    LicensePage(List<License> rows) {
        for (License row : rows) {
            licenses.merge(new Key(row.name(), row.billing()), new AddedUp(row, 1), AddedUp::plus);
        }
    }

    /** The licenses that were not taken, in the order of the answer. */
    Collection<AddedUp> licenses() {
        return licenses.values();
    }

    /** Removes the license from the page; returns null if the page does not contain it. */
    @Nullable
    AddedUp take(String name, String billing) {
        return licenses.remove(new Key(name, billing));
    }

    /**
     * The names and billing types to look up, in groups of at most as many billing types. A group with all billing types
     * of a name would have no limit.
     */
    List<Group> groups(int billingTypes) {
        Map<String, List<String>> namesOfBilling = new LinkedHashMap<>();
        for (Key key : licenses.keySet()) {
            namesOfBilling
                    .computeIfAbsent(key.billing, billing -> new ArrayList<>())
                    .add(key.name);
        }
        List<Group> groups = new ArrayList<>();
        Group last = null;
        for (Map.Entry<String, List<String>> each : namesOfBilling.entrySet()) {
            if (last == null || last.billings.size() == billingTypes) {
                last = new Group(new ArrayList<>(), new LinkedHashSet<>());
                groups.add(last);
            }
            last.billings.add(each.getKey());
            last.names.addAll(each.getValue());
        }
        return groups;
    }

    /** Billing types, and the names that occur with any of them. */
    record Group(List<String> billings, Set<String> names) {}

    private record Key(String name, String billing) {}

    /**
     * A license of the page.
     *
     * @param license the sums of all rows, the earliest end date, and out of compliance if one of the rows is
     * @param rows the number of rows
     */
    record AddedUp(License license, long rows) {

        private AddedUp plus(AddedUp next) {
            License first = license;
            License second = next.license;
            License sum = new License(
                    first.name(),
                    first.billing(),
                    sum(first.quantity(), second.quantity()),
                    sum(first.inUse(), second.inUse()),
                    sum(first.available(), second.available()),
                    sum(first.reserved(), second.reserved()),
                    second.status().equals(Compliance.OUT) ? second.status() : first.status(),
                    earliest(first.endsAt(), second.endsAt()));
            return new AddedUp(sum, rows + next.rows);
        }

        /** A sum of more than 64 bits is limited. A server's invalid numbers must not fail the run. */
        static long sum(long first, long second) {
            long sum = first + second;
            boolean overflows = ((first ^ sum) & (second ^ sum)) < 0;
            return overflows ? (first < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE) : sum;
        }

        private static @Nullable Instant earliest(@Nullable Instant first, @Nullable Instant second) {
            return first == null || second != null && second.isBefore(first) ? second : first;
        }
    }
}
