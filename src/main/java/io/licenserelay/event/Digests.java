package io.licenserelay.event;

import io.licenserelay.text.Sha256;

/** SHA-256 in lower-case hex, as used for payloads and evidence in events and in the ledger. */
public final class Digests {
    private Digests() {}

    public static String sha256(byte[] bytes) {
        return new Sha256().add(bytes).hex();
    }
}
