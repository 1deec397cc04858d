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
import java.util.function.Predicate;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Reads commands: a structured CloudEvent of type {@code io.licenserelay.sync.requested.v1} whose data names the site,
 * and optionally the relay, the requester and the reason. At most one command per site is accepted in the configured
 * time, because a command may cost a password attempt. Thread-safe.
 */
public final class SyncCommands {
    private static final String TYPE = "io.licenserelay.sync.requested.v1";
    private static final int MAX_SIZE = 64 * 1024;
    private static final int MAX_TEXT_LENGTH = 500;

    private final FoldedLog ignoredLog =
            new FoldedLog(LoggerFactory.getLogger("io.licenserelay.commands")::info, Duration.ofMinutes(1));
    private final String relay;
    private final Sites sites;
    private final Predicate<String> elsewhere;
    private final Duration pause;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();

    /**
     * @param relay the name of this relay, by which a command may address it
     * @param elsewhere whether another relay of the cluster has a site that this one does not have: its owner runs the command
     * @param pause the shortest time between two commands for a site that this process reads; zero in a cluster, where
     *     {@link PendingRequests} counts the commands that any relay reads
     */
    public SyncCommands(String relay, Sites sites, Predicate<String> elsewhere, Duration pause, Clock clock) {
        this(relay, sites, elsewhere, pause, clock, System::nanoTime);
    }

    SyncCommands(
            String relay, Sites sites, Predicate<String> elsewhere, Duration pause, Clock clock, LongSupplier nanos) {
        this.elsewhere = elsewhere;
        this.nanos = nanos;
        this.relay = relay;
        this.sites = sites;
        this.pause = pause;
        this.clock = clock;
    }

    /**
     * Reads a command.
     *
     * @throws InvalidCommand when the record is not a command, names this relay and a site that it does not have, or
     *     arrives too soon after another command
     * @throws CommandForAnotherRelay when the command names another relay, or names no relay and a site that this relay
     *     does not have
     */
    public SyncRequest read(@Body byte @Nullable [] record) throws InvalidCommand, CommandForAnotherRelay {
        JsonNode event = event(record);
        if (!event.path("type").asText().equals(TYPE)) {
            throw new InvalidCommand("the event type is \""
                    + ShortText.of(event.path("type").asText(), MAX_TEXT_LENGTH) + "\", not " + TYPE);
        }
        JsonNode data = event.path("data");
        String site =
                siteOfThisRelay(data.path("relay").asText(), data.path("site").asText());
        limit(site);
        return new SyncRequest(site, SyncRequest.Cause.COMMAND, text(data, "requestedBy"), text(data, "reason"), false);
    }

    /** Logs that a command is for another relay. */
    public void left(CommandForAnotherRelay why) {
        ignoredLog.add("ignored a command for another relay: " + why.getMessage());
    }

    /** Logs the number of commands for other relays that were not logged separately. */
    public void logCounts() {
        ignoredLog.flush();
    }

    private static JsonNode event(byte @Nullable [] record) throws InvalidCommand {
        if (record == null || record.length == 0) {
            throw new InvalidCommand("the record is empty");
        }
        if (record.length > MAX_SIZE) {
            throw new InvalidCommand("the record is larger than " + MAX_SIZE + " bytes");
        }
        try {
            JsonNode event = Json.MAPPER.readTree(record);
            if (event == null || !event.path("specversion").asText().equals("1.0")) {
                throw new InvalidCommand("the record is not a structured CloudEvent 1.0");
            }
            return event;
        } catch (JsonProcessingException e) {
            throw new InvalidCommand(
                    "the record is not valid JSON: " + ShortText.of(e.getOriginalMessage(), MAX_TEXT_LENGTH));
        } catch (IOException e) {
            throw new InvalidCommand("the record cannot be read as text: " + e.getMessage());
        }
    }

    /** Returns the site if the command is for this relay. */
    private String siteOfThisRelay(String relayName, String site) throws InvalidCommand, CommandForAnotherRelay {
        if (site.isEmpty()) {
            throw new InvalidCommand("the command names no site");
        }
        if (!relayName.isEmpty() && !relayName.equals(relay)) {
            throw new CommandForAnotherRelay("the command is for relay " + ShortText.of(relayName, MAX_TEXT_LENGTH));
        }
        if (!sites.isKnown(site) && elsewhere.test(site)) {
            return site;
        }
        try {
            return sites.named(site).name();
        } catch (Sites.UnknownSite e) {
            String why = ShortText.of(String.valueOf(e.getMessage()), MAX_TEXT_LENGTH);
            if (relayName.isEmpty()) {
                throw new CommandForAnotherRelay(why);
            }
            throw new InvalidCommand(why);
        }
    }

    /** @param nanos the time by the monotonic clock, because the wall clock may be set */
    private record Accepted(Instant at, long nanos) {}

    private void limit(String site) throws InvalidCommand {
        Accepted now = new Accepted(clock.instant(), nanos.getAsLong());
        Accepted last = accepted.get(site);
        if (last != null && now.nanos - last.nanos < pause.toNanos()) {
            throw InvalidCommand.tooSoon(site, last.at, pause);
        }
        accepted.put(site, now);
    }

    private static @Nullable String text(JsonNode data, String field) {
        String text = data.path(field).asText("");
        return text.isEmpty() ? null : ShortText.of(text, MAX_TEXT_LENGTH);
    }
}
