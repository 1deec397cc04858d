package io.licenserelay.evidence;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The licenses, subscriptions and devices of an incident, by name. A list has at most {@link #MOST} items, the most urgent first; its total
 * counts all of them.
 *
 * @param licenses licenses that are short, or that end soon
 * @param subscriptions subscriptions that end soon
 * @param devices devices with a late or due acknowledgement, or without contact
 */
public record ConcernedItems(
        List<License> licenses,
        long licensesTotal,
        List<Subscription> subscriptions,
        long subscriptionsTotal,
        List<Device> devices,
        long devicesTotal) {

    /** The maximum number of items of a list. Further items are only counted. */
    public static final int MOST = 20;

    /** No items. */
    public static final ConcernedItems NOTHING = new ConcernedItems(List.of(), 0, List.of(), 0, List.of(), 0);

    /** @param total number of all licenses, including those not listed */
    public static ConcernedItems licenses(List<License> licenses, long total) {
        return new ConcernedItems(licenses, total, List.of(), 0, List.of(), 0);
    }

    /** @param total number of all devices, including those not listed */
    public static ConcernedItems devices(List<Device> devices, long total) {
        return new ConcernedItems(List.of(), 0, List.of(), 0, devices, total);
    }

    /**
     * A license as SSM lists it.
     *
     * @param virtualAccount the virtual account that holds it
     * @param billing the billing type: {@code PREPAID}
     * @param endsAt null unless its end is the reason for the incident
     */
    public record License(
            String name,
            String virtualAccount,
            String billing,
            long quantity,
            long inUse,
            @Nullable Instant endsAt) {

        /** The number of licenses in use beyond the quantity; 0 if there are enough. SSM may still report the license out of compliance. */
        public long shortBy() {
            return Math.max(0, inUse - quantity);
        }
    }

    /** A subscription as SSM lists it. */
    public record Subscription(String id, String virtualAccount, Instant endsAt) {}

    /**
     * A device and its overdue item.
     *
     * @param virtualAccount null if unknown
     * @param state one or more of {@code overdue}, {@code due-soon}, {@code ack-missing}, {@code silent}
     * @param ackDueAt when its usage must be acknowledged, or null if there is no deadline
     * @param lastContactAt time of the last contact, or null if there was none
     * @param expectedBy when a contact was expected, or null if there is no deadline
     */
    public record Device(
            String pid,
            String serial,
            @Nullable String virtualAccount,
            List<String> state,
            @Nullable Instant ackDueAt,
            @Nullable Instant lastContactAt,
            @Nullable Instant expectedBy) {}
}
