package io.licenserelay.reports.manager;

/** The outcome of a sync request to a Manager. No outcome proves anything about a report. */
public sealed interface ManagerSyncAnswer {

    /**
     * The Manager answered 200, without a body.
     *
     * @param mode the requested mode: {@code onprem}, {@code offline}, {@code online}
     */
    record Taken(String mode) implements ManagerSyncAnswer {}

    /** The Manager refused the request, or the request was not sent. */
    record Refused(String message) implements ManagerSyncAnswer {}

    /** The request was sent, but no answer arrived. The Manager may sync anyway. */
    record Lost(String message) implements ManagerSyncAnswer {}
}
