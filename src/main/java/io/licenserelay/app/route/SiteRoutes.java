package io.licenserelay.app.route;

import io.licenserelay.config.site.Site;
import io.licenserelay.http.RouteSender;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Schedules;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** Creates the routes of each site from the templates in the route files. Each route is named {@code template.site}. */
public final class SiteRoutes {
    private static final String RUN = "direct:run";

    /** Where routes begin that Java calls and no route. */
    static final Set<String> CALLED_BY_THE_RELAY = Set.of(RUN, RouteSender.ROUTE, "direct:manager-watch");

    /** The templates whose routes check a site between its runs. */
    private static final List<String> WATCHES = List.of("inbox-timer", "poll-timer", "manager-timer", "reports-topic");

    private static final String PUBLISH = "publish";
    private static final String EVIDENCE = "evidence";
    private static final String CONFIGURATION = "configuration";

    /** The ends of the ids of the routes that receive a log, and of the beans that decode its messages. */
    static final String UDP = "-udp";

    static final String TCP = "-tcp";

    /** How long a stop waits for the current exchange of a route. */
    private static final long PATIENCE_SECONDS = 5;

    private final CamelContext context;
    private final String relay;

    /** @param relay the name of this relay, the prefix of its consumer groups */
    public SiteRoutes(CamelContext context, String relay) {
        this.context = context;
        this.relay = relay;
    }

    /**
     * The ids of the routes that run only where the site is owned, whether it has them or not.
     *
     * @param key the name of a site, or {@link Database#RELAY}
     */
    public static List<String> ownedBy(String key) {
        return key.equals(Database.RELAY)
                ? List.of(PUBLISH)
                : WATCHES.stream().map(template -> id(template, key)).toList();
    }

    /** The key that owns the route: empty for a route that runs in every process, or that other routes call. */
    public static Optional<String> ownerOf(String routeId) {
        if (routeId.equals(PUBLISH)) {
            return Optional.of(Database.RELAY);
        }
        int dot = routeId.indexOf('.');
        return dot > 0 && WATCHES.contains(routeId.substring(0, dot))
                ? Optional.of(routeId.substring(dot + 1))
                : Optional.empty();
    }

    /** Creates the evidence route of the site. It is per site, because the deadline of a split is fixed when its route is created. */
    public void add(Site site) {
        String deadline = Long.toString(site.probing().deadline().toMillis());
        make(EVIDENCE, site, Map.of("deadline", deadline));
    }

    /** Creates the routes that check the site between its runs. */
    public void watch(Site site) {
        make("inbox-timer", site, Map.of());
        if (site.reports().sendsByApi()) {
            make("poll-timer", site, Map.of());
        }
        Site.SdwanManager manager = site.manager();
        if (manager != null) {
            String jitter = Long.toString(Schedules.jitter(site).toMillis());
            String watch = Long.toString(manager.watch().toMillis());
            make("manager-timer", site, Map.of("watch", watch, "jitter", jitter));
        }
        String topic = site.reports().topic();
        if (topic != null) {
            make("reports-topic", site, Map.of("topic", topic, "relay", relay));
        }
    }

    /**
     * Stops the routes that check the site between its runs. A current check goes on.
     *
     * @return false if a check is still in progress after some seconds; its route then goes on
     */
    public boolean stop(Site site) throws Exception {
        for (String route : ownedBy(site.name())) {
            ServiceStatus status = context.getRouteController().getRouteStatus(route);
            if (status != null
                    && status.isStoppable()
                    && !context.getRouteController().stopRoute(route, PATIENCE_SECONDS, TimeUnit.SECONDS, true)) {
                return false;
            }
        }
        return true;
    }

    /** Starts the routes that {@link #stop} stopped. */
    public void resume(Site site) throws Exception {
        for (String route : ownedBy(site.name())) {
            ServiceStatus status = context.getRouteController().getRouteStatus(route);
            if (status != null && status.isStartable()) {
                context.getRouteController().startRoute(route);
            }
        }
    }

    /** Removes the routes of the site, without those that receive its logs. */
    public void remove(Site site) throws Exception {
        for (String route : ownedBy(site.name())) {
            remove(route);
        }
        remove(id(EVIDENCE, site.name()));
    }

