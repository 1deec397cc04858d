package io.licenserelay.reports.format;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import org.jspecify.annotations.Nullable;

/**
 * The origin of reports: a file of a site's inbox, or an input that is handled like one.
 *
 * @param fileName the name without folders
 * @param va the owner, if the folders of the file name it
 * @param name the path below the inbox, as text for people
 */
public record ReportSource(
        Site site, String fileName, @Nullable Place va, String name) {

    /** Gives an acknowledgement that is the whole file the name of the file. */
    public AckFile withFileName(AckFile ack) {
        return ack.name().isEmpty() ? new AckFile(fileName, ack.text(), ack.base64()) : ack;
    }
}
