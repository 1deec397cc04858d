package io.licenserelay.cluster.configuration;

/** One of the digests that the configuration of a site has or had. */
public record SiteVersion(String site, String digest) {}
