package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.evidence.change.SettingChange;
import io.licenserelay.text.ShortText;
import java.time.Instant;
import java.util.List;

/**
 * The differences from the last successful run.
 *
 * @param line all differences in one line for people
 * @param at when that run ended
 * @param changes the single differences; not empty
 */
public record SinceGoodRun(String line, Instant at, List<SettingChange> changes) {
    private static final int MAX_CHANGES = 10;
    private static final int MAX_LENGTH = 120;

    /** Adds {@code changed}, {@code changedSince} and {@code changes} to the data of an event. */
    void into(ObjectNode data) {
        data.put("changed", line);
        data.put("changedSince", at.toString());
        ArrayNode array = data.putArray("changes");
        for (SettingChange each : changes.subList(0, Math.min(MAX_CHANGES, changes.size()))) {
            ObjectNode node = array.addObject();
            node.put("what", ShortText.of(each.what(), MAX_LENGTH));
            node.put("how", each.how().wireName());
            if (each.was() != null) {
                node.put("was", ShortText.of(each.was(), MAX_LENGTH));
            }
            if (each.is() != null) {
                node.put("is", ShortText.of(each.is(), MAX_LENGTH));
            }
        }
    }
}
