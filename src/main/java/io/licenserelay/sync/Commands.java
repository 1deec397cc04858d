package io.licenserelay.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands: a structured CloudEvent of type {@code io.licenserelay.sync.requested.v1} whose data name the site, and
 * may say who asks and why. Not more than one a site in the configured time is obeyed, since a command may cost a password
 * attempt. Thread-safe.
 */
public final class Commands {
    private static final String TYPE = "io.licenserelay.sync.requested.v1";
    private static final int LARGEST = 64 * 1024;
    private static final int LONGEST_TEXT = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sites sites;
    private final Duration pause;
    private final Clock clock;
    private final Map<String, Instant> obeyed = new ConcurrentHashMap<>();

    public Commands(Sites sites, Duration pause, Clock clock) {
        this.sites = sites;
        this.pause = pause;
        this.clock = clock;
    }

    /** @throws NotACommand when it is none, names no site of ours, or comes too soon after another */
    public RunRequest read(@Body byte @Nullable [] record) throws NotACommand {
        JsonNode event = event(record);
        if (!event.path("type").asText().equals(TYPE)) {
            throw new NotACommand(
                    "its type is \"" + shortened(event.path("type").asText()) + "\", not " + TYPE);
        }
        JsonNode data = event.path("data");
        String site = known(data.path("site").asText());
        limit(site);
        return new RunRequest(site, RunRequest.Cause.COMMAND, text(data, "requestedBy"), text(data, "reason"), false);
    }

    private static JsonNode event(byte @Nullable [] record) throws NotACommand {
        if (record == null || record.length == 0) {
            throw new NotACommand("the record is empty");
        }
        if (record.length > LARGEST) {
            throw new NotACommand("the record is larger than " + LARGEST + " bytes");
        }
        try {
            JsonNode event = JSON.readTree(record);
            if (event == null || !event.path("specversion").asText().equals("1.0")) {
                throw new NotACommand("it is no structured CloudEvent 1.0");
            }
            return event;
        } catch (JsonProcessingException e) {
            throw new NotACommand("it is no JSON: " + shortened(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new NotACommand("it is no text: " + e.getMessage());
        }
    }

    private String known(String site) throws NotACommand {
        try {
            return sites.named(site).name();
        } catch (Sites.UnknownSite e) {
            throw new NotACommand(shortened(String.valueOf(e.getMessage())));
        }
    }

    private void limit(String site) throws NotACommand {
        Instant now = clock.instant();
        Instant last = obeyed.get(site);
        if (last != null && now.isBefore(last.plus(pause))) {
            throw new NotACommand("another command for " + site + " was obeyed at " + last + "; one every "
                    + pause.toSeconds() + " s is (relay.commands.pause)");
        }
        obeyed.put(site, now);
    }

    private static @Nullable String text(JsonNode data, String field) {
        String text = data.path(field).asText("");
        return text.isEmpty() ? null : shortened(text);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }
}
