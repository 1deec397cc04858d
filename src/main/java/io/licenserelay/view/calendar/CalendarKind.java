package io.licenserelay.view.calendar;

import io.licenserelay.text.WireNamed;

/** What ends or is due. */
public enum CalendarKind implements WireNamed {
    /** The certificate of a server. */
    CERTIFICATE,
    /** An API client, by the date in the configuration. */
    API_CLIENT,
    /** What SSM needs for its synchronization with Cisco, by an alert of SSM itself that names a number of days. */
    SSM_TOKEN,
    /** Licenses or subscriptions of a virtual account. */
    LICENSE_END,
    /** Acknowledgements of usage reports of devices. */
    REPORT_DEADLINE
}
