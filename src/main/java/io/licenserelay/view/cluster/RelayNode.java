package io.licenserelay.view.cluster;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.cluster.NodeStatus;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.incident.relay.RefusedConfiguration;
import io.licenserelay.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A relay that may work for the sites.
 *
 * @param since when it joined, or left or died; null if unknown
 * @param clockAheadMillis how much its clock is ahead of the database's
 * @param owns the sites that it owns, and {@code relay} for the publication of events
 * @param failedRoutes JSON, by id the routes that it could not start or stop, and why
 * @param differs the sites whose configuration differs from that of other nodes
 * @param refused the changed configuration that it does not use
 */
public record RelayNode(
        String name,
        String host,
        String version,
        boolean alive,
        @Nullable Instant since,
        long clockAheadMillis,
        List<String> owns,
        Optional<String> failedRoutes,
        List<SiteDifference> differs,
        Optional<RefusedConfiguration> refused) {

    /** @param differences the sites about which the nodes that are alive do not agree */
    static RelayNode of(NodeStatus node, List<SiteDifference> differences, List<RefusedConfiguration> refusals) {
        return new RelayNode(
                node.name(),
                node.host(),
                node.version(),
                node.alive(),
                node.alive() ? node.since() : node.stoppedAt().orElse(node.heartbeatAt()),
                node.clockAhead().toMillis(),
                node.keys(),
                node.alive() ? node.failedRoutes() : Optional.empty(),
                differences.stream()
                        .filter(each -> each.older().containsKey(node.name())
                                || each.missing().contains(node.name()))
                        .toList(),
                refusalOf(node.name(), refusals));
    }

    /** The only relay of a data folder, which owns everything. */
    static RelayNode only(
            String name,
            String host,
            String version,
            boolean alive,
            List<String> owns,
            List<RefusedConfiguration> refusals) {
        return new RelayNode(
                name, host, version, alive, null, 0, owns, Optional.empty(), List.of(), refusalOf(name, refusals));
    }

    private static Optional<RefusedConfiguration> refusalOf(String node, List<RefusedConfiguration> refusals) {
        return refusals.stream().filter(each -> each.node().equals(node)).findFirst();
    }

    /** The form of {@code cluster --json}. It is a contract: fields are added, never changed. */
    @JsonValue
    public ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("name", name)
                .put("host", host)
                .put("version", version)
                .put("alive", alive);
        Json.putText(json, alive ? "since" : "until", since);
        json.put("clockAheadMillis", clockAheadMillis).set("owns", Json.MAPPER.valueToTree(owns));
        json.set(
                "failedRoutes",
                failedRoutes
                        .map(routes -> Json.stored(routes, "the list of failed routes"))
                        .orElseGet(Json::object));
        json.set("configuration", configuration());
        return json;
    }

    private ObjectNode configuration() {
        ObjectNode json = Json.object();
        ArrayNode sites = json.putArray("differs");
        for (SiteDifference each : differs) {
            ObjectNode site = sites.addObject().put("site", each.site());
            Json.putText(site, "digest", each.older().get(name));
            site.put("newest", each.newest());
        }
        Json.putText(json, "refusedAt", refused.map(RefusedConfiguration::at).orElse(null));
        Json.putText(
                json, "problems", refused.map(RefusedConfiguration::problems).orElse(null));
        return json;
    }
}
