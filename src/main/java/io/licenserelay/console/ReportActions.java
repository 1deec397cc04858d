package io.licenserelay.console;

import io.licenserelay.reports.ImportResult;
import java.io.IOException;
import java.nio.file.Path;

/** What changes the ledger of usage reports by hand, in this process or in the relay that runs. */
public interface ReportActions {

    /**
     * Takes a file into the ledger, by the same reader as the inbox. The file stays where it is.
     *
     * @param site whose inbox it might have lain in
     * @param name told as where the reports came from
     * @throws io.licenserelay.sync.run.Sites.UnknownSite when there is no such site
     */
    ImportResult importFile(String site, String name, Path file) throws IOException, InterruptedException;

    /**
     * Has a report sent again by the next push.
     *
     * @param digest in full
     * @return what happens now, for people
     * @throws io.licenserelay.reports.submit.NotResendable when it makes no sense, with the reason
     */
    String resend(String digest) throws IOException, InterruptedException;

    /**
     * Reads once more what was put aside, since reading it ended the relay.
     *
     * @param id of what is put aside
     * @return what was in it; what was of no use lies in {@code rejected/} now
     * @throws io.licenserelay.reports.submit.NotResendable when nothing of this id is put aside
     */
    ImportResult retry(String id) throws IOException, InterruptedException;
}
