package io.licenserelay.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.event.Event;
import io.licenserelay.event.EventIds;
import io.licenserelay.event.Provenance;
import io.licenserelay.event.RecordExpansion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Creates the records of the licenses that a run changed: one {@code license.changed.v1} per license, and a tombstone
 * for a license that is gone.
 */
public final class LicenseEvents implements RecordExpansion {
    private static final String TYPE = "io.licenserelay.license.changed.v1";

    @Override
    public List<Record> page(
            Handle tx, long placeId, long runId, @Nullable String provenance, @Nullable String resume, int max) {
        String[] after = resume == null ? new String[] {"", ""} : resume.split("/", 2);
        RunFacts facts = facts(tx, placeId, runId, Provenance.read(provenance));
        return tx.createQuery("SELECT * FROM license WHERE place_id = :place AND changed_run = :run"
                        + " AND (name, billing) > (:name, :billing) ORDER BY name, billing LIMIT :max")
                .bind("place", placeId)
                .bind("run", runId)
                .bind("name", decode(after[0]))
                .bind("billing", decode(after[1]))
                .bind("max", max)
                .map((row, context) -> record(row, facts))
                .list();
    }

    @Override
    public void finished(Handle tx, long placeId, long runId) {
        tx.execute("DELETE FROM license WHERE place_id = ? AND gone_run = ?", placeId, runId);
    }

    private static RunFacts facts(Handle tx, long placeId, long runId, JsonNode provenance) {
        return tx.createQuery("SELECT p.site, p.account, p.va, r.started_at, r.traceparent FROM place p, run r"
                        + " WHERE p.id = :place AND r.id = :run")
                .bind("place", placeId)
                .bind("run", runId)
                .map((row, context) -> new RunFacts(
                        new Place(row.getString("site"), row.getString("account"), row.getString("va")),
                        runId,
                        Instant.ofEpochMilli(row.getLong("started_at")),
                        row.getString("traceparent"),
                        provenance))
                .one();
    }

    private static Record record(ResultSet row, RunFacts facts) throws SQLException {
        String name = row.getString("name");
        String billing = row.getString("billing");
        // Name and billing type together identify a license, so both are in the compaction key.
        String key =
                facts.place.path() + "/" + Place.encode(name) + (billing.isEmpty() ? "" : "/" + Place.encode(billing));
        String resume = Place.encode(name) + "/" + Place.encode(billing);
        if (row.getObject("gone_run") != null) {
            return new Record(key, Map.of(), null, resume);
        }
        Event event = Event.of(
                EventIds.of("license", key, facts.runId),
                TYPE,
                Provenance.source(facts.provenance, facts.place),
                key,
                facts.at,
                Map.of("correlationid", Long.toString(facts.runId), "traceparent", facts.trace),
                data(row, facts));
        return new Record(event.key(), event.headers(), event.value(), resume);
    }

    private static ObjectNode data(ResultSet row, RunFacts facts) throws SQLException {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("change", row.getLong("first_run") == facts.runId ? "added" : "changed");
        data.put("site", facts.place.site());
        data.put("account", facts.place.account());
        data.put("virtualAccount", facts.place.va());
        data.put("license", row.getString("name"));
        data.put("billingType", row.getString("billing"));
        data.put("quantity", row.getLong("quantity"));
        data.put("inUse", row.getLong("in_use"));
        data.put("available", row.getLong("available"));
        data.put("reserved", row.getLong("reserved"));
        data.put("status", row.getString("status"));
        long endsAt = row.getLong("ends_at");
        if (!row.wasNull()) {
            data.put("endsAt", Instant.ofEpochMilli(endsAt).toString());
        }
        data.put("mergedRows", row.getLong("merged_rows"));
        data.put("runId", Long.toString(facts.runId));
        Provenance.into(data, facts.provenance);
        return data;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private record RunFacts(Place place, long runId, Instant at, String trace, JsonNode provenance) {}
}
