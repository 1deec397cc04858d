package io.licenserelay.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests a page of this server sent. */
class CrossSiteTest {
    @ParameterizedTest
    @CsvSource({
        "same-origin, , true, true",
        "same-origin, https://relay.example.net:8470, true, true",
        "same-origin, null, true, true",
        ", https://relay.example.net:8470, true, true",
        ", https://RELAY.example.net:8470, true, true",
        ", , false, true",
        ", , true, false",
        "none, , true, false",
        "same-site, https://relay.example.net:8470, true, false",
        "cross-site, , false, false",
        ", https://relay.example.net:8471, true, false",
        ", https://relay.example.net.evil.example, true, false",
        ", https://evil.example, false, false",
        ", null, true, false",
        ", '', true, false",
        ", 'http://[', true, false"
    })
    void aRequestOfAnotherSiteIsFound(
            @Nullable String fetchSite, @Nullable String origin, boolean fromBrowser, boolean same) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (fetchSite != null) {
            headers.set("Sec-Fetch-Site", fetchSite);
        }
        if (origin != null) {
            headers.set("Origin", origin);
        }
        assertThat(CrossSite.isSame(headers, HostAndPort.create("relay.example.net", 8470), fromBrowser))
                .isEqualTo(same);
    }
}
