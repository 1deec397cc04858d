package io.licenserelay.incident.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.event.Digests;
import io.licenserelay.incident.bundle.StoredEvidence.BadEvidence;
import io.licenserelay.text.BoundedJson;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The stored data of one incident, read from an untrusted file: nothing is unpacked to the disk, and every digest is
 * verified.
 *
 * @param entries the entries by name, without the manifest
 */
public record EvidenceBundle(JsonNode manifest, Map<String, byte[]> entries) {
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_ENTRIES = 500;

    /** The maximum number of values and names in one JSON entry. */
    private static final int MAX_VALUES = 500_000;

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}");

    /** Whether the file may be a bundle: it starts like gzip. */
    public static boolean looksLike(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 0x1f && in.read() == 0x8b;
        }
    }

    /** @throws BadEvidence when the file is not a bundle or was changed; the message names the entry */
    public static EvidenceBundle read(Path file) throws BadEvidence {
        Map<String, byte[]> entries = new TreeMap<>();
        try (InputStream gzip = new GZIPInputStream(Files.newInputStream(file));
                InputStream bounded = BoundedInputStream.builder()
                        .setInputStream(gzip)
                        .setMaxCount(MAX_BYTES + 1)
                        .get();
                TarArchiveInputStream tar = new TarArchiveInputStream(bounded)) {
            long unpacked = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                check(entry, entries);
                unpacked += entry.getSize();
                if (unpacked > MAX_BYTES || entries.size() >= MAX_ENTRIES) {
                    throw new BadEvidence("the bundle contains more than " + (MAX_BYTES >> 20) + " MiB or "
                            + MAX_ENTRIES + " entries: it was not written by a relay");
                }
                byte[] bytes = tar.readNBytes((int) entry.getSize());
                if (bytes.length < entry.getSize()) {
                    throw new BadEvidence("the bundle is truncated within " + entry.getName());
                }
                entries.put(entry.getName(), bytes);
            }
        } catch (IOException | IllegalArgumentException damaged) {
            throw new BadEvidence("the bundle cannot be unpacked: " + damaged.getMessage());
        }
        return verified(entries);
    }

    private static void check(TarArchiveEntry entry, Map<String, byte[]> before) throws BadEvidence {
        String name = entry.getName();
        if (!NAME.matcher(name).matches()) {
            throw new BadEvidence("the bundle has an entry with the name \"" + name.replaceAll("\\p{Cntrl}", "?")
                    + "\", which is not allowed");
        }
        if (!entry.isFile() || entry.isSymbolicLink() || entry.isLink() || entry.isSparse()) {
            throw new BadEvidence("the entry " + name + " of the bundle is not a regular file");
        }
        if (before.containsKey(name)) {
            throw new BadEvidence("the entry " + name + " is in the bundle twice");
        }
        if (entry.getSize() < 0 || entry.getSize() > MAX_BYTES) {
            throw new BadEvidence("the entry " + name + " of the bundle is too large");
        }
    }

    private static EvidenceBundle verified(Map<String, byte[]> entries) throws BadEvidence {
        byte[] manifest = entries.remove(EvidenceArchive.MANIFEST);
        if (manifest == null) {
            throw new BadEvidence("the file has no " + EvidenceArchive.MANIFEST + ": it is not a bundle of a relay");
        }
        JsonNode parsed = json(manifest, EvidenceArchive.MANIFEST);
        if (parsed.path("format").asInt() != EvidenceArchive.FORMAT
                || !parsed.path("entries").isObject()) {
            throw new BadEvidence("the bundle has format "
                    + parsed.path("format").asText() + ", this relay reads " + EvidenceArchive.FORMAT);
        }
        TreeSet<String> names = new TreeSet<>(entries.keySet());
        parsed.path("entries").fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            byte[] bytes = entries.get(name);
            String digest = parsed.path("entries").path(name).asText();
            if (bytes == null || digest.isEmpty()) {
                throw new BadEvidence(
                        "the entry " + name + " is " + (bytes == null ? "missing" : "not in the manifest"));
            }
            if (!Digests.sha256(bytes).equals(digest)) {
                throw new BadEvidence("the entry " + name + " does not match its SHA-256: it was changed");
            }
        }
        return new EvidenceBundle(parsed, entries);
    }

    /**
     * Returns the evidence to diagnose again.
     *
     * @param sequence the sequence of the event; null for the newest
     */
    public StoredEvidence evidence(@Nullable Long sequence) throws BadEvidence {
        long newest = manifest.path("sequence").asLong();
        long wanted = sequence == null ? newest : sequence;
        byte[] body = entries.get(BundleContent.entryName(wanted));
        if (body == null) {
            throw new BadEvidence("the bundle has no evidence of sequence " + wanted + "; it contains "
                    + entries.keySet().stream()
                            .filter(name -> name.startsWith("evidence/"))
                            .toList());
        }
        JsonNode event = event();
        return StoredEvidence.of(
                manifest.path("flow").asText(),
                json(body, "evidence"),
                wanted == newest ? event : Json.MAPPER.createObjectNode());
    }

    /** The data of the newest event with evidence, as published. */
    public JsonNode event() throws BadEvidence {
        return json(entries.getOrDefault(BundleContent.EVENT, new byte[0]), BundleContent.EVENT);
    }

    private static JsonNode json(byte[] bytes, String name) throws BadEvidence {
        try {
            return BoundedJson.tree(bytes, MAX_VALUES);
        } catch (JsonProcessingException e) {
            throw new BadEvidence("the entry " + name + " of the bundle is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }
}
