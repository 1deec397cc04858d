package io.licenserelay.app.trace;

import io.licenserelay.config.site.TraceSettings;
import io.licenserelay.trace.Tracing;
import io.licenserelay.trace.Untraced;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Decides whether the relay traces. The only class of this package that is loaded if it does not. */
public final class Tracings {
    private Tracings() {}

    /**
     * @param settings null for no traces
     * @param service {@code relay.name}
     * @param node the name of this relay among the relays that share a store
     * @throws IOException if a trust file cannot be read
     */
    public static Tracing of(@Nullable TraceSettings settings, String service, String node, String version)
            throws IOException {
        return settings == null ? new Untraced() : CollectedTraces.to(settings, service, node, version);
    }
}
