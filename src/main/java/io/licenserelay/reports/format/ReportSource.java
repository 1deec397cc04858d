package io.licenserelay.reports.format;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import org.jspecify.annotations.Nullable;

/**
 * Where reports come from: a file of a site's inbox, or what is read as if it were one.
 *
 * @param own its name without folders
 * @param va whose it is, when its folders say so
 * @param name below the inbox, for people
 */
public record ReportSource(Site site, String own, @Nullable Place va, String name) {

    /** What is the whole file bears the file's name. */
    public AckFile named(AckFile ack) {
        return ack.name().isEmpty() ? new AckFile(own, ack.text(), ack.base64()) : ack;
    }
}
