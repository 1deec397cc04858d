package io.licenserelay.view.about;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.sync.watch.ConfiguredSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The effective configuration as text by name, without a secret. */
final class EffectiveSettings {
    private EffectiveSettings() {}

    /** The settings of the relay by the keys of {@code application.properties}. */
    static Map<String, String> of(Settings settings) {
        Map<String, String> texts = new TreeMap<>();
        texts.put("relay.name", settings.name());
        texts.put("relay.docs.base", settings.docsBase());
        texts.put("relay.kafka.brokers", settings.kafka().brokers());
        texts.put("relay.kafka.maxBlock", settings.kafka().maxBlock().toString());
        texts.put("relay.kafka.timeout", settings.kafka().timeout().toString());
        texts.put(
                "relay.kafka.client (names)",
                String.join(", ", new TreeSet<>(settings.kafka().client().keySet())));
        settings.topics().forEach((topic, name) -> texts.put("relay.topics." + topic.key(), name));
        settings.projections()
                .on()
                .forEach((format, name) -> texts.put("relay.projections." + format.wireName(), name));
        texts.put("relay.events.maxBytes", Integer.toString(settings.maxEventBytes()));
        texts.put("relay.events.evidence", settings.evidenceForm().wireName());
        texts.put("relay.fold.places", Integer.toString(settings.foldPlaces()));
        texts.put("relay.flap.times", Integer.toString(settings.flap().times()));
        texts.put("relay.flap.rest", settings.flap().rest().toString());
        texts.put("relay.sites.parallel", Integer.toString(settings.sitesParallel()));
        texts.put("relay.evidence.bundles", Integer.toString(settings.bundles().count()));
        texts.put("relay.evidence.size", Long.toString(settings.bundles().bytes()));
        texts.put("relay.evidence.age", settings.bundles().age().toString());
        texts.put("relay.run.limit", settings.runLimit().toString());
        texts.put("relay.commands.pause", settings.commandsPause().toString());
        texts.put("relay.inbox.settle", settings.inboxSettle().toString());
        texts.put(
                "other keys (names)",
                String.join(", ", new TreeSet<>(settings.camel().keySet())));
        return texts;
    }

    /** The settings of a site by their paths in {@code relay.yaml}. */
    static Map<String, String> of(Site site) {
        Map<String, String> texts = new TreeMap<>(ConfiguredSettings.of(site));
        String prefix = "sites[" + site.name() + "].ssm.";
        texts.put(prefix + "url", site.ssm().url().toString());
        texts.put(prefix + "grant", site.ssm().grant().wireName());
        texts.put(prefix + "client.id", site.ssm().client().id());
        return texts;
    }
}
