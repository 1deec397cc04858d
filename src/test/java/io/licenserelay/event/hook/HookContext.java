package io.licenserelay.event.hook;

import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** A separate Camel context with the routes {@code 90} to {@code 92} and a route at one hook. */
final class HookContext implements AutoCloseable {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final HookCalls calls = new HookCalls();

    private HookContext() {}

    static HookContext with(@Nullable Hook hook, @Nullable Processor route) throws Exception {
        HookContext context = new HookContext();
        context.camel.getRegistry().bind("enrichmentHook", new EnrichmentHook(context.calls));
        for (String file : List.of("90-enrich-incident", "91-after-sync", "92-incident-published")) {
            Path path = Path.of("routes", file + ".camel.yaml").toAbsolutePath();
            PluginHelper.getRoutesLoader(context.camel)
                    .loadRoutes(PluginHelper.getResourceLoader(context.camel).resolveResource("file:" + path));
        }
        if (hook != null && route != null) {
            context.camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(hook.endpoint()).errorHandler(noErrorHandler()).process(route);
                }
            });
        }
        context.camel.start();
        context.calls.use(context.camel);
        return context;
    }

    HookCalls calls() {
        return calls;
    }

    @Override
    public void close() {
        calls.close();
        camel.stop();
    }
}
