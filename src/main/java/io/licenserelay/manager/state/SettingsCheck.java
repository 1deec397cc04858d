package io.licenserelay.manager.state;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager.SsmClient;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the Manager's license settings with the site's configuration of SSM. The mode has three spellings: {@code on-prem} in the
 * settings, {@code onprem} in a sync, {@code onPrem} in the user's settings.
 */
final class SettingsCheck {
    private static final String ON_PREM = "onprem";

    private SettingsCheck() {}

    /**
     * The differences that prevent a sync, one phrase each. Settings that the Manager does not report are not compared.
     *
     * @param url the URL of SSM, possibly without scheme
     */
    static List<String> contradictions(
            Site site,
            @Nullable SsmClient known,
            @Nullable String mode,
            @Nullable String url,
            @Nullable String client) {
        List<String> differences = new ArrayList<>();
        if (mode != null && !normalized(mode).equals(ON_PREM)) {
            differences.add("its mode is " + mode + ", not on-prem");
        }
        // In another mode the other settings are irrelevant and often empty.
        if (!differences.isEmpty()) {
            return differences;
        }
        String host = url == null || url.isBlank() ? null : host(url);
        String siteHost = site.ssm().url().getHost();
        if (host != null && !host.equalsIgnoreCase(siteHost) && !sameAddress(host, siteHost)) {
            differences.add("its SSM is " + url + ", not " + site.ssm().url());
        }
        if (known != null
                && client != null
                && !client.isBlank()
                && !client.strip().equals(known.id())) {
            differences.add("its client id is " + client + ", not " + known.id());
        }
        return differences;
    }

    /** The mode in lower case, letters only. */
    static String normalized(String mode) {
        return mode.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    }

    private static @Nullable String host(String url) {
        String text = url.strip();
        try {
            return URI.create(text.contains("://") ? text : "https://" + text).getHost();
        } catch (IllegalArgumentException unreadable) {
            return text;
        }
    }

    /**
     * One server may have two names. A name that does not resolve here may resolve at the Manager; it then counts as a different server.
     */
    private static boolean sameAddress(String one, String other) {
        try {
            Set<InetAddress> addresses = new HashSet<>(List.of(InetAddress.getAllByName(one)));
            addresses.retainAll(List.of(InetAddress.getAllByName(other)));
            return !addresses.isEmpty();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
