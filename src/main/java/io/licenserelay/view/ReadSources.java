package io.licenserelay.view;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the read side reads.
 *
 * @param database the state, of which nothing is changed
 * @param configuration the configuration that the relay was started with
 * @param sites the sites that are in use now; read for each request
 * @param cluster the nodes that share the state; empty if it is not shared
 * @param rules the rules of diagnosis that are in use
 * @param version the version of the relay
 * @param host the name of this machine
 * @param store where the state is, for people: {@code data}, or {@code PostgreSQL at db.example.net:5432/relay}
 */
public record ReadSources(
        Database database,
        Configuration configuration,
        Supplier<? extends Collection<Site>> sites,
        Optional<ClusterView> cluster,
        Rules rules,
        String version,
        String host,
        String store,
        Clock clock) {}
