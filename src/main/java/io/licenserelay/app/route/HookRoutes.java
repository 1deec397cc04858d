package io.licenserelay.app.route;

import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.event.hook.Hook;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/** Finds the routes of an operator that begin at hooks, and those that look as if they should. */
public final class HookRoutes {
    private static final Set<String> GROUPS =
            Set.of(EvidenceRoutes.PROBES, EvidenceRoutes.MANAGER_PROBES, EvidenceRoutes.LOG_TAILS);

    /** Letters by which a misspelt name differs from that of a hook. */
    private static final int CLOSE = 3;

    /**
     * A route of the operator that begins at a hook, or that nothing calls.
     *
     * @param hook null when nothing calls the route
     * @param where the route and its file
     * @param begins the endpoint
     * @param fix what to do about a route that nothing calls
     */
    public record Found(@Nullable Hook hook, String where, String begins, String fix) {}

    private HookRoutes() {}

    /** Whether the endpoint, with or without parameters, is a hook. */
    static boolean isHook(String endpoint) {
        return hook(endpoint).isPresent();
    }

    private static Optional<Hook> hook(String endpoint) {
        String name = Hook.address(endpoint);
        return Arrays.stream(Hook.values())
                .filter(hook -> hook.endpoint().equals(name))
                .findFirst();
    }

    /** Every route at a hook, and every route of the operator that nothing calls. */
    public static List<Found> in(CamelContext context, RouteFiles files) {
        List<Found> results = new ArrayList<>();
        Collection<String> texts = files.texts().values();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            String begins = Hook.address(String.valueOf(route.getInput().getEndpointUri()));
            String where = "route " + route.getRouteId() + " in " + file(route);
            Optional<Hook> hook = hook(begins);
            if (hook.isPresent()) {
                results.add(new Found(hook.get(), where, begins, ""));
            } else if (isUnused(route, begins, files, texts)) {
                results.add(new Found(null, where, begins, fix(begins)));
            }
        }
        return results;
    }

    private static String file(RouteDefinition route) {
        return route.getResource() == null
                ? "a file"
                : route.getResource().getLocation().replaceFirst("^(?:file|classpath):", "");
    }

    /** Of the operator's files only; a name that is made when a message arrives cannot be known. */
    private static boolean isUnused(RouteDefinition route, String begins, RouteFiles files, Collection<String> texts) {
        boolean own = files.own().stream().anyMatch(each -> file(route).endsWith(each.name()));
        if (!own || !begins.startsWith("direct:") || GROUPS.contains(String.valueOf(route.getGroup()))) {
            return false;
        }
        Pattern named = Pattern.compile(Pattern.quote(begins) + "(?![\\w.-])");
        long times = texts.stream()
                .mapToLong(text -> named.matcher(text).results().count())
                .sum();
        return times < 2 && !SiteRoutes.CALLED_BY_THE_RELAY.contains(begins);
    }

    private static String fix(String begins) {
        return Arrays.stream(Hook.values())
                .filter(hook -> Spelling.distance(hook.endpoint(), begins) <= CLOSE)
                .findFirst()
                .map(hook -> "is " + hook.endpoint() + " meant?")
                .orElse("call it, or remove it");
    }
}
