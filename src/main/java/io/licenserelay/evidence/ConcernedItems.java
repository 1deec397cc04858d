package io.licenserelay.evidence;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The licenses, subscriptions and devices that an incident is about, by name. A list has at most {@link #MOST} items, the most urgent
 * first; its total counts all.
 *
 * @param licenses of which too many are in use, or which end soon
 * @param subscriptions which end soon
 * @param devices whose acknowledgement is late or due, or of which nothing is heard
 */
public record ConcernedItems(
        List<License> licenses,
        long licensesTotal,
        List<Subscription> subscriptions,
        long subscriptionsTotal,
        List<Device> devices,
        long devicesTotal) {

    /** How many items of a list are told; more are counted. */
    public static final int MOST = 20;

    /** The incident is about none of these. */
    public static final ConcernedItems NOTHING = new ConcernedItems(List.of(), 0, List.of(), 0, List.of(), 0);

    /** @param total of all, told or not */
    public static ConcernedItems licenses(List<License> licenses, long total) {
        return new ConcernedItems(licenses, total, List.of(), 0, List.of(), 0);
    }

    /** @param total of all, told or not */
    public static ConcernedItems devices(List<Device> devices, long total) {
        return new ConcernedItems(List.of(), 0, List.of(), 0, devices, total);
    }

    /**
     * A license as SSM lists it.
     *
     * @param virtualAccount that holds it
     * @param billing type: {@code PREPAID}
     * @param endsAt null unless it is about its end
     */
    public record License(
            String name,
            String virtualAccount,
            String billing,
            long quantity,
            long inUse,
            @Nullable Instant endsAt) {

        /** How many more are in use than there are; 0 when there are enough, though SSM may find it out of compliance all the same. */
        public long shortBy() {
            return Math.max(0, inUse - quantity);
        }
    }

    /** A subscription as SSM lists it. */
    public record Subscription(String id, String virtualAccount, Instant endsAt) {}

    /**
     * A device and what is late of it.
     *
     * @param virtualAccount null when it is not known
     * @param state {@code overdue}, {@code due-soon}, {@code ack-missing}, {@code silent}; at least one
     * @param ackDueAt by when its usage must be acknowledged; null when there is no such day
     * @param lastContactAt when anything was heard of it last; null when nothing was ever heard
     * @param expectedBy by when something was to be heard; null when there is no such day
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
