package io.licenserelay.site;

/** The resources of SSM's interface that the relay uses; each has a path that {@code ssm.paths} may override. */
public enum Resource {
    TOKEN("token"),
    ACCOUNTS("accounts"),
    VIRTUAL_ACCOUNTS("virtual-accounts"),
    LICENSES("licenses"),
    SUBSCRIPTIONS("subscriptions"),
    DEVICES("devices"),
    ALERTS("alerts"),
    REPORT_USAGE("report-usage"),
    POLL("poll");

    private final String wireName;

    Resource(String wireName) {
        this.wireName = wireName;
    }

    /** The word used in {@code relay.yaml} and for steps in events. */
    public String wireName() {
        return wireName;
    }
}
