package io.licenserelay.app.route;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/** A Camel context that contains only the evidence routes, for commands that check sites. Thread-safe. */
public final class EvidenceContext implements AutoCloseable {
    /** Matches the files to load: the template of the fan-out, and every probe and log tail. */
    private static final Pattern OF_EVIDENCE = Pattern.compile("\\bid:\\s*[\"']?evidence\\b|\\bgroup:\\s*[\"']?("
            + EvidenceRoutes.PROBES + "|" + EvidenceRoutes.LOG_TAILS + ")\\b");

    /** Camel's keys that routes need. Other keys start parts of the relay, for example its health server. */
    private static final Pattern OF_ROUTES =
            Pattern.compile("camel\\.(component|dataformat|language|beans|ssl|vault)\\..*");

    private final Main main;

    private EvidenceContext(Main main) {
        this.main = main;
    }

    /** The beans of the routes. */
    public interface Beans {
        /** Binds the probes and threads for the routes. */
        void bind(Main main);

        EvidenceRoutes routes();

        /** Whether the beans of the route with this id exist. */
        boolean serves(String route);
    }

    /** @throws BadRoutes if Camel cannot load the files; the message names the file */
    public static EvidenceContext start(Beans beans, Settings settings, Collection<Site> sites, RouteFiles files)
            throws BadRoutes {
        Main main = new Main();
        try {
            start(main, beans, settings, sites, files);
            return new EvidenceContext(main);
        } catch (Exception e) {
            main.stop();
            throw new BadRoutes(files, e);
        }
    }

    private static void start(Main main, Beans beans, Settings settings, Collection<Site> sites, RouteFiles files)
            throws Exception {
        beans.bind(main);
        main.configure().withName("license-relay-doctor");
        main.configure().withRoutesIncludePattern("false");
        main.configure().withShutdownTimeout(1);
        main.configure().withAutoConfigurationEnabled(true);
        main.configure().withStreamCachingEnabled(false);
        main.setDefaultPropertyPlaceholderLocation("false");
        List<Exception> refused = new ArrayList<>();
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                beans.routes().use(starting.getCamelContext());
            }

            @Override
            public void afterConfigure(BaseMainSupport starting) {
                try {
                    load(starting.getCamelContext(), files, beans);
                } catch (Exception e) {
                    refused.add(e);
                }
            }
        });
        settings.camel().forEach((key, value) -> {
            if (!key.startsWith("camel.") || OF_ROUTES.matcher(key).matches()) {
                main.addInitialProperty(key, value);
            }
        });
        main.start();
        if (!refused.isEmpty()) {
            throw refused.get(0);
        }
        beans.routes().requireUsable(sites);
        SiteRoutes routes = new SiteRoutes(main.getCamelContext(), settings.name());
        sites.forEach(routes::add);
    }

    private static void load(CamelContext context, RouteFiles files, Beans beans) throws Exception {
        List<Resource> ofEvidence = new ArrayList<>();
        for (String location : files.locations(text -> OF_EVIDENCE.matcher(text).find())) {
            ofEvidence.add(PluginHelper.getResourceLoader(context).resolveResource(location));
        }
        PluginHelper.getRoutesLoader(context).loadRoutes(ofEvidence);
        ModelCamelContext model = (ModelCamelContext) context;
        Set<RouteDefinition> kept = kept(model.getRouteDefinitions(), beans);
        for (RouteDefinition route : List.copyOf(model.getRouteDefinitions())) {
            if (!kept.contains(route)) {
                model.removeRouteDefinition(route);
            }
        }
    }

    /** The probes, the log tails, and the routes that they call. */
    private static Set<RouteDefinition> kept(List<RouteDefinition> all, Beans beans) {
        Map<String, RouteDefinition> byEndpoint = new LinkedHashMap<>();
        Deque<RouteDefinition> found = new ArrayDeque<>();
        for (RouteDefinition route : all) {
            byEndpoint.put(route.getInput().getEndpointUri(), route);
            boolean collects =
                    EvidenceRoutes.PROBES.equals(route.getGroup()) || EvidenceRoutes.LOG_TAILS.equals(route.getGroup());
            if (collects && beans.serves(route.getRouteId())) {
                found.add(route);
            }
        }
        Set<RouteDefinition> kept = new LinkedHashSet<>();
        while (!found.isEmpty()) {
            RouteDefinition route = found.remove();
            if (kept.add(route)) {
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class).stream()
                        .map(to -> byEndpoint.get(String.valueOf(to.getEndpointUri())))
                        .filter(Objects::nonNull)
                        .forEach(found::add);
            }
        }
        return kept;
    }

    @Override
    public void close() {
        main.stop();
    }
}
