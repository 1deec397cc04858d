package io.licenserelay.app.trace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A collector for OTLP over HTTP that keeps what it receives. */
final class TraceCollector implements AutoCloseable {
    /** A received span, with its ids in hexadecimal digits; the parent of a root is empty. */
    record Received(
            String trace,
            String id,
            String parent,
            String name,
            Span.SpanKind kind,
            Map<String, String> attributes,
            Span span) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> spans = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> resources = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean holding;
    private volatile int requests;

    private TraceCollector(HttpServer server) {
        this.server = server;
    }

    static TraceCollector start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        TraceCollector collector = new TraceCollector(server);
        server.createContext("/v1/traces", collector::receive);
        server.setExecutor(collector.threads);
        server.start();
        return collector;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** Answers with this status from now on, and keeps nothing if it is not 200. */
    TraceCollector answering(int other) {
        status = other;
        return this;
    }

    /** Does not answer until it is closed. */
    TraceCollector holding() {
        holding = true;
        return this;
    }

    int requests() {
        return requests;
    }

    List<Received> spans() {
        return List.copyOf(spans);
    }

    List<Map<String, String>> resources() {
        return List.copyOf(resources);
    }

    private synchronized void count() {
        requests++;
    }

    private void receive(HttpExchange exchange) throws IOException {
        count();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (holding) {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (status == 200) {
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(of -> {
                resources.add(attributes(of.getResource().getAttributesList()));
                of.getScopeSpansList()
                        .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(received(span))));
            });
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static Received received(Span span) {
        HexFormat hex = HexFormat.of();
        return new Received(
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getKind(),
                attributes(span.getAttributesList()),
                span);
    }

    private static Map<String, String> attributes(List<KeyValue> all) {
        return all.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        each -> each.getValue().hasIntValue()
                                ? Long.toString(each.getValue().getIntValue())
                                : each.getValue().getStringValue(),
                        (one, other) -> other,
                        TreeMap::new));
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
