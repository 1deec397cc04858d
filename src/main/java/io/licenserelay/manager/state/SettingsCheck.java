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
 * Compares the Manager's license settings with what the site knows of its SSM. The mode has three spellings on the wire: {@code on-prem}
 * in the settings, {@code onprem} in a sync, {@code onPrem} in the user's settings.
 */
final class SettingsCheck {
    private static final String ON_PREM = "onprem";

    private SettingsCheck() {}

    /**
     * What cannot work, in a phrase each; what the Manager does not tell is not judged.
     *
     * @param url of SSM, perhaps without scheme
     */
    static List<String> contradictions(
            Site site,
            @Nullable SsmClient known,
            @Nullable String mode,
            @Nullable String url,
            @Nullable String client) {
        List<String> wrong = new ArrayList<>();
        if (mode != null && !plain(mode).equals(ON_PREM)) {
            wrong.add("its mode is " + mode + ", not on-prem");
        }
        // In another mode the rest is of no importance, and often empty.
        if (!wrong.isEmpty()) {
            return wrong;
        }
        String host = url == null || url.isBlank() ? null : host(url);
        String ours = site.ssm().url().getHost();
        if (host != null && !host.equalsIgnoreCase(ours) && !sameAddress(host, ours)) {
            wrong.add("its SSM is " + url + ", not " + site.ssm().url());
        }
        if (known != null
                && client != null
                && !client.isBlank()
                && !client.strip().equals(known.id())) {
            wrong.add("its client id is " + client + ", not " + known.id());
        }
        return wrong;
    }

    /** Whatever its spelling. */
    static String plain(String mode) {
        return mode.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    }

    private static @Nullable String host(String url) {
        String given = url.strip();
        try {
            return URI.create(given.contains("://") ? given : "https://" + given)
                    .getHost();
        } catch (IllegalArgumentException unreadable) {
            return given;
        }
    }

    /** One server may have two names; a name that does not resolve here may do so at the Manager, and is another one. */
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
