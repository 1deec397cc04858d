package io.licenserelay.sync.watch;

import io.licenserelay.evidence.ProbeResult;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** When the certificates of a site's servers end, as the servers presented them after the last good run. */
final class CertificateEnds {
    private CertificateEnds() {}

    /** The end of the server's own certificate; empty if the probe received none. */
    static Optional<Instant> of(ProbeResult probe) {
        return probe.ofServerCertificate("notAfter").flatMap(CertificateEnds::instant);
    }

    /** Replaces what is stored for the site. */
    static int save(Handle tx, String site, List<ProbeResult> probes, Instant now) {
        tx.execute("DELETE FROM certificate_end WHERE site = ?", site);
        int saved = 0;
        for (ProbeResult probe : probes) {
            Optional<Instant> end = of(probe);
            if (end.isPresent()) {
                saved += tx.execute(
                        "INSERT INTO certificate_end (site, target, ends_at, observed_at) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (site, target) DO UPDATE SET ends_at = excluded.ends_at",
                        site,
                        probe.target(),
                        end.get().toEpochMilli(),
                        now.toEpochMilli());
            }
        }
        return saved;
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException notOurs) {
            return Optional.empty();
        }
    }
}
