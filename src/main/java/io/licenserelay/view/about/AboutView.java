package io.licenserelay.view.about;

import java.util.Map;

/**
 * What this relay is.
 *
 * @param name its name in the source of events
 * @param node the name of this node
 * @param versions of the relay, Java, Camel and Kafka's client
 * @param store where the state is, for people
 * @param configurationSha256 digest of the bytes of {@code relay.yaml} and {@code sites.d}, as read at the start
 * @param rulesSha256 digest of the rules of diagnosis, as recorded with evidence; {@code packed} for the unchanged catalogue
 * @param rules how many causes there are, for people
 * @param settings the effective settings of the relay itself, by name. Properties that are passed on to Kafka's clients and to Camel are
 *     names only, because their values may be secrets.
 * @param sites by site its effective settings by name; a secret is shown by its source, {@code env:SSM_CLIENT_SECRET}
 */
public record AboutView(
        String name,
        String node,
        Map<String, String> versions,
        String store,
        String configurationSha256,
        String rulesSha256,
        String rules,
        Map<String, String> settings,
        Map<String, Map<String, String>> sites) {}