    /** Stops and removes a route, if it exists. */
    void remove(String routeId) throws Exception {
        if (context.getRoute(routeId) != null) {
            context.getRouteController().stopRoute(routeId);
            context.removeRoute(routeId);
        }
    }

    /** The name of the bean that stores a log's lines. The beans that decode its messages have the suffixes -udp and -tcp. */
    static String receiver(Site site, Site.LogFile log) {
        return "syslog-" + site.name() + "-" + log.name();
    }

    /** Creates the routes that receive a log as syslog. */
    void receive(Site site, Site.LogFile log) throws SyslogPortUnavailable {
        Site.Syslog syslog = Objects.requireNonNull(log.syslog());
        if (syslog.tcp()) {
            receive(site, log, syslog, TCP);
        }
        if (syslog.udp()) {
            receive(site, log, syslog, UDP);
        }
    }

    private void receive(Site site, Site.LogFile log, Site.Syslog syslog, String suffix) throws SyslogPortUnavailable {
        String bind = syslog.bind().contains(":") ? "[" + syslog.bind() + "]" : syslog.bind();
        String receiver = receiver(site, log);
        try {
            TemplatedRouteBuilder.builder(context, "syslog" + suffix)
                    .routeId(receiver + suffix)
                    .prefixId(receiver + suffix)
                    .parameter("address", bind + ":" + syslog.port())
                    .parameter("receiver", receiver)
                    .parameter("boss", "#" + SyslogReceivers.BOSS)
                    .parameter("workers", "#" + SyslogReceivers.WORKERS)
                    .parameter("frames", receiver + suffix)
                    .add();
        } catch (RuntimeException failed) {
            throw SyslogPortUnavailable.of(site, log, suffix.substring(1), failed)
                    .orElseThrow(() -> failed);
        }
    }

    /** Creates the route that reads commands from the topic. */
    public void listen(String commands) {
        TemplatedRouteBuilder.builder(context, "commands")
                .routeId("commands")
                .parameter("topic", commands)
                .parameter("relay", relay)
                .add();
    }

    /** @throws IllegalStateException if a route that runs the sites on their schedules is missing */
    public void requireSchedule() {
        for (String route : List.of(ScheduleTimer.SCHEDULE, ScheduleTimer.CLOCK)) {
            if (context.getRouteController().getRouteStatus(route) == null) {
                throw new IllegalStateException(
                        "no route has the id \"" + route + "\", so the sites would not run on their schedules");
            }
        }
    }

    /**
     * Checks that a route begins at each endpoint that another route calls, except at a hook.
     *
     * @throws IllegalStateException if the first route of a run is missing, or a route that another route calls
     */
    public void requireTargets() {
        Map<String, String> callers = new LinkedHashMap<>();
        callers.put(RUN, "each sync");
        callers.put(RouteSender.ROUTE, "each request for a token, to a Manager or to a device");
        Set<String> begun = new HashSet<>();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            begun.add(route.getInput().getEndpointUri());
            for (ToDefinition to :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
                callers.putIfAbsent(String.valueOf(to.getEndpointUri()), "the route \"" + route.getRouteId() + "\"");
            }
        }
        callers.forEach((target, caller) -> {
            if (target.startsWith("direct:") && !begun.contains(target) && !HookRoutes.isHook(target)) {
                throw new IllegalStateException("no route begins at " + target + ", which " + caller + " calls");
            }
        });
    }

    /** Starts the routes that run the sites on their schedules, and the one that follows the configuration unless it is switched off. */
    public void schedule() throws Exception {
        if (context.getRoute(CONFIGURATION) != null) {
            context.getRouteController().startRoute(CONFIGURATION);
        }
        context.getRouteController().startRoute(ScheduleTimer.SCHEDULE);
        context.getRouteController().startRoute(ScheduleTimer.CLOCK);
    }

    /** No id in a route file has a dot, so a site named as a part of an id, such as {@code branch}, repeats no id. */
    private static String id(String template, String site) {
        return template + "." + site;
    }

    private void make(String template, Site site, Map<String, String> parameters) {
        TemplatedRouteBuilder builder = TemplatedRouteBuilder.builder(context, template)
                .routeId(id(template, site.name()))
                .prefixId(id(template, site.name()))
                .parameter("site", site.name());
        parameters.forEach(builder::parameter);
        builder.add();
    }
}
