package io.licenserelay.app.route;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.syslog.SyslogReceiver;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.netty.NettyServerBossPoolBuilder;
import org.apache.camel.component.netty.NettyWorkerPoolBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.spi.Registry;

/** Receives the syslog sources of all sites. Each source has its own routes. */
public final class SyslogReceivers implements AutoCloseable {
    /** The names of the thread pools of all receivers. */
    static final String BOSS = "syslogBoss";

    static final String WORKERS = "syslogWorkers";

    private final List<SyslogReceiver> receivers = new ArrayList<>();
    private final Clock clock;

    /** The event loops that all receivers share. Empty if no log is received. */
    private final List<EventLoopGroup> loops = new ArrayList<>();

    public SyslogReceivers(Clock clock) {
        this.clock = clock;
    }

    /** Binds the threads that all receivers share. */
    public void bind(Main main, Collection<Site> sites) {
        if (sites.stream().flatMap(site -> site.logs().stream()).anyMatch(log -> log.syslog() != null)) {
            main.bind(
                    BOSS,
                    share(new NettyServerBossPoolBuilder()
                            .withName("syslog-boss")
                            .build()));
            main.bind(
                    WORKERS,
                    share(new NettyWorkerPoolBuilder().withName("syslog").build()));
        }
    }

    private EventLoopGroup share(EventLoopGroup group) {
        loops.add(group);
        return group;
    }

    /** @throws SyslogPortUnavailable if a syslog port cannot be opened */
    public void receive(Site site, CamelContext context, SiteRoutes routes) throws SyslogPortUnavailable {
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
        loops.forEach(each -> each.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }
}
