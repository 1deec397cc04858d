package io.licenserelay.reports.manager;

import io.licenserelay.inventory.Places.Numbered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One sync request to a site's Manager in progress: its content and its state. Used by one thread. */
public final class ManagerSyncRequest {
    private final String id;
    private final List<Numbered> virtualAccounts;
    private final List<WaitingAck> acks;
    private final List<Upload> uploads = new ArrayList<>();
    private @Nullable Instant sentAt;

    ManagerSyncRequest(String id, List<Numbered> virtualAccounts, List<WaitingAck> acks) {
        this.id = id;
        this.virtualAccounts = virtualAccounts;
        this.acks = acks;
    }

    /**
     * An acknowledgement file, unchanged.
     *
     * @param digest the SHA-256 of the content
     */
    public record WaitingAck(String digest, String name, String base64) {
        public byte[] bytes() {
            return Base64.getDecoder().decode(base64);
        }
    }

    /** The outcome of an upload. */
    public enum Fate {
        HANDED,
        /** The Manager refused the file permanently. */
        REFUSED,
        /** The file still waits. */
        KEPT
    }

    /** @param result the result, or the reason of a failure */
    record Upload(WaitingAck ack, Fate fate, String result) {}

    String id() {
        return id;
    }

    /** The virtual accounts that the Manager is asked to report; never empty. */
    public List<Numbered> virtualAccounts() {
        return virtualAccounts;
    }

    /** The files without an outcome, oldest first. */
    public List<WaitingAck> acks() {
        return acks.stream()
                .filter(ack -> uploads.stream()
                        .noneMatch(upload -> upload.ack().digest().equals(ack.digest())))
                .toList();
    }

    /** @param result the result, or the reason of a failure, as text for people */
    public void recordOutcome(WaitingAck ack, Fate fate, String result) {
        uploads.add(new Upload(ack, fate, result));
    }

    List<Upload> uploads() {
        return List.copyOf(uploads);
    }

    /** Records that the request is about to be sent. From now on the Manager may sync, whatever it answers. */
    public void recordSending(Instant now) {
        sentAt = now;
    }

    public Optional<Instant> sentAt() {
        return Optional.ofNullable(sentAt);
    }
}
