package io.licenserelay.cli;

import io.licenserelay.evidence.syslog.SyslogReceiver;
import io.licenserelay.site.Site;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** Receives the logs that come as syslog, each by routes of its own. */
final class SyslogReceivers implements AutoCloseable {
    private final List<SyslogReceiver> receivers = new ArrayList<>();
    private final Clock clock;

    SyslogReceivers(Clock clock) {
        this.clock = clock;
    }

    /** @throws NotListening when a log cannot be received where the configuration says */
    void receive(Site site, CamelContext context, SiteRoutes routes) throws NotListening {
        for (Site.LogFile log : site.logs()) {
            if (log.syslog() != null) {
                SyslogReceiver receiver = new SyslogReceiver(log, clock);
                receivers.add(receiver);
                String bean = SiteRoutes.receiver(site, log);
                Registry registry = context.getRegistry();
                registry.bind(bean, receiver);
                registry.bind(bean + "-udp", receiver.datagrams());
                registry.bind(bean + "-tcp", receiver.streams());
                routes.receive(site, log);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SyslogReceiver receiver : receivers) {
            receiver.close();
        }
    }
}
