package io.licenserelay.incident.event;

/**
 * How often runs have observed an incident.
 *
 * @param runs number of runs that observed it; 0 if it was only detected between runs
 * @param escalating number of these runs that no operator requested
 * @param lastRun the id of the last counted run; 0 for none, and for checks, which have no id
 */
public record Sightings(long runs, long escalating, long lastRun) {
    public static final Sightings NONE = new Sightings(0, 0, 0);

    /** Adds an observation. A run counts once, independently of how often it observes the incident. */
    public Sightings and(IncidentContext context) {
        boolean counted = context.runId() != 0 && context.runId() == lastRun;
        if (!context.isRun() || counted) {
            return this;
        }
        return new Sightings(runs + 1, escalating + (context.isByOperator() ? 0 : 1), context.runId());
    }

    /** The number in events: an incident that was only detected between runs counts as one occurrence. */
    public long occurrences() {
        return Math.max(1, runs);
    }
}
