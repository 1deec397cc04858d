package io.licenserelay.actions;

import io.licenserelay.reports.ImportResult;
import java.io.IOException;
import java.nio.file.Path;

/** Manual changes of the ledger of usage reports, in this process or in the running relay. */
public interface ReportActions {
    /** The largest file that can be imported. */
    long MOST_IMPORT_BYTES = 256L << 20;

    /** The error for a larger one. */
    String TOO_LARGE = "the file is larger than " + MOST_IMPORT_BYTES + " bytes";

    /**
     * Reads a file into the ledger with the same reader as the inbox. The file stays where it is.
     *
     * @param site the site of the reports
     * @param name recorded as the origin of the reports
     * @throws io.licenserelay.sync.run.Sites.UnknownSite if there is no such site
     */
    ImportResult importFile(String site, String name, Path file) throws IOException, InterruptedException;

    /**
     * Schedules a report to be sent again by the next push.
     *
     * @param digest the whole digest
     * @return a message about the effect, for people
     * @throws io.licenserelay.reports.submit.NotResendable if the state of the report does not allow it, with the reason
     */
    String resend(String digest) throws IOException, InterruptedException;

    /**
     * Reads a quarantined file or record again.
     *
     * @param id of the quarantined item
     * @return the result; invalid content is now in {@code rejected/}
     * @throws io.licenserelay.reports.submit.NotResendable if no quarantined item has this id
     */
    ImportResult retry(String id) throws IOException, InterruptedException;
}
