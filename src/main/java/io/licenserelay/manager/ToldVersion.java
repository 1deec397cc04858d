package io.licenserelay.manager;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/**
 * What a Manager says its version is.
 *
 * @param text as it came
 */
record ToldVersion(String text, Version version) {

    /** None when it tells none that can be read. Else it is remembered for the next login, which depends on it. */
    static Optional<ToldVersion> read(ManagerServer server, ManagerSession session) throws IOException {
        JsonNode data = session.get("/dataservice/client/server", "application/json")
                .json()
                .path("data");
        String text = Answer.text(data, "platformVersion");
        Optional<ToldVersion> told =
                text == null ? Optional.empty() : Version.of(text).map(version -> new ToldVersion(text, version));
        told.ifPresent(known -> server.is(known.version()));
        return told;
    }

    boolean isTooOld() {
        return version.isBefore(Version.ON_PREM);
    }

    /** For people. */
    String of(String host) {
        return host + " is version " + text + (isTooOld() ? ", and on-prem mode begins with 20.9.1" : "");
    }
}
