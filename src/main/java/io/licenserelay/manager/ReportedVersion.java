package io.licenserelay.manager;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/**
 * What a Manager says its version is.
 *
 * @param text as it came
 */
public record ReportedVersion(String text, ManagerVersion version) {

    /** None when it tells none that can be read. Else it is remembered for the next login, which depends on it. */
    public static Optional<ReportedVersion> read(ManagerServer server, ManagerSession session) throws IOException {
        JsonNode data = session.get("/dataservice/client/server", "application/json")
                .json()
                .path("data");
        String text = ManagerAnswer.text(data, "platformVersion");
        Optional<ReportedVersion> reported = text == null
                ? Optional.empty()
                : ManagerVersion.of(text).map(version -> new ReportedVersion(text, version));
        reported.ifPresent(known -> server.recordVersion(known.version()));
        return reported;
    }

    public boolean isTooOld() {
        return version.isBefore(ManagerVersion.ON_PREM);
    }

    /** For people. */
    public String of(String host) {
        return host + " is version " + text + (isTooOld() ? ", and on-prem mode begins with 20.9.1" : "");
    }
}
