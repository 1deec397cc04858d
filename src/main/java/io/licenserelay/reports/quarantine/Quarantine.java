package io.licenserelay.reports.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.event.Digests;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.OwnerOnly;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * What was put aside since reading it ended the relay: {@code quarantine/ID/content}, the bytes as they came, and {@code about.json}
 * beside it, in the data folder, readable by its owner only. It stays until somebody has it read again. Thread-safe.
 */
public final class Quarantine {
    private static final String CONTENT = "content";
    private static final String ABOUT = "about.json";

    private final Path folder;
    private final Clock clock;

    /** @param data the data folder */
    public Quarantine(Path data, Clock clock) {
        this.folder = data.resolve("quarantine");
        this.clock = clock;
    }

    /**
     * Something that was put aside.
     *
     * @param id by which it is released
     * @param name of the file, or of the record: {@code topic/0/17}
     * @param va whose it is, when its folders or headers said so
     * @param why it is here, for people
     * @param content its bytes
     */
    public record Item(String id, Place place, String name, String why, Instant at, Path content) {

        @Nullable
        public Place va() {
            return place.va() == null ? null : place;
        }
    }

    /** Keeps what a stream holds; it is on the disk afterwards. Once more the same item takes the place of the first. */
    public Item keep(Site site, @Nullable Place va, String name, String why, InputStream bytes) throws IOException {
        String id = Digests.sha256((site.name() + "\n" + name).getBytes(StandardCharsets.UTF_8))
                .substring(0, 12);
        Path own = folder.resolve(id);
        OwnerOnly.createDirectories(own);
        Item item = new Item(id, va == null ? site.place() : va, name, why, clock.instant(), own.resolve(CONTENT));
        AtomicFiles.write(own.resolve(ABOUT), json(item));
        // The content is the last: a folder without it is not an item.
        AtomicFiles.write(item.content(), bytes);
        return item;
    }

    /** Everything that is put aside, oldest first. */
    public List<Item> items() throws IOException {
        List<Item> items = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                for (Path each : all.toList()) {
                    if (Files.exists(each.resolve(CONTENT))) {
                        items.add(item(each));
                    }
                }
            }
        }
        items.sort(Comparator.comparing(Item::at));
        return items;
    }

    /** The item of this id, if there is one. */
    public Optional<Item> find(String id) throws IOException {
        return items().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    public boolean holdsAnyOf(Site site) throws IOException {
        return items().stream().anyMatch(each -> each.place().site().equals(site.name()));
    }

    public void remove(Item item) throws IOException {
        PathUtils.deleteDirectory(item.content().resolveSibling(""));
    }

    private static byte[] json(Item item) throws JsonProcessingException {
        ObjectNode about = Json.MAPPER
                .createObjectNode()
                .put("site", item.place().site())
                .put("account", item.place().account())
                .put("va", item.place().va())
                .put("name", item.name())
                .put("why", item.why())
                .put("at", item.at().toString());
        return Json.MAPPER.writeValueAsBytes(about);
    }

    private static Item item(Path own) throws IOException {
        JsonNode about = Json.MAPPER.readTree(Files.readAllBytes(own.resolve(ABOUT)));
        Place place = new Place(about.path("site").asText(), text(about, "account"), text(about, "va"));
        return new Item(
                String.valueOf(own.getFileName()),
                place,
                about.path("name").asText(),
                about.path("why").asText(),
                Instant.parse(about.path("at").asText()),
                own.resolve(CONTENT));
    }

    private static @Nullable String text(JsonNode about, String field) {
        return about.path(field).isTextual() ? about.path(field).asText() : null;
    }
}
