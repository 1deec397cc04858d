package io.licenserelay.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.event.FoldedLog;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.text.Json;
import io.licenserelay.text.ShortText;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Reads commands: a structured CloudEvent of type {@code io.licenserelay.sync.requested.v1} whose data name the site, and
 * may say which relay is meant, who asks and why. Not more than one a site in the configured time is obeyed, since a command may cost a password
 * attempt. Thread-safe.
 */
public final class SyncCommands {
    private static final String TYPE = "io.licenserelay.sync.requested.v1";
    private static final int LARGEST = 64 * 1024;
    private static final int LONGEST_TEXT = 500;

    private final FoldedLog leftToOthers =
            new FoldedLog(LoggerFactory.getLogger("io.licenserelay.commands")::info, Duration.ofMinutes(1));
    private final String relay;
    private final Sites sites;
    private final Duration pause;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Map<String, Obeyed> obeyed = new ConcurrentHashMap<>();

    /** @param relay the name of this relay, by which a command may address it */
    public SyncCommands(String relay, Sites sites, Duration pause, Clock clock) {
        this(relay, sites, pause, clock, System::nanoTime);
    }

    SyncCommands(String relay, Sites sites, Duration pause, Clock clock, LongSupplier nanos) {
        this.nanos = nanos;
        this.relay = relay;
        this.sites = sites;
        this.pause = pause;
        this.clock = clock;
    }

    /**
     * Reads one.
     *
     * @throws InvalidCommand when it is none, names this relay and no site of it, or comes too soon after another
     * @throws CommandForAnotherRelay when it names another relay, or no relay and a site that this one does not have
     */
    public SyncRequest read(@Body byte @Nullable [] record) throws InvalidCommand, CommandForAnotherRelay {
        JsonNode event = event(record);
        if (!event.path("type").asText().equals(TYPE)) {
            throw new InvalidCommand(
                    "its type is \"" + ShortText.of(event.path("type").asText(), LONGEST_TEXT) + "\", not " + TYPE);
        }
        JsonNode data = event.path("data");
        String site = ours(data.path("relay").asText(), data.path("site").asText());
        limit(site);
        return new SyncRequest(site, SyncRequest.Cause.COMMAND, text(data, "requestedBy"), text(data, "reason"), false);
    }

    /** Logs that a command is left to other relays. */
    public void left(CommandForAnotherRelay why) {
        leftToOthers.add("a command is left to other relays: " + why.getMessage());
    }

    /** Writes how many commands were left to other relays without a line of their own. */
    public void logCounts() {
        leftToOthers.flush();
    }

    private static JsonNode event(byte @Nullable [] record) throws InvalidCommand {
        if (record == null || record.length == 0) {
            throw new InvalidCommand("the record is empty");
        }
        if (record.length > LARGEST) {
            throw new InvalidCommand("the record is larger than " + LARGEST + " bytes");
        }
        try {
            JsonNode event = Json.MAPPER.readTree(record);
            if (event == null || !event.path("specversion").asText().equals("1.0")) {
                throw new InvalidCommand("it is no structured CloudEvent 1.0");
            }
            return event;
        } catch (JsonProcessingException e) {
            throw new InvalidCommand("it is no JSON: " + ShortText.of(e.getOriginalMessage(), LONGEST_TEXT));
        } catch (IOException e) {
            throw new InvalidCommand("it is no text: " + e.getMessage());
        }
    }

    /** The site, when the command is for this relay. */
    private String ours(String named, String site) throws InvalidCommand, CommandForAnotherRelay {
        if (site.isEmpty()) {
            throw new InvalidCommand("it names no site");
        }
        if (!named.isEmpty() && !named.equals(relay)) {
            throw new CommandForAnotherRelay("it is for relay " + ShortText.of(named, LONGEST_TEXT));
        }
        try {
            return sites.named(site).name();
        } catch (Sites.UnknownSite e) {
            String why = ShortText.of(String.valueOf(e.getMessage()), LONGEST_TEXT);
            if (named.isEmpty()) {
                throw new CommandForAnotherRelay(why);
            }
            throw new InvalidCommand(why);
        }
    }

    /** @param nanos by the monotonic clock, since the wall clock may be set */
    private record Obeyed(Instant at, long nanos) {}

    private void limit(String site) throws InvalidCommand {
        Obeyed now = new Obeyed(clock.instant(), nanos.getAsLong());
        Obeyed last = obeyed.get(site);
        if (last != null && now.nanos - last.nanos < pause.toNanos()) {
            throw new InvalidCommand("another command for " + site + " was obeyed at " + last.at + "; one every "
                    + pause.toSeconds() + " s is (relay.commands.pause)");
        }
        obeyed.put(site, now);
    }

    private static @Nullable String text(JsonNode data, String field) {
        String text = data.path(field).asText("");
        return text.isEmpty() ? null : ShortText.of(text, LONGEST_TEXT);
    }
}
