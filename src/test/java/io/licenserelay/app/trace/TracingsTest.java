package io.licenserelay.app.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Without an endpoint the relay needs no class of OpenTelemetry. */
class TracingsTest {
    private static final Pattern OPENTELEMETRY = Pattern.compile("opentelemetry|camel-telemetry");

    @Test
    void withoutAnEndpointNoClassOfOpenTelemetryIsNeeded() throws Exception {
        try (URLClassLoader without = classPathWithoutOpenTelemetry()) {
            Object tracing = tracing(without, null);
            assertThat(tracing.getClass().getSimpleName()).isEqualTo("Untraced");
            Method traceparent = tracing.getClass().getMethod("traceparent");
            assertThat(traceparent.invoke(tracing).toString()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
            assertThat(traceparent.invoke(tracing)).isNotEqualTo(traceparent.invoke(tracing));
        }
    }

    @Test
    void withAnEndpointTheyAreNeeded() throws Exception {
        try (URLClassLoader without = classPathWithoutOpenTelemetry()) {
            Object settings = without.loadClass("io.licenserelay.config.site.TraceSettings")
                    .getConstructor(URI.class, Map.class, List.class)
                    .newInstance(URI.create("http://127.0.0.1:4318/v1/traces"), Map.of(), List.of());
            assertThatThrownBy(() -> tracing(without, settings))
                    .isInstanceOf(InvocationTargetException.class)
                    .hasCauseInstanceOf(NoClassDefFoundError.class);
        }
    }

    private static Object tracing(ClassLoader loader, @Nullable Object settings) throws Exception {
        Class<?> type = loader.loadClass("io.licenserelay.config.site.TraceSettings");
        return loader.loadClass(Tracings.class.getName())
                .getMethod("of", type, String.class, String.class, String.class)
                .invoke(null, settings, "license-relay", "node", "1");
    }

    private static URLClassLoader classPathWithoutOpenTelemetry() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!OPENTELEMETRY.matcher(each).find()) {
                urls.add(new File(each).toURI().toURL());
            }
        }
        assertThat(urls).hasSizeGreaterThan(20);
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
