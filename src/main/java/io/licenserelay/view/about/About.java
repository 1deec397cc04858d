package io.licenserelay.view.about;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Rules;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.kafka.common.utils.AppInfoParser;

/** Describes the relay: versions, effective configuration, rules. Thread-safe. */
public final class About {
    private final Configuration configuration;
    private final Supplier<? extends Collection<Site>> sites;
    private final Rules rules;
    private final String version;
    private final String store;

    /**
     * @param configuration as read at the start
     * @param sites the sites that are in use now, which can be newer
     * @param version of the relay
     * @param store where the state is, for people
     */
    public About(
            Configuration configuration,
            Supplier<? extends Collection<Site>> sites,
            Rules rules,
            String version,
            String store) {
        this.configuration = configuration;
        this.sites = sites;
        this.rules = rules;
        this.version = version;
        this.store = store;
    }

    public AboutView view() {
        Map<String, Map<String, String>> settingsBySite = new TreeMap<>();
        sites.get().forEach(site -> settingsBySite.put(site.name(), EffectiveSettings.of(site)));
        return new AboutView(
                configuration.settings().name(),
                configuration.cluster().node(),
                versions(),
                store,
                configuration.sha256(),
                rules.sha256(),
                rules.summary(),
                EffectiveSettings.of(configuration.settings()),
                settingsBySite);
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        versions.put("relay", version);
        versions.put("java", Runtime.version().toString());
        versions.put(
                "camel",
                Objects.requireNonNullElse(CamelContext.class.getPackage().getImplementationVersion(), "unknown"));
        versions.put("kafkaClient", AppInfoParser.getVersion());
        return versions;
    }
}
