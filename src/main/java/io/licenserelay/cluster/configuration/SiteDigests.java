package io.licenserelay.cluster.configuration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sites of one configuration, each with the digest of what the configuration says about it. Immutable. */
public final class SiteDigests {
    /** A configuration without sites. */
    public static final SiteDigests NONE = of(Map.of());

    private final Map<String, String> bySite;
    private final String digest;

    private SiteDigests(Map<String, String> bySite) {
        this.bySite = Map.copyOf(bySite);
        this.digest = sha256(new TreeMap<>(bySite));
    }

    /** @param bySite by name of the site, a text that differs whenever its configuration differs */
    public static SiteDigests of(Map<String, String> bySite) {
        return new SiteDigests(bySite);
    }

    private static String sha256(Map<String, String> sorted) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sorted.forEach((site, each) -> {
                // A line break is in no name and in no digest, so different maps give different bytes.
                sha256.update((site + '\n' + each + '\n').getBytes(StandardCharsets.UTF_8));
            });
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** By name of the site. */
    public Map<String, String> bySite() {
        return bySite;
    }

    /** The digest of all sites together. */
    public String digest() {
        return digest;
    }

    /** The sites that both have, with different digests. */
    public Set<String> changedSince(SiteDigests former) {
        return bySite.entrySet().stream()
                .filter(each -> former.bySite.containsKey(each.getKey())
                        && !each.getValue().equals(former.bySite.get(each.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof SiteDigests digests && digest.equals(digests.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return bySite.toString();
    }
}
