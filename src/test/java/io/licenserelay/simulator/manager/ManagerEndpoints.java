package io.licenserelay.simulator.manager;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.licenserelay.simulator.fault.RequestSubject;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.Multipart;
import io.licenserelay.simulator.http.Parameters;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes each request to an endpoint of the simulated Manager. Contains only paths that a public source shows. */
final class ManagerEndpoints {
    private static final String LOGIN_PAGE = """
            <html>
            <head><title>Cisco Catalyst SD-WAN Manager</title></head>
            <body><form name="loginForm" method="POST" action="j_security_check"></form></body>
            </html>
            """;
    private static final Map<String, String> RESOURCES = Map.ofEntries(
            entry("POST j_security_check", "login"),
            entry("POST jwt/login", "login"),
            entry("GET logout", "logout"),
            entry("POST logout", "logout"),
            entry("GET dataservice/client/token", "xsrf"),
            entry("GET dataservice/client/server", "version"),
            entry("GET dataservice/settings/configuration/smartLicensing", "settings"),
            entry("GET dataservice/msla/licenses/compliance", "compliance"),
            entry("GET dataservice/v1/smart-licensing/user-settings", "user-settings"),
            entry("GET dataservice/smartLicensing/getUserSettings", "old-user-settings"),
            entry("GET dataservice/util/logfile/appserver/lastnlines", "log"),
            entry("POST dataservice/v1/smart-licensing/sync", "sync"),
            entry("POST dataservice/smartLicensing/syncLicenses", "old-sync"),
            entry("POST dataservice/smartLicensing/uploadAck", "upload-ack"));

    private final ManagerSimulator manager;

    ManagerEndpoints(ManagerSimulator manager) {
        this.manager = manager;
    }

    /** Returns the resource to which a fault can be limited: {@code login}, {@code settings}, {@code compliance}, {@code log}, … */
    static RequestSubject subject(Call call) {
        return new RequestSubject(RESOURCES.getOrDefault(methodAndPath(call), ""), "", Set.of());
    }

    void answer(Call call) throws IOException, InterruptedException {
        switch (subject(call).resource()) {
            case "login" -> login(call);
            case "" -> error(call, 404, "Not found", "no such resource");
            default -> withSession(call);
        }
    }

    private void login(Call call) throws IOException {
        boolean bearer = call.segments().contains("jwt");
        if (bearer && !manager.supportsJwt()) {
            error(call, 404, "Not found", "no such resource");
            return;
        }
        Parameters parameters = Parameters.of(call);
        String user = parameters.get(bearer ? "username" : "j_username");
        if (!manager.authenticate(user, parameters.get(bearer ? "password" : "j_password"))) {
            reject(call, bearer);
            return;
        }
        var session = manager.sessions().open(String.valueOf(user), bearer);
        if (session.isEmpty()) {
            // The answer of a real Manager is not public.
            error(call, 503, "Too many sessions", "at most " + ManagerSessions.DEFAULT_LIMIT);
        } else if (bearer) {
            call.answer(200, json -> bearer(json, session.get()));
        } else {
            call.with("Set-Cookie", "JSESSIONID=" + session.get().id() + "; Path=/; Secure; HttpOnly");
            call.text(200, "text/html;charset=UTF-8", "");
        }
    }

    private static void reject(Call call, boolean bearer) throws IOException {
        if (bearer) {
            // The answer of a real Manager is not public.
            error(call, 401, "Authentication failed", "Bad credentials");
        } else {
            loginPage(call);
        }
    }

    private static void bearer(JsonGenerator json, ManagerSessions.Session session) throws IOException {
        json.writeStartObject();
        json.writeStringField("token", session.id());
        json.writeStringField("csrf", session.xsrf());
        json.writeNumberField("duration", 1800);
        json.writeEndObject();
    }

    private void withSession(Call call) throws IOException, InterruptedException {
        ManagerSessions.Session session = manager.sessions().of(call);
        if (session == null && call.header("Authorization") != null) {
            error(call, 401, "Authentication failed", "Bad token");
        } else if (session == null) {
            loginPage(call);
        } else if (call.method().equals("POST") && !session.xsrf().equals(call.header("X-XSRF-TOKEN"))) {
            error(
                    call,
                    403,
                    "SessionTokenFilter: Token provided via HTTP Header does not match the token generated by the server.",
                    "");
        } else {
            answer(call, session);
        }
    }

    private void answer(Call call, ManagerSessions.Session session) throws IOException, InterruptedException {
        switch (subject(call).resource()) {
            case "logout" -> {
                manager.sessions().close(session);
                call.with("Location", manager.url() + "/welcome.html").text(302, "text/html", "");
            }
            case "xsrf" -> call.text(200, "text/html;charset=UTF-8", session.xsrf());
            case "version" -> call.answer(200, json -> version(json, session));
            case "settings" -> {
                manager.log().info("AbstractSettingsManager", 7, "license settings were read");
                call.answer(200, this::settings);
            }
            case "user-settings", "old-user-settings" -> call.answer(200, this::userSettings);
            case "compliance" -> call.answer(200, this::compliance);
            case "log" ->
                call.text(200, "text/plain", String.join("\n", manager.log().last(lines(call))) + "\n");
            case "upload-ack" -> uploadAck(call, session);
            default -> sync(call, session);
        }
    }

