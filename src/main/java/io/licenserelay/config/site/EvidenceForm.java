package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** How much of the collected evidence is in a failure event itself. The evidence bundle always contains all of it. */
public enum EvidenceForm implements WireNamed {
    /** The evidence needed to act: the failed exchange, the verdicts of the probes, five decisive lines of each log, the findings. */
    SHORT,
    /** All evidence up to the maximum event size, for consumers that cannot access the bundle. */
    FULL
}
