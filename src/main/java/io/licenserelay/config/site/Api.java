package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;
import java.util.Map;

/**
 * A named set of paths. {@code {account}} and {@code {va}} are placeholders for percent-encoded names. {@code docs/certainty.md} has the
 * sources of the paths and their certainty.
 */
@SuppressWarnings("ImmutableEnumChecker") // Map.of gives an immutable map; its type does not say so.
public enum Api implements WireNamed {
    /** SSM On-Prem as public clients use it: all paths at the root. */
    SSM_ONPREM(onPrem("")),
    /** SSM On-Prem with the prefix {@code /backend}, as a client of 2021 calls it. */
    SSM_ONPREM_BACKEND(onPrem("/backend")),
    /** Cisco's cloud API, and servers with a compatible API. */
    CSSM(cssm());

    private final Map<Resource, String> paths;

    Api(Map<Resource, String> paths) {
        this.paths = paths;
    }

    /** Whether the API lists alerts of an account. The cloud API does not. */
    public boolean hasAlerts() {
        return this != CSSM;
    }

    /** The known paths of this API. A resource that is not included has no confirmed path. */
    public Map<Resource, String> paths() {
        return paths;
    }

    private static Map<Resource, String> onPrem(String prefix) {
        String v1 = prefix + "/api/v1";
        String account = v1 + "/accounts/{account}";
        return Map.of(
                Resource.TOKEN, prefix + "/oauth/token",
                Resource.ACCOUNTS, v1 + "/upstream_satellites/accounts",
                Resource.VIRTUAL_ACCOUNTS, account + "/virtual-accounts",
                Resource.LICENSES, account + "/licenses",
                Resource.SUBSCRIPTIONS, account + "/license-subscriptions",
                Resource.DEVICES, account + "/virtual-accounts/{va}/devices",
                Resource.ALERTS, account + "/alerts");
    }

    private static Map<Resource, String> cssm() {
        String base = "/services/api/smart-accounts-and-licensing";
        String account = base + "/v1/accounts/{account}";
        return Map.of(
                Resource.TOKEN, "/oauth2/default/v1/token",
                Resource.ACCOUNTS, base + "/v2/accounts/search",
                Resource.VIRTUAL_ACCOUNTS, account + "/customer/virtual-accounts",
                Resource.LICENSES, account + "/licenses",
                Resource.SUBSCRIPTIONS, account + "/license-subscriptions",
                Resource.DEVICES, account + "/devices",
                Resource.REPORT_USAGE, base + "/v2/devices/reportusage",
                Resource.POLL, base + "/v2/accounts/poll");
    }
}
