package io.licenserelay.app.route;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.syslog.SyslogReceiver;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.netty.NettyServerBossPoolBuilder;
import org.apache.camel.component.netty.NettyWorkerPoolBuilder;
import org.apache.camel.spi.Registry;

/** Receives the syslog sources of all sites. Each source has its own routes. */
public final class SyslogReceivers implements AutoCloseable {
    /** The names of the thread pools of all receivers. */
    static final String BOSS = "syslogBoss";

    static final String WORKERS = "syslogWorkers";

    private final Map<String, List<Received>> bySite = new ConcurrentHashMap<>();
    private final Clock clock;

    /** The event loops that all receivers share. Empty if no log was ever received. */
    private final List<EventLoopGroup> loops = new ArrayList<>();

    /** A receiver, and the name of its bean. */
    private record Received(String bean, SyslogReceiver receiver) {}

    public SyslogReceivers(Clock clock) {
        this.clock = clock;
    }

    /** Binds the threads that all receivers share. */
    private synchronized void bindLoops(Registry registry) {
        if (loops.isEmpty()) {
            loops.add(new NettyServerBossPoolBuilder().withName("syslog-boss").build());
            registry.bind(BOSS, loops.get(0));
            loops.add(new NettyWorkerPoolBuilder().withName("syslog").build());
            registry.bind(WORKERS, loops.get(1));
        }
    }

    /**
     * Receives the logs of a site.
     *
     * @throws SyslogPortUnavailable if a syslog port cannot be opened
     */
    public void receive(Site site, CamelContext context, SiteRoutes routes) throws SyslogPortUnavailable {
        Registry registry = context.getRegistry();
        for (Site.LogFile log : site.logs()) {
            if (log.syslog() != null) {
                bindLoops(registry);
                SyslogReceiver receiver = new SyslogReceiver(log, clock);
                String bean = SiteRoutes.receiver(site, log);
                bySite.computeIfAbsent(site.name(), none -> new CopyOnWriteArrayList<>())
                        .add(new Received(bean, receiver));
                registry.bind(bean, receiver);
                registry.bind(bean + SiteRoutes.UDP, receiver.datagrams());
                registry.bind(bean + SiteRoutes.TCP, receiver.streams());
                routes.receive(site, log);
            }
        }
    }

    /**
     * Ends to receive the logs of a site, if it has any.
     *
     * @throws IOException if the last lines cannot be stored; the ports are closed nevertheless
     */
    public void remove(Site site, CamelContext context, SiteRoutes routes) throws Exception {
        List<Received> removed = Objects.requireNonNullElse(bySite.remove(site.name()), List.of());
        for (Received each : removed) {
            routes.remove(each.bean + SiteRoutes.UDP);
            routes.remove(each.bean + SiteRoutes.TCP);
            Registry registry = context.getRegistry();
            registry.unbind(each.bean);
            registry.unbind(each.bean + SiteRoutes.UDP);
            registry.unbind(each.bean + SiteRoutes.TCP);
        }
        IOException failure = null;
        for (Received each : removed) {
            try {
                each.receiver.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        for (List<Received> ofSite : bySite.values()) {
            for (Received each : ofSite) {
                each.receiver.close();
            }
        }
        loops.forEach(each -> each.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }
}
