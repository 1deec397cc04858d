package io.licenserelay.simulator.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.Parameters;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Faults over HTTP, for callers on this machine only. {@code GET /simulator/faults} lists the active and the known
 * faults. {@code PUT /simulator/faults/NAME} activates a fault; its parameters are in the query or in a JSON object.
 * {@code DELETE} clears one fault or all.
 */
final class FaultsEndpoint {
    private final Faults faults;

    FaultsEndpoint(Faults faults) {
        this.faults = faults;
    }

    static boolean serves(List<String> path) {
        return path.size() >= 2 && path.size() <= 3 && path.subList(0, 2).equals(List.of("simulator", "faults"));
    }

    void answer(Call call) throws IOException {
        if (!call.client().isLoopbackAddress()) {
            call.error(403, "faults can be set from this machine only");
            return;
        }
        try {
            change(call, call.segments());
        } catch (IllegalArgumentException e) {
            call.error(400, String.valueOf(e.getMessage()));
        }
    }

    private void change(Call call, List<String> path) throws IOException {
        boolean named = path.size() == 3;
        switch (call.method()) {
            case "GET" -> {
                ObjectNode state = active();
                state.set("known", known());
                call.answer(200, state);
            }
            case "PUT" -> {
                if (!named) {
                    throw new IllegalArgumentException("PUT requires a name: /simulator/faults/NAME");
                }
                faults.set(path.get(2), parameters(call));
                call.answer(200, active(path.get(2)));
            }
            case "DELETE" -> {
                if (named) {
                    faults.clear(path.get(2));
                } else {
                    faults.clear();
                }
                call.answer(200, active());
            }
            default -> call.error(405, "Method not allowed: use GET, PUT or DELETE");
        }
    }

    private static Map<String, String> parameters(Call call) throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>(Parameters.ofQuery(call));
        byte[] body = call.body();
        if (body.length > 0) {
            JsonNode root = Json.MAPPER.readTree(body);
            root.fields()
                    .forEachRemaining(field ->
                            parameters.put(field.getKey(), field.getValue().asText()));
        }
        return parameters;
    }

    private ObjectNode active() {
        ObjectNode state = Json.object();
        state.set("active", Json.MAPPER.valueToTree(faults.active()));
        return state;
    }

    private ObjectNode active(String name) {
        ObjectNode state = active();
        ((ObjectNode) state.path("active")).retain(name);
        return state;
    }

    private static ObjectNode known() {
        ObjectNode known = Json.object();
        for (Fault fault : Fault.values()) {
            known.putObject(fault.wireName())
                    .put("description", fault.description())
                    .set("defaults", Json.MAPPER.valueToTree(fault.defaults()));
        }
        return known;
    }
}
