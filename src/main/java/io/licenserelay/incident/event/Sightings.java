package io.licenserelay.incident.event;

/**
 * How often runs have seen an incident.
 *
 * @param runs how many runs have seen it; 0 when it was noticed between runs only
 * @param escalating how many of these runs no operator asked for
 * @param lastRun the newest run that is counted; 0 for none, and for looks, which have no number
 */
public record Sightings(long runs, long escalating, long lastRun) {
    public static final Sightings NONE = new Sightings(0, 0, 0);

    /** The same after one more occasion: a run counts once, however often it sees the incident. */
    public Sightings and(IncidentContext occasion) {
        boolean counted = occasion.runId() != 0 && occasion.runId() == lastRun;
        if (!occasion.isRun() || counted) {
            return this;
        }
        return new Sightings(runs + 1, escalating + (occasion.isByOperator() ? 0 : 1), occasion.runId());
    }

    /** As events tell it: what was noticed between runs has occurred too. */
    long occurrences() {
        return Math.max(1, runs);
    }
}
