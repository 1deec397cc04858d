package io.licenserelay.simulator.device;

import com.fasterxml.jackson.core.JsonGenerator;
import io.licenserelay.simulator.fault.RequestSubject;
import io.licenserelay.simulator.http.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * The simulated device's {@code /smartlic-service}. Contains only paths that a public source shows. The bodies of
 * errors, {@code close-reports} and {@code import} are not public, so they are invented.
 */
final class DeviceEndpoints {
    private static final String SERVICE = "smartlic-service";
    private static final Set<String> READ_RESOURCES = Set.of("list", "all-reports", "days");
    private static final Set<String> WRITE_RESOURCES = Set.of("close-reports", "import");

    private final DeviceSimulator device;

    DeviceEndpoints(DeviceSimulator device) {
        this.device = device;
    }

    /**
     * Returns the resource to which a fault can be limited: {@code list}, {@code all-reports}, {@code days},
     * {@code close-reports}, {@code import}.
     */
    static RequestSubject subject(Call call) {
        List<String> path = call.segments();
        boolean service = path.size() > 1 && path.get(0).equals(SERVICE);
        return new RequestSubject(service ? path.get(1) : "", "", Set.of());
    }

    void answer(Call call) throws IOException {
        String resource = subject(call).resource();
        if (!isAuthenticated(call)) {
            call.with("WWW-Authenticate", "Basic realm=\"level_15_access\"");
            error(call, 401, "access denied");
        } else if (call.method().equals("GET") && READ_RESOURCES.contains(resource)) {
            read(call, resource);
        } else if (call.method().equals("POST") && WRITE_RESOURCES.contains(resource)) {
            write(call, resource);
        } else {
            error(call, 404, "no such resource");
        }
    }

    private boolean isAuthenticated(Call call) {
        String header = call.header("Authorization");
        if (header == null || !header.startsWith("Basic ")) {
            return false;
        }
        String credentials = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
        int colon = credentials.indexOf(':');
        return colon > 0 && device.authenticate(credentials.substring(0, colon), credentials.substring(colon + 1));
    }

    private void read(Call call, String resource) throws IOException {
        List<String> reports = device.closedReports();
        if (resource.equals("list")) {
            call.answer(200, json -> list(json, reports.size()));
        } else if (reports.isEmpty()) {
            call.text(200, "application/json", "{}");
        } else {
            boolean singleObject = device.answersSingleObject() && reports.size() == 1;
            String all = String.join(",", reports);
            call.text(200, "application/json", "{\"usage\":" + (singleObject ? all : "[" + all + "]") + "}");
        }
    }

    /** The fields of an item are not public, so the items have none. */
    private static void list(JsonGenerator json, int reports) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("usage_list");
        for (int i = 0; i < reports; i++) {
            json.writeStartObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(Call call, String resource) throws IOException {
        if (resource.equals("import")) {
            device.importAck(call.body());
        } else {
            device.closeAll();
        }
        call.text(200, "application/json", "{}");
    }

    private static void error(Call call, int status, String message) throws IOException {
        call.answer(status, json -> {
            json.writeStartObject();
            json.writeStringField("message", message);
            json.writeEndObject();
        });
    }
}
