package io.licenserelay.incident.projection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.text.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Bodies for {@code POST /api/v2/alerts}. Alerts are the same when their labels are, so a label never changes while an
 * incident lives, but for its severity, by which people route: when that changes, the alert of before ends in the same body
 * in which the new one begins. {@code endsAt} is when the next word is due: without it Alertmanager would resolve by itself
 * after minutes.
 */
final class AlertmanagerAlerts {
    private AlertmanagerAlerts() {}

    /** @param before the severity of the alert that stands there; null when none does */
    static ArrayNode body(ObjectNode data, Instant now, @Nullable Severity before) {
        ArrayNode alerts = data.arrayNode();
        String severity = data.path("severity").asText();
        if (Projections.isResolve(data)) {
            // A resolve is of severity info; the alert that it ends is not.
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
