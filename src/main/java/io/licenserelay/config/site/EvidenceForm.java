package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** How much of the collected evidence a failure event carries itself. The bundle that the event refers to always has all of it. */
public enum EvidenceForm implements WireNamed {
    /** What is needed to act: the failed exchange, the verdicts of the probes, five decisive lines of each log, the findings. */
    SHORT,
    /** Everything that fits into the largest event, for consumers that cannot reach the bundle. */
    FULL
}
