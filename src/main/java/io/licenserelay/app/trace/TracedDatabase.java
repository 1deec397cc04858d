package io.licenserelay.app.trace;

import io.licenserelay.store.Database;
import io.licenserelay.store.TransactionCallback;
import io.licenserelay.store.WriteStatistics;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.function.Supplier;

/**
 * A database whose transactions are spans, including the wait for the writer. Only within a trace: the timers between runs would make a
 * trace of each look into the database. Thread-safe.
 */
final class TracedDatabase implements Database {
    private final Database database;
    private final Tracer tracer;

    TracedDatabase(Database database, Tracer tracer) {
        this.database = database;
        this.tracer = tracer;
    }

    private <T> T traced(String operation, Supplier<T> work) {
        if (!Span.current().getSpanContext().isValid()) {
            return work.get();
        }
        Span span = tracer.spanBuilder("database " + operation)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("db.system.name", database.isShared() ? "postgresql" : "sqlite")
                .setAttribute("db.operation.name", operation)
                .startSpan();
        try (Scope scope = span.makeCurrent()) {
            return work.get();
        } catch (RuntimeException | Error failed) {
            span.setAttribute("error.type", failed.getClass().getName());
            span.setStatus(StatusCode.ERROR);
            throw failed;
        } finally {
            span.end();
        }
    }

    @Override
    public <T> T write(String site, TransactionCallback<T> work) {
        return traced("write", () -> database.write(site, work));
    }

    @Override
    public <T> T prepare(String site, TransactionCallback<T> work) {
        return traced("prepare", () -> database.prepare(site, work));
    }

    @Override
    public <T> T submit(TransactionCallback<T> work) {
        return traced("submit", () -> database.submit(work));
    }

    @Override
    public <T> T read(TransactionCallback<T> work) {
        return traced("read", () -> database.read(work));
    }

    @Override
    public boolean owns(String site) {
        return database.owns(site);
    }

    @Override
    public boolean acceptsWork(String site) {
        return database.acceptsWork(site);
    }

    @Override
    public boolean isShared() {
        return database.isShared();
    }

    @Override
    public void refreshStatistics(String table) {
        database.refreshStatistics(table);
    }

    @Override
    public boolean isSound() {
        return database.isSound();
    }

    @Override
    public void requireRoom(int bytes) {
        database.requireRoom(bytes);
    }

    @Override
    public WriteStatistics writes() {
        return database.writes();
    }

    @Override
    public void close() {
        database.close();
    }
}
