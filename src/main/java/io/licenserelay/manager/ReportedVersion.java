package io.licenserelay.manager;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/**
 * The version that a Manager reports.
 *
 * @param text the version as received
 */
public record ReportedVersion(String text, ManagerVersion version) {

    /** Reads the version and stores it for the next login, which depends on it. Empty if the Manager reports no valid version. */
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

    /** A sentence for messages. */
    public String of(String host) {
        return host + " is version " + text + (isTooOld() ? ", but on-prem mode needs 20.9.1 or later" : "");
    }
}
