package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.text.Json;

/** Writes the affected items of an incident to the {@code data} of its events. */
public final class ConcernedJson {
    private ConcernedJson() {}

    /** Adds each list that is not empty, with its total. */
    public static void into(ObjectNode data, ConcernedItems concerned) {
        if (concerned.licensesTotal() > 0) {
            data.put("licensesTotal", concerned.licensesTotal());
            ArrayNode licenses = data.putArray("licenses");
            concerned.licenses().forEach(each -> license(licenses.addObject(), each));
        }
        if (concerned.subscriptionsTotal() > 0) {
            data.put("subscriptionsTotal", concerned.subscriptionsTotal());
            ArrayNode subscriptions = data.putArray("subscriptions");
            concerned.subscriptions().forEach(each -> subscriptions
                    .addObject()
                    .put("id", each.id())
                    .put("virtualAccount", each.virtualAccount())
                    .put("endsAt", each.endsAt().toString()));
        }
        if (concerned.devicesTotal() > 0) {
            data.put("devicesTotal", concerned.devicesTotal());
            ArrayNode devices = data.putArray("devices");
            concerned.devices().forEach(each -> device(devices.addObject(), each));
        }
    }

    private static void license(ObjectNode node, ConcernedItems.License license) {
        node.put("name", license.name()).put("virtualAccount", license.virtualAccount());
        node.put("billingType", license.billing());
        node.put("quantity", license.quantity()).put("inUse", license.inUse());
        if (license.shortBy() > 0) {
            node.put("shortBy", license.shortBy());
        }
        Json.putText(node, "endsAt", license.endsAt());
    }

    private static void device(ObjectNode node, ConcernedItems.Device device) {
        node.put("udiPid", device.pid()).put("udiSerialNumber", device.serial());
        Json.putText(node, "virtualAccount", device.virtualAccount());
        device.state().forEach(node.putArray("state")::add);
        Json.putText(node, "ackDueAt", device.ackDueAt());
        Json.putText(node, "heardAt", device.lastContactAt());
        Json.putText(node, "expectedBy", device.expectedBy());
    }
}
