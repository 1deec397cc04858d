package io.licenserelay.cluster.ownership;

import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.cluster.configuration.SiteVersion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shared tables as one node uses them. Each method takes a constant number of statements, whatever the number of keys. No method waits
 * for a row that another transaction has locked: such a row is left out. Only {@code accept} waits, for another node that stores its
 * configuration.
 */
public interface OwnershipTable {
    /** One statement. */
    Observation observe();

    /**
     * Stores the configuration of this node, for the other nodes and for the time after its end. One transaction.
     *
     * @param changed the sites whose digest this node changed while it ran
     */
    void accept(SiteDigests digests, Set<String> changed);

    /** Returns by digest of a configuration its sites, each with its digest. One statement. */
    Map<String, Map<String, String>> configurations(Set<String> configurations);

    /** Returns when the known digests of the sites were accepted, by the database's clock. One statement. */
    Map<SiteVersion, Long> acceptedAt(Set<String> sites);

    /** Returns the rows that no node of {@code live} owns, and the rows of this node. One statement. */
    List<OwnerRow> available(Set<String> live);

    /** Adds rows without an owner for the keys that have none. One statement. */
    void add(Collection<String> keys);

    /**
     * Takes the keys whose owner is null, this node, or a node that is not alive, and raises their epochs. One transaction.
     *
     * @return the new epoch of each key that was taken
     */
    Map<String, Long> take(Collection<String> keys);

    /**
     * Sets the owner of those keys to null that this node owns, and raises their epochs. One statement.
     *
     * @return the keys that were released
     */
    Set<String> release(Collection<String> keys);
}
