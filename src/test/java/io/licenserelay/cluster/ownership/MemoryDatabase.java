package io.licenserelay.cluster.ownership;

import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.cluster.configuration.SiteVersion;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tables and the locks in memory, with a count of the statements. For one thread. */
final class MemoryDatabase {
    private final Map<String, Row> rows = new HashMap<>();
    private final Set<String> live = new TreeSet<>();
    private final Map<String, NodeRevision> revisions = new HashMap<>();
    private final Map<String, Map<String, String>> configurations = new HashMap<>();
    private final Map<SiteVersion, Long> acceptedAt = new HashMap<>();
    private long clock;
    private long epochs;
    private long statements;
    private long rowsSent;

    private static final class Row {
        private @Nullable String node;
        private long epoch;
    }

    void join(String node) {
        live.add(node);
    }

    /** The lock of the node is gone. */
    void end(String node) {
        live.remove(node);
    }

    Set<String> live() {
        return live;
    }

    @Nullable
    String owner(String key) {
        Row row = rows.get(key);
        return row == null ? null : row.node;
    }

    long epoch(String key) {
        Row row = rows.get(key);
        return row == null ? 0 : row.epoch;
    }

    /** How many keys a live node owns. */
    Map<String, Integer> loads() {
        Map<String, Integer> loads = new HashMap<>();
        live.forEach(node -> loads.put(node, 0));
        rows.values().forEach(row -> loads.computeIfPresent(String.valueOf(row.node), (node, load) -> load + 1));
        return loads;
    }

    long statements() {
        return statements;
    }

    long rowsSent() {
        return rowsSent;
    }

    OwnershipTable table(String me) {
        return new Table(me);
    }

    private final class Table implements OwnershipTable {
        private final String me;

        Table(String me) {
            this.me = me;
        }

        @Override
        public Observation observe() {
            statements++;
            rowsSent += live.size();
            Map<String, NodeRevision> nodes = new HashMap<>();
            live.forEach(node -> nodes.put(node, revisions.getOrDefault(node, NodeRevision.NONE)));
            return new Observation(nodes, rows.size(), epochs);
        }

        /** Begin, lock, read the clock, up to three writes, set, two for cleaning, commit. */
        @Override
        public void accept(SiteDigests digests, Set<String> changed) {
            statements += 10;
            clock++;
            configurations.put(digests.digest(), digests.bySite());
            digests.bySite().forEach((site, digest) -> {
                acceptedAt.putIfAbsent(new SiteVersion(site, digest), clock);
                if (changed.contains(site)) {
                    acceptedAt.put(new SiteVersion(site, digest), clock);
                }
            });
            revisions.put(me, new NodeRevision(digests.digest(), clock));
        }

        @Override
        public Map<String, Map<String, String>> configurations(Set<String> wanted) {
            statements++;
            Map<String, Map<String, String>> found = new HashMap<>(configurations);
            found.keySet().retainAll(wanted);
            found.values().forEach(sites -> rowsSent += sites.size());
            return found;
        }

        @Override
        public Map<SiteVersion, Long> acceptedAt(Set<String> sites) {
            statements++;
            Map<SiteVersion, Long> found = new HashMap<>(acceptedAt);
            found.keySet().removeIf(each -> !sites.contains(each.site()));
            rowsSent += found.size();
            return found;
        }

        @Override
        public List<OwnerRow> available(Set<String> nodes) {
            statements++;
            List<OwnerRow> available = rows.entrySet().stream()
                    .filter(each -> {
                        String node = each.getValue().node;
                        return node == null || node.equals(me) || !nodes.contains(node);
                    })
                    .map(each -> new OwnerRow(each.getKey(), each.getValue().node, each.getValue().epoch))
                    .toList();
            rowsSent += available.size();
            return available;
        }

        @Override
        public void add(Collection<String> keys) {
            statements++;
            keys.forEach(key -> rows.computeIfAbsent(key, none -> new Row()));
        }

        /** Begin, lock, read who is alive, update, commit. */
        @Override
        public Map<String, Long> take(Collection<String> keys) {
            statements += 5;
            rowsSent += keys.size() + live.size();
            Map<String, Long> taken = new HashMap<>();
            for (String key : keys) {
                Row row = rows.get(key);
                if (row != null && (row.node == null || row.node.equals(me) || !live.contains(row.node))) {
                    change(row, me);
                    taken.put(key, row.epoch);
                }
            }
            rowsSent += taken.size();
            return taken;
        }

        @Override
        public Set<String> release(Collection<String> keys) {
            statements++;
            Set<String> released = new HashSet<>();
            for (String key : keys) {
                Row row = rows.get(key);
                if (row != null && me.equals(row.node)) {
                    change(row, null);
                    released.add(key);
                }
            }
            rowsSent += released.size();
            return released;
        }

        private void change(Row row, @Nullable String node) {
            row.node = node;
            row.epoch++;
            epochs++;
        }
    }
}
