package io.licenserelay.reports.manager;

/** What came of asking a Manager to sync. None of it says anything of a report. */
public sealed interface ManagerSyncAnswer {

    /**
     * It answered 200, which has no body.
     *
     * @param mode as it was asked: {@code onprem}, {@code offline}, {@code online}
     */
    record Taken(String mode) implements ManagerSyncAnswer {}

    /** It said no, or it was not asked at all. */
    record Refused(String message) implements ManagerSyncAnswer {}

    /** It was asked, and no answer came: it may sync all the same. */
    record Lost(String message) implements ManagerSyncAnswer {}
}
