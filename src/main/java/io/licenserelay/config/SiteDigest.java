package io.licenserelay.config;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Site;
import io.licenserelay.text.Json;
import io.licenserelay.text.Sha256;
import io.licenserelay.text.WireNamed;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of the effective configuration of a site. Two nodes have the same digest if the configuration means the same on both: key order,
 * comments, spelling of values, defaults and the file do not matter. Every setting of {@link Site} takes part, so a new setting cannot be
 * forgotten. A secret takes part by its source.
 *
 * <p>A setting that is not set takes no part. Therefore a new version of the relay with another optional setting has the same digests.
 */
final class SiteDigest {
    /** Lists whose order has no meaning. The order of logs and of devices is the order in which the relay reads them. */
    private static final Set<String> UNORDERED = Set.of("accounts", "trust", "from", "clients");

    private SiteDigest() {}

    /** @param site with its paths as written, because their absolute form differs between nodes */
    static String of(Site site) {
        return new Sha256().add(Json.write(block(site))).hex();
    }

    private static Map<String, Object> block(Record block) {
        Map<String, Object> values = new TreeMap<>();
        for (RecordComponent component : block.getClass().getRecordComponents()) {
            Object value = value(component.getName(), valueOf(component, block));
            if (value != null) {
                values.put(component.getName(), value);
            }
        }
        return values;
    }

    private static @Nullable Object value(String name, @Nullable Object value) {
        if (value instanceof Secret secret) {
            return secret.source();
        }
        if (value instanceof WireNamed constant) {
            return constant.wireName();
        }
        if (value instanceof Record block) {
            return block(block);
        }
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? null : sorted(map);
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? null : items(name, list);
        }
        if (value instanceof Path path) {
            // A list of paths would otherwise be written as URLs, which are absolute.
            return path.toString();
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, item) -> {
            Object value = value("", item);
            if (value != null) {
                sorted.put(String.valueOf(value("", key)), value);
            }
        });
        return sorted;
    }

    private static List<Object> items(String name, List<?> list) {
        List<Object> items = new ArrayList<>();
        for (Object item : list) {
            Object value = value("", item);
            if (value != null) {
                items.add(value);
            }
        }
        return UNORDERED.contains(name)
                ? items.stream()
                        .sorted((one, other) -> one.toString().compareTo(other.toString()))
                        .toList()
                : items;
    }

    private static @Nullable Object valueOf(RecordComponent component, Record block) {
        try {
            return component.getAccessor().invoke(block);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the setting " + component.getName() + " cannot be read", e);
        }
    }
}
