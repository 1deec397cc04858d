package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.event.RelayIdentity;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.text.Json;
import io.licenserelay.text.ShortText;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code data} of a failure event. This is a published contract: fields are added, never changed. */
public final class FailureData {
    private static final int MAX_SUMMARY_LENGTH = 1024;

    private static final String RELAY = "license-relay";
    private static final List<String> FIXED_FIELDS =
            List.of("state", "severity", "flow", "step", "component", "run", "relay");
    private static final List<String> CATALOGUE_FIELDS = List.of("code", "confidence", "owner", "because");

    private final DiagnosisJson diagnosisJson;
    private final RelayIdentity relay;

    public FailureData(String docsBase, RelayIdentity relay) {
        this.diagnosisJson = new DiagnosisJson(docsBase);
        this.relay = relay;
    }

    public ObjectNode of(
            Incident incident, String state, Diagnosis diagnosis, Evidence evidence, IncidentContext context) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("state", state);
        data.put("severity", incident.severity().wireName());
        data.put("severityNumber", incident.severity().number());
        data.put("dedupKey", incident.publishedKey(relay.name()));
        data.put("summary", incident.summary());
        place(data, incident, evidence.failure(), context.site());
        if (context.impact() != null) {
            data.putObject("impact")
                    .put("text", context.impact().text())
                    .put("at", context.impact().at().toString());
        }
        if (context.changed() != null) {
            context.changed().into(data);
        }
        data.set("relay", relay.toJson());
        data.set("run", run(context));
        data.set("error", error(evidence.failure()));
        data.set("diagnosis", diagnosisJson.of(diagnosis));
        data.set("evidence", evidence(evidence));
        data.put("firstSeenAt", incident.openedAt().toString());
        data.put("occurrences", incident.occurrences());
        data.put("flapping", incident.flapping());
        data.put("expiresAt", context.expiresAt().toString());
        data.putArray("truncated");
        return data;
    }

    /**
     * Restores fields that contain only words of the relay's own vocabulary and no secret. Redaction changes such a
     * field if a secret starts with the same word (a password {@code operator-…}), which would violate the contract.
     *
     * @param redacted the redacted form of {@code data}
     */
    public static void restoreFixedWords(ObjectNode redacted, ObjectNode data) {
        FIXED_FIELDS.forEach(name -> redacted.set(name, data.get(name)));
        if (redacted.path("diagnosis") instanceof ObjectNode diagnosis) {
            CATALOGUE_FIELDS.forEach(
                    name -> diagnosis.set(name, data.path("diagnosis").path(name)));
        }
    }

    public static String summary(Place place, Diagnosis diagnosis, Failure failure) {
        String folded =
                failure.folded().isEmpty() ? "" : " at " + failure.folded().size() + " places";
        return place + ": " + diagnosis.title() + folded + " (" + diagnosis.code() + ")";
    }

    /** One line of at most 1024 characters, for PagerDuty. */
    public static String line(String summary) {
        String line = summary.replaceAll("[\\s\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
        return ShortText.of(line, MAX_SUMMARY_LENGTH);
    }

    private static void place(ObjectNode data, Incident incident, Failure failure, @Nullable Site site) {
        Place place = incident.place();
        boolean atManager = incident.flow() == Flow.MANAGER || failure.step().isAtManager();
        data.put("site", place.site());
        if (site != null) {
            Site.SdwanManager manager = atManager ? site.manager() : null;
            data.put(
                    "node",
                    failure.isOfTheRelay()
                            ? RELAY
                            : (manager == null ? site.ssm().url() : manager.url()).getHost());
            data.put("ssm", site.ssm().url().toString());
            if (manager != null) {
                data.put("manager", manager.url().toString());
            }
        } else {
            data.put("node", RELAY);
        }
        Json.putText(data, "account", place.account());
        ArrayNode virtualAccounts = data.putArray("virtualAccounts");
        List<Place> places = failure.folded().isEmpty() ? List.of(place) : failure.folded();
        places.stream().filter(each -> each.va() != null).map(Place::va).forEach(virtualAccounts::add);
        data.put("flow", incident.flow().wireName());
        data.put("step", failure.step().wireName());
        data.put("component", component(incident.flow(), atManager, failure));
        data.put("resource", resource(failure));
        ObjectNode labels = data.putObject("labels");
        if (site != null) {
            site.labels().forEach(labels::put);
        }
    }

    private static String component(Flow flow, boolean atManager, Failure failure) {
        if (flow == Flow.RELAY || failure.isOfTheRelay()) {
            return "relay";
        }
        return atManager ? "manager" : "ssm";
    }

    /** The resource of the server: the path without its leading slash, or the step if there was no request. */
    private static String resource(Failure failure) {
        HttpExchangeRecord exchange = failure.exchange();
        if (exchange == null) {
            return failure.step().wireName();
        }
        String path = URI.create(exchange.url()).getRawPath();
        return path == null || path.length() < 2 ? failure.step().wireName() : path.substring(1);
    }

    public static ObjectNode run(IncidentContext context) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", Long.toString(context.runId()))
                .put("startedAt", context.startedAt().toString())
                .put("cause", context.cause());
    }

    private static ObjectNode error(Failure failure) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("type", failure.errorType());
        HttpExchangeRecord exchange = failure.exchange();
        if (exchange != null && exchange.status() != null) {
            error.put("httpStatus", exchange.status());
        }
        return error.put("message", failure.message());
    }

    static ObjectNode evidence(Evidence evidence) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        HttpExchangeRecord exchange = evidence.failure().exchange();
        node.set("exchange", exchange == null ? JsonNodeFactory.instance.objectNode() : exchange(exchange));
        ArrayNode probes = node.putArray("probes");
        evidence.probes().forEach(probe -> probes.add(probe(probe)));
        LogsJson.into(node, evidence.excerpts());
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : evidence.findings()) {
            findings.addObject().put("name", finding.name()).put("phrase", finding.phrase());
        }
        return node;
    }

    private static ObjectNode exchange(HttpExchangeRecord exchange) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("method", exchange.method()).put("url", exchange.url());
        if (exchange.status() != null) {
            node.put("status", exchange.status());
        }
        ObjectNode headers = node.putObject("headers");
        exchange.headers().forEach(headers::put);
        Json.putText(node, "body", exchange.body());
        return node.put("at", exchange.at().toString())
                .put("millis", exchange.took().toMillis());
    }

    private static ObjectNode probe(ProbeResult probe) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("probe", probe.probe()).put("target", probe.target());
        node.put("status", probe.status().wireName()).put("reason", probe.reason());
        node.set("millis", Json.MAPPER.valueToTree(probe.millis()));
        node.set("details", Json.MAPPER.valueToTree(probe.details()));
        return node;
    }
}
