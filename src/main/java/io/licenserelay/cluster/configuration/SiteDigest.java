package io.licenserelay.cluster.configuration;

/** One digest of one site. */
public record SiteDigest(String site, String digest) {}
