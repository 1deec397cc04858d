package io.licenserelay.reports.manager;

import io.licenserelay.inventory.Places.Numbered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request to a site's Manager while it goes on: what it is asked for, and how far that came. Used by one thread. */
public final class ManagerSyncRequest {
    private final String id;
    private final List<Numbered> virtualAccounts;
    private final List<WaitingAck> acks;
    private final List<Handing> handings = new ArrayList<>();
    private @Nullable Instant sentAt;

    ManagerSyncRequest(String id, List<Numbered> virtualAccounts, List<WaitingAck> acks) {
        this.id = id;
        this.virtualAccounts = virtualAccounts;
        this.acks = acks;
    }

    /**
     * A file of acknowledgements, as it came.
     *
     * @param digest the SHA-256 of its content
     */
    public record WaitingAck(String digest, String name, String base64) {
        public byte[] bytes() {
            return Base64.getDecoder().decode(base64);
        }
    }

    /** What became of such a file. */
    public enum Fate {
        HANDED,
        /** For good. */
        REFUSED,
        /** It waits on. */
        KEPT
    }

    /** @param how it went, or why it did not */
    record Handing(WaitingAck ack, Fate fate, String how) {}

    String id() {
        return id;
    }

    /** All that the Manager is asked for; never empty. */
    public List<Numbered> virtualAccounts() {
        return virtualAccounts;
    }

    /** Those that nothing became of so far, oldest first. */
    public List<WaitingAck> acks() {
        return acks.stream()
                .filter(ack ->
                        handings.stream().noneMatch(done -> done.ack().digest().equals(ack.digest())))
                .toList();
    }

    /** @param how it went, or why it did not, for people */
    public void settled(WaitingAck ack, Fate fate, String how) {
        handings.add(new Handing(ack, fate, how));
    }

    List<Handing> handings() {
        return List.copyOf(handings);
    }

    /** The request leaves now: the Manager may sync from here on, whatever comes back. */
    public void sending(Instant now) {
        sentAt = now;
    }

    public Optional<Instant> sentAt() {
        return Optional.ofNullable(sentAt);
    }
}
