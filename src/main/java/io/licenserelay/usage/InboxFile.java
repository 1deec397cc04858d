package io.licenserelay.usage;

import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file in a site's inbox that nobody writes any more.
 *
 * @param va whose it is, when its folders say so
 * @param name below the inbox, for people
 * @param refusal why it is not even looked into; null when it is
 */
record InboxFile(
        Site site,
        Path path,
        @Nullable Place va,
        String name,
        @Nullable String refusal) {

    /** What is the whole file bears the file's name. */
    AckFile named(AckFile ack) {
        String own = String.valueOf(path.getFileName());
        return ack.name().isEmpty() ? new AckFile(own, ack.text(), ack.base64()) : ack;
    }
}
