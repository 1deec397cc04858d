package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.evidence.change.SettingChange;
import io.licenserelay.text.ShortText;
import java.time.Instant;
import java.util.List;

/**
 * What differs from the last good run.
 *
 * @param line all of it in one line for people
 * @param at when that run ended well
 * @param changes the same, each for itself; not empty
 */
public record SinceGoodRun(String line, Instant at, List<SettingChange> changes) {
    private static final int MOST = 10;
    private static final int LONGEST = 120;

    /** Adds {@code changed}, {@code changedSince} and {@code changes} to the data of an event. */
    void into(ObjectNode data) {
        data.put("changed", line);
        data.put("changedSince", at.toString());
        ArrayNode array = data.putArray("changes");
        for (SettingChange each : changes.subList(0, Math.min(MOST, changes.size()))) {
            ObjectNode node = array.addObject();
            node.put("what", ShortText.of(each.what(), LONGEST));
            node.put("how", each.how().wireName());
            if (each.was() != null) {
                node.put("was", ShortText.of(each.was(), LONGEST));
            }
            if (each.is() != null) {
                node.put("is", ShortText.of(each.is(), LONGEST));
            }
        }
    }
}
