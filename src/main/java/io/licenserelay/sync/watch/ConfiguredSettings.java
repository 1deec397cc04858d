package io.licenserelay.sync.watch;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Site;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a site as text, by its name: {@code sites[hq].parallel}. The same configuration results in the same
 * texts in every process. A secret is represented by its source, never by its value.
 *
 * <p>An optional block has a separate entry, {@code set} or {@code not set}. A map, or a list of blocks, has an entry
 * whose name ends with {@code []} and whose text is the names of its items, one per line.
 */
public final class ConfiguredSettings {
    static final String NOT_SET = "not set";
    private static final String SET = "set";
    private static final String SOURCE = " (source)";
    private static final Path WORKING_FOLDER = Path.of("").toAbsolutePath();

    /** Settings that a baseline stores elsewhere: as separate facts, or as its key. */
    private static final Set<String> EXCLUDED = Set.of("name", "ssm.url", "ssm.grant", "ssm.client.id");

    /** Blocks whose name in {@code relay.yaml} differs from the name of the record component. */
    private static final Map<String, String> BLOCKS = Map.of("probing", "probes");

    private final String prefix;
    private final Map<String, String> texts = new TreeMap<>();

    private ConfiguredSettings(String prefix) {
        this.prefix = prefix;
    }

    public static Map<String, String> of(Site site) {
        ConfiguredSettings settings = new ConfiguredSettings("sites[" + site.name() + "].");
        settings.addComponents("", site);
        return settings.texts;
    }

    private void add(String name, @Nullable Object value) {
        if (value == null) {
            put(name, NOT_SET);
        } else if (value instanceof Secret secret) {
            put(name + SOURCE, secret.source());
        } else if (value instanceof Record block) {
            put(name, SET);
            addComponents(name + ".", block);
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> items = new TreeMap<>();
            map.forEach((key, item) -> items.put(text(key), item));
            addItems(name, items);
        } else if (value instanceof List<?> list && list.stream().anyMatch(Record.class::isInstance)) {
            Map<String, Object> items = new TreeMap<>();
            list.forEach(item -> items.put(nameOf(item, items.size()), item));
            addItems(name, items);
        } else {
            put(name, text(value));
        }
    }

    private void addComponents(String before, Record block) {
        for (RecordComponent component : block.getClass().getRecordComponents()) {
            String settingName = BLOCKS.getOrDefault(component.getName(), component.getName());
            add(before + settingName, valueOf(component, block));
        }
    }

    private void addItems(String name, Map<String, Object> items) {
        put(name + "[]", String.join("\n", items.keySet()));
        items.forEach((key, item) -> add(name + "[" + key + "]", item));
    }

    private void put(String name, String text) {
        if (!EXCLUDED.contains(name)) {
            texts.put(prefix + name, text);
        }
    }

    private static String nameOf(Object item, int index) {
        if (item instanceof Record block) {
            for (RecordComponent component : block.getClass().getRecordComponents()) {
                if (component.getName().equals("name")) {
                    return String.valueOf(valueOf(component, block));
                }
            }
        }
        return Integer.toString(index);
    }

    private static @Nullable Object valueOf(RecordComponent component, Record block) {
        try {
            return component.getAccessor().invoke(block);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the setting " + component.getName() + " cannot be read", e);
        }
    }

    private static String text(Object value) {
        if (value instanceof Path path) {
            return (path.startsWith(WORKING_FOLDER) ? WORKING_FOLDER.relativize(path) : path).toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof Set<?> set) {
            return set.stream()
                    .map(ConfiguredSettings::text)
                    .sorted(Comparator.naturalOrder())
                    .collect(Collectors.joining(", "));
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(ConfiguredSettings::text).collect(Collectors.joining(", "));
        }
        return value.toString();
    }
}
