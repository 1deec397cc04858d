package io.licenserelay.incident.bundle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.event.Digests;
import io.licenserelay.text.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes a {@code .tar.gz} of entries with a manifest of their digests. The same entries result in the same bytes. */
final class EvidenceArchive {
    static final String MANIFEST = "manifest.json";
    static final int FORMAT = 1;

    private final ObjectNode about;
    private final SortedMap<String, byte[]> entries = new TreeMap<>();

    /** @param about the other fields of the manifest */
    EvidenceArchive(ObjectNode about) {
        this.about = about;
    }

    /** The versions of a manifest, ordered by name. */
    static ObjectNode versions(Map<String, String> versions) {
        ObjectNode ordered = JsonNodeFactory.instance.objectNode();
        versions.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> ordered.put(each.getKey(), each.getValue()));
        return ordered;
    }

    EvidenceArchive add(String name, String text) {
        return add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    EvidenceArchive add(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    /** The manifest comes first, then the other entries by name. All have the same time and no owner. */
    byte[] bytes() throws IOException {
        ObjectNode manifest = about.deepCopy().put("format", FORMAT);
        ObjectNode digests = manifest.putObject("entries");
        entries.forEach((name, bytes) -> digests.put(name, Digests.sha256(bytes)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            put(tar, MANIFEST, Json.MAPPER.writeValueAsBytes(manifest));
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(tar, entry.getKey(), entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setModTime(0);
        entry.setMode(0640);
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
