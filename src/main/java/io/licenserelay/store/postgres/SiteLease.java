package io.licenserelay.store.postgres;

/**
 * The right of a relay to write the state of a site.
 *
 * @param node the relay's name in the cluster
 * @param epoch how often the site's owner has changed: a former lease of the same relay has a smaller epoch
 */
public record SiteLease(String node, long epoch) {}