    private void sync(Call call, ManagerSessions.Session session) throws IOException {
        ReceivedSync receivedSync = receivedSync(call, session);
        if (receivedSync != null) {
            manager.syncLater();
            call.text(200, "application/json", "");
        }
    }

    private void uploadAck(Call call, ManagerSessions.Session session) throws IOException {
        if (!manager.supportsAckUpload()) {
            error(call, 404, "Not found", "no such resource");
            return;
        }
        ReceivedSync receivedSync = receivedSync(call, session);
        if (receivedSync != null && receivedSync.file() == null) {
            error(call, 400, "Bad request", "no file");
        } else if (receivedSync != null) {
            call.text(200, "application/json", "");
        }
    }

    /** Reads and records a request with a multipart body. Returns null if the request was answered with an error. */
    private @Nullable ReceivedSync receivedSync(Call call, ManagerSessions.Session session) throws IOException {
        if (!manager.maySync(session.user())) {
            // The roles are public, the text of the error is not.
            error(call, 403, "Forbidden", "the role of " + session.user() + " does not allow this");
            return null;
        }
        try {
            Map<String, Multipart.Part> parts = Multipart.of(call).parts();
            Multipart.Part data = parts.get("data");
            Multipart.Part file = parts.get("name");
            if (data == null
                    || !Json.MAPPER.readTree(data.text()).path("smartAccounts").isArray()) {
                throw new IllegalArgumentException("no smartAccounts in data");
            }
            ReceivedSync receivedSync = new ReceivedSync(
                    String.join("/", call.segments()),
                    data.text(),
                    file == null ? null : file.fileName(),
                    file == null ? null : file.content());
            manager.record(receivedSync);
            return receivedSync;
        } catch (IllegalArgumentException | JsonProcessingException malformed) {
            error(call, 400, "Bad request", String.valueOf(malformed.getMessage()));
            return null;
        }
    }

    private void version(JsonGenerator json, ManagerSessions.Session session) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("data");
        json.writeStringField("server", "um8_vManage");
        json.writeStringField("platformVersion", manager.version());
        json.writeStringField("tenancyMode", "SingleTenant");
        json.writeStringField("CSRFToken", session.xsrf());
        json.writeEndObject();
        json.writeEndObject();
    }

    private void settings(JsonGenerator json) throws IOException {
        ManagerSettings settings = manager.settings();
        json.writeStartObject();
        json.writeArrayFieldStart("data");
        json.writeStartObject();
        json.writeStringField("mode", settings.mode());
        json.writeStringField("ssmServerUrl", settings.ssmUrl().toString());
        json.writeStringField("ssmClientId", settings.clientId());
        json.writeStringField("ssmClientSecret", settings.clientSecret());
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void userSettings(JsonGenerator json) throws IOException {
        ManagerSettings settings = manager.settings();
        json.writeStartObject();
        json.writeBooleanField("isPresentCredentials", !settings.password().isEmpty());
        json.writeStringField("mode", settings.mode().equals("on-prem") ? "onPrem" : settings.mode());
        json.writeBooleanField("multipleEntitlement", manager.multipleEntitlement());
        json.writeStringField("uname", settings.user());
        json.writeEndObject();
    }

    private void compliance(JsonGenerator json) throws IOException {
        String reason = manager.complianceReason();
        json.writeStartObject();
        json.writeObjectFieldStart("data");
        json.writeArrayFieldStart("complianceStatus");
        if (!reason.isEmpty()) {
            json.writeStartObject();
            json.writeStringField(
                    "complianceStatus", reason.equals("sync complete") ? "compliant" : "Out Of Compliance");
            json.writeStringField("reason", reason);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("status", reason.equals("sync complete") ? "compliant" : "Out Of Compliance");
        json.writeEndObject();
        json.writeEndObject();
    }

    private static int lines(Call call) {
        String query = call.query();
        String digits = query == null ? "" : query.replaceFirst("^lines=(\\d{1,6})$", "$1");
        return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 100;
    }

    private static void loginPage(Call call) throws IOException {
        call.text(200, "text/html;charset=UTF-8", LOGIN_PAGE);
    }

    private static void error(Call call, int status, String message, String details) throws IOException {
        call.answer(status, json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", message);
            json.writeStringField("details", details);
            json.writeStringField("code", "SIM0001");
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static String methodAndPath(Call call) {
        List<String> path = call.segments();
        return call.method() + " " + String.join("/", path);
    }
}
