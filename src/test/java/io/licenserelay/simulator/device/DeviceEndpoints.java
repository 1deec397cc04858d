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
 * The simulated device's {@code /smartlic-service}. Only paths that a public source shows are here; what its error bodies, and those of
 * {@code close-reports} and {@code import}, look like is not public: ours are made up.
 */
final class DeviceEndpoints {
    private static final String SERVICE = "smartlic-service";
    private static final Set<String> READ = Set.of("list", "all-reports", "days");
    private static final Set<String> WRITTEN = Set.of("close-reports", "import");

    private final DeviceSimulator device;

    DeviceEndpoints(DeviceSimulator device) {
        this.device = device;
    }

    /** What faults may be narrowed to: {@code list}, {@code all-reports}, {@code days}, {@code close-reports}, {@code import}. */
    static RequestSubject subject(Call call) {
        List<String> path = call.segments();
        boolean service = path.size() > 1 && path.get(0).equals(SERVICE);
        return new RequestSubject(service ? path.get(1) : "", "", Set.of());
    }

    void answer(Call call) throws IOException {
        String resource = subject(call).resource();
        if (!isLetIn(call)) {
            call.with("WWW-Authenticate", "Basic realm=\"level_15_access\"");
            error(call, 401, "access denied");
        } else if (call.method().equals("GET") && READ.contains(resource)) {
            read(call, resource);
        } else if (call.method().equals("POST") && WRITTEN.contains(resource)) {
            write(call, resource);
        } else {
            error(call, 404, "no such resource");
        }
    }

    private boolean isLetIn(Call call) {
        String header = call.header("Authorization");
        if (header == null || !header.startsWith("Basic ")) {
            return false;
        }
        String both = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
        int colon = both.indexOf(':');
        return colon > 0 && device.knows(both.substring(0, colon), both.substring(colon + 1));
    }

    private void read(Call call, String resource) throws IOException {
        List<String> reports = device.closedReports();
        if (resource.equals("list")) {
            call.answer(200, json -> list(json, reports.size()));
        } else if (reports.isEmpty()) {
            call.text(200, "application/json", "{}");
        } else {
            boolean object = device.givesObject() && reports.size() == 1;
            String all = String.join(",", reports);
            call.text(200, "application/json", "{\"usage\":" + (object ? all : "[" + all + "]") + "}");
        }
    }

    /** What stands in an item is not public: none has a field here. */
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
            device.take(call.body());
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
