package io.licenserelay.event.hook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What the hook {@code enrich-incident} adds to an event.
 *
 * @param extra the fields of the operator; null when there are none
 * @param note why there are none; null when the hook did what it should
 */
public record Enrichment(
        @Nullable ObjectNode extra, @Nullable String note) {
    /** Nothing is added and nothing is wrong. */
    public static final Enrichment NONE = new Enrichment(null, null);

    /** Adds it to the data of an event, which is redacted afterwards. */
    public void into(ObjectNode data) {
        if (extra != null) {
            data.set("extra", extra);
        }
        if (note != null) {
            data.put("extraNote", note);
        }
    }
}
