package io.licenserelay.app.site;

import java.util.List;

/**
 * What a changed configuration did to the sites of a running relay.
 *
 * @param added the names of the sites that run from now on
 * @param changed the names of the sites that run with another configuration from now on
 * @param removed the names of the sites that the relay no longer works for
 * @param problems the sites that differ from the configuration that was to be applied
 */
public record SiteChanges(List<String> added, List<String> changed, List<String> removed, List<Problem> problems) {

    /** What became of a site whose change failed. */
    public enum Effect {
        /** The site goes on with its earlier configuration. */
        KEPT,

        /** The site has no routes and no connections. Its runs wait until it can be changed. */
        NOT_RUNNING,

        /** The change was made. Incidents of what was removed are still open. */
        INCIDENTS_OPEN
    }

    /**
     * A change that failed. It is tried again when the same configuration is applied again.
     *
     * @param site the name of the site, or {@link io.licenserelay.store.Database#RELAY}
     * @param reason the problem and, if known, its fix, as text for people; without secrets
     */
    public record Problem(String site, Effect effect, String reason) {}

    /** Whether nothing was changed, and nothing was to be changed. */
    public boolean isEmpty() {
        return isUnchanged() && problems.isEmpty();
    }

    /** Whether no site was added, changed or removed. */
    boolean isUnchanged() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** Whether another attempt may succeed, because sites that were changed have given something free. */
    boolean isPartial() {
        return !isUnchanged() && !problems.isEmpty();
    }
}
