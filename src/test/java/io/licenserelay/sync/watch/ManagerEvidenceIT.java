package io.licenserelay.sync.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.ManagerAndRelay;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The state of the SD-WAN Manager is part of the evidence of a failure of the site. */
class ManagerEvidenceIT {
    @RegisterExtension
    final ManagerAndRelay servers = new ManagerAndRelay();

    @Test
    void theEvidenceOfAFailedPullContainsTheManagerAndItsChanges() throws Exception {
        servers.relay().setting("relay.events.evidence", "full");
        servers.start();
        assertThat(servers.relay().sync().outcome()).isEqualTo("complete");
        servers.manager().version("20.15.1");
        servers.later(Duration.ofMinutes(2));
        servers.ssm().faults().set("server-error", "resource", "licenses");
        assertThat(servers.relay().sync().outcome()).isEqualTo("failed");
        FailureEvent failed = servers.relay().failures().get(0);
        assertThat(failed.code()).as("%s", failed).isEqualTo("LIC4004");
        assertThat(failed.json().at("/data/evidence/probes"))
                .anyMatch(probe -> probe.path("probe").asText().equals("manager")
                        && probe.at("/details/version").asText().equals("20.15.1")
                        && probe.path("status").asText().equals("ok"));
        assertThat(failed.text("/data/changed")).contains("Manager version was 20.12.3, is 20.15.1");
        assertThat(servers.manager().openSessions()).isZero();
    }
}
