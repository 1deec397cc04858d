package io.licenserelay.incident.bundle;

/** Keeps the evidence of incidents in a form that can be sent to others and read without the relay. Implementations are thread-safe. */
public interface EvidenceBundles {
    /** Keeps what is due, and removes what is too old. An error is logged, and the next call tries again. */
    void catchUp();

    /** How events name the bundle of their incident. */
    BundleReference reference();
}
