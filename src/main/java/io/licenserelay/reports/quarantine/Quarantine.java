package io.licenserelay.reports.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.event.Digests;
import io.licenserelay.reports.files.FolderCheck;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that ended the relay process: {@code quarantine/ID/content} with the unchanged bytes, and {@code about.json}
 * next to it. The folder is in the data folder, or for relays that share a database beside the inbox of the site, and readable only by its owner. An item stays until an operator retries
 * it. Thread-safe.
 */
public final class Quarantine {
    private static final String CONTENT = "content";
    private static final String ABOUT = "about.json";

    private static final String FOLDER = "quarantine";

    /** By site, where its items are. */
    private final Function<Site, Path> folderOf;

    private final Supplier<Set<Path>> folders;
    private final FolderCheck check;
    private final Clock clock;

    /**
     * The quarantine of the only relay of a data folder.
     *
     * @param data the data folder
     */
    public Quarantine(Path data, Clock clock) {
        this(site -> data.resolve(FOLDER), () -> Set.of(data.resolve(FOLDER)), FolderCheck.LOCAL, clock);
    }

    private Quarantine(Function<Site, Path> folderOf, Supplier<Set<Path>> folders, FolderCheck check, Clock clock) {
        this.check = check;
        this.folderOf = folderOf;
        this.folders = folders;
        this.clock = clock;
    }

    /**
     * The quarantine of relays that share a database: beside the inboxes, which they share too.
     *
     * @param sites read at each use
     * @param check verifies the folders before they are written
     */
    public static Quarantine shared(Supplier<? extends Collection<Site>> sites, FolderCheck check, Clock clock) {
        return new Quarantine(
                Quarantine::besideInbox,
                () -> sites.get().stream()
                        .map(Quarantine::besideInbox)
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                check,
                clock);
    }

    private static Path besideInbox(Site site) {
        return site.reports().inbox().resolveSibling(FOLDER);
    }

    /**
     * A quarantined input.
     *
     * @param id the id for a retry
     * @param name the name of the file, or of the record: {@code topic/0/17}
     * @param place the owner if the folders or headers of the input name it, else the site
     * @param why the reason, as text for people
     * @param content the file with the bytes
     */
    public record Item(String id, Place place, String name, String why, Instant at, Path content) {

        @Nullable
        public Place va() {
            return place.va() == null ? null : place;
        }
    }

    /**
     * Quarantines the content of a stream. On return the item is on the disk. An item of the same site and name is
     * replaced.
     *
     * @throws IOException if the folder must not be used or cannot be written
     */
    public Item keep(Site site, @Nullable Place va, String name, String why, InputStream bytes) throws IOException {
        check.requireInbox(site);
        String id = Digests.sha256((site.name() + "\n" + name).getBytes(StandardCharsets.UTF_8))
                .substring(0, 12);
        Path itemFolder = folderOf.apply(site).resolve(id);
        OwnerOnly.createDirectories(itemFolder);
        Item item =
                new Item(id, va == null ? site.place() : va, name, why, clock.instant(), itemFolder.resolve(CONTENT));
        AtomicFiles.write(itemFolder.resolve(ABOUT), json(item));
        // The content is written last: a folder without content is not an item.
        AtomicFiles.write(item.content(), bytes);
        return item;
    }

    /** All quarantined items, oldest first. */
    public List<Item> items() throws IOException {
        List<Item> items = new ArrayList<>();
        for (Path folder : folders.get()) {
            if (Files.isDirectory(folder)) {
                items.addAll(items(folder));
            }
        }
        items.sort(Comparator.comparing(Item::at));
        return items;
    }

    private static List<Item> items(Path folder) throws IOException {
        List<Item> items = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                if (Files.exists(each.resolve(CONTENT))) {
                    items.add(item(each));
                }
            }
        }
        return items;
    }

    /** The item with this id, if it exists. */
    public Optional<Item> find(String id) throws IOException {
        return items().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    public boolean hasItemsOf(Site site) throws IOException {
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

    private static Item item(Path itemFolder) throws IOException {
        JsonNode about = Json.MAPPER.readTree(Files.readAllBytes(itemFolder.resolve(ABOUT)));
        Place place = new Place(about.path("site").asText(), text(about, "account"), text(about, "va"));
        return new Item(
                String.valueOf(itemFolder.getFileName()),
                place,
                about.path("name").asText(),
                about.path("why").asText(),
                Instant.parse(about.path("at").asText()),
                itemFolder.resolve(CONTENT));
    }

    private static @Nullable String text(JsonNode about, String field) {
        return about.path(field).isTextual() ? about.path(field).asText() : null;
    }
}
