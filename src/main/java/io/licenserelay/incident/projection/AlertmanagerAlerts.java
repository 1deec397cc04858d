package io.licenserelay.incident.projection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.text.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Bodies for {@code POST /api/v2/alerts}. Alertmanager identifies an alert by its labels, so the labels do not change
 * during an incident. The only exception is the severity, which is used for routing: when it changes, one body ends the
 * old alert and starts the new one. {@code endsAt} is the time by which the next event is due. Without it Alertmanager
 * would resolve the alert by itself after minutes.
 */
final class AlertmanagerAlerts {
    private AlertmanagerAlerts() {}

    /** @param before the severity of the active alert; null if none is active */
    static ArrayNode body(ObjectNode data, Instant now, @Nullable Severity before) {
        ArrayNode alerts = data.arrayNode();
        String severity = data.path("severity").asText();
        if (Projections.isResolve(data)) {
            // A resolve has severity info, but the alert that it ends has another severity.
            alerts.add(alert(data, before == null ? severity : before.wireName(), now.toString()));
            return alerts;
        }
        if (before != null && !before.wireName().equals(severity)) {
            alerts.add(alert(data, before.wireName(), now.toString()));
        }
        alerts.add(alert(data, severity, data.path("expiresAt").asText()));
        return alerts;
    }

    private static ObjectNode alert(ObjectNode data, String severity, String endsAt) {
        ObjectNode alert = data.objectNode();
        ObjectNode labels = alert.putObject("labels");
        data.path("labels")
                .properties()
                .forEach(label -> labels.put(
                        label.getKey().replaceAll("^(?=[0-9])|[^A-Za-z0-9_]", "_"),
                        label.getValue().asText()));
        labels.put("alertname", "LicenseRelay");
        labels.put("incident", data.path("dedupKey").asText());
        labels.put("site", data.path("site").asText());
        labels.put("flow", data.path("flow").asText());
        labels.put("instance", data.path("node").asText());
        labels.put("severity", severity);
        if (data.has("account")) {
            labels.put("account", data.path("account").asText());
        }
        ObjectNode annotations = alert.putObject("annotations");
        annotations.put("summary", data.path("summary").asText());
        Projections.details(data).properties().forEach(detail -> {
            if (detail.getValue().isValueNode()) {
                annotations.put(detail.getKey(), detail.getValue().asText());
            }
        });
        alert.put("startsAt", data.path("firstSeenAt").asText());
        alert.put("endsAt", endsAt);
        Json.putText(alert, "generatorURL", Projections.link(data));
        return alert;
    }
}
