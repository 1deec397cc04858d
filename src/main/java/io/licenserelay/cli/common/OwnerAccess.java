package io.licenserelay.cli.common;

import io.licenserelay.actions.OwningRelays;
import io.licenserelay.actions.RelayActions;
import io.licenserelay.actions.RequestFailed;
import io.licenserelay.actions.RunningRelay;
import io.licenserelay.app.Relay;
import io.licenserelay.app.member.StoredState;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.config.Configuration;
import io.licenserelay.log.ServiceLog;
import io.licenserelay.redact.Redactor;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.request.OperatorRequests;
import io.licenserelay.sync.run.Sites;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a command act on sites where they may be changed. The first way that is possible counts: the relay that runs on the data
 * folder, through its local API; the relays of the cluster, through the shared database; a relay in this process, which joins the
 * cluster for the duration of the command.
 */
public final class OwnerAccess {
    /** The longest name of a node. */
    private static final int LONGEST_NAME = 60;

    private OwnerAccess() {}

    /** What the command does through other relays. */
    @FunctionalInterface
    public interface Elsewhere<T> {
        T with(RelayActions relays) throws Exception;
    }

    /** What the command does with a relay of its own, which is not started. */
    @FunctionalInterface
    public interface InThisProcess<T> {
        T with(Relay relay) throws Exception;
    }

    /** @throws CommandErrors.Refusal if the relay that runs here, or the owner of a site, does not do what is requested */
    public static <T> T act(
            CommonOptions folders, Configuration configuration, Elsewhere<T> elsewhere, InThisProcess<T> inThisProcess)
            throws Exception {
        try {
            StoredState state = new StoredState(folders.data, configuration.cluster());
            Optional<ClusterView> cluster = state.cluster();
            if (cluster.isPresent() && !isHeld(folders)) {
                Optional<Database> database = state.besideRelays();
                if (database.isPresent()) {
                    try (Database shared = database.get()) {
                        if (!live(cluster.get(), state).isEmpty()) {
                            return elsewhere.with(relays(shared, cluster.get(), configuration));
                        }
                    }
                }
            }
            Optional<DataFolder> data = DataFolder.take(folders.data);
            if (data.isEmpty()) {
                return elsewhere.with(new RunningRelay(folders.data));
            }
            Configuration own = cluster.isPresent() ? configuration.asNode(name(configuration)) : configuration;
            ServiceLog log = ServiceLog.text(Redactor.of(() -> Relay.revealed(own.secrets())));
            try (DataFolder held = data.get();
                    Relay relay = new Relay(own, held.path(), Clock.systemUTC())) {
                log.redactWith(relay.redactor());
                return inThisProcess.with(relay);
            }
        } catch (RunningRelay.Unreachable | RequestFailed e) {
            throw CommandErrors.failure(String.valueOf(e.getMessage()));
        }
    }

    /** A data folder that this user may not read is not that of a relay of this user. */
    private static boolean isHeld(CommonOptions folders) {
        try {
            return DataFolder.isHeld(folders.data);
        } catch (DataFolder.Unusable e) {
            return false;
        }
    }

    private static Set<String> live(ClusterView cluster, StoredState state) {
        try {
            return cluster.live();
        } catch (SQLException e) {
            throw StoreFailed.ofServer(state.toString(), e);
        }
    }

    private static RelayActions relays(Database database, ClusterView cluster, Configuration configuration) {
        Clock clock = Clock.systemUTC();
        OperatorRequests requests = new OperatorRequests(
                database, cluster, name(configuration), ClusterSettings.DEFAULT.takeover(), () -> {}, clock);
        return new OwningRelays(database, requests, new Sites(configuration.sites()), clock);
    }

    /** The name of this process among the nodes. No relay has it, because a process has its number alone. */
    private static String name(Configuration configuration) {
        String suffix = "-cli-" + ProcessHandle.current().pid();
        String node = configuration.cluster().node();
        return node.substring(0, Math.min(node.length(), LONGEST_NAME - suffix.length())) + suffix;
    }
}
