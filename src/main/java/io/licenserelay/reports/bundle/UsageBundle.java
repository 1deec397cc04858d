package io.licenserelay.reports.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.licenserelay.reports.Submission;
import io.licenserelay.store.AtomicFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the offline bundle that the cloud's upload page is known to accept: {@code UD_SA_<time>_py.tar.gz} contains a
 * manifest and {@code UD_VA_<time>_py.tar.gz}, which contains one {@code dev_<number>_<time>.txt} per device. Names,
 * the suffix and the misspelt name in the manifest are those of the only published sample, because it is unknown which
 * of them the page checks.
 */
public final class UsageBundle {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyMMMdd_HH_mm_ss_SSS", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NAME_PREFIX = "UD_SA_";
    private static final String NAME_SUFFIX = "_py.tar.gz";

    private UsageBundle() {}

    /** The reports of one device. The name of the acknowledgement file will contain the number. */
    public record Device(String number, Submission submission) {}

    /** One report, unchanged since it was received. */
    public record Content(String payload, @Nullable String header, String signature) {}

    public static String name(Instant at) {
        return NAME_PREFIX + STAMP.format(at) + NAME_SUFFIX;
    }

    /**
     * Writes the file atomically. The same devices always produce the same reports in the file.
     *
     * @param reports returns the content for a digest
     */
    public static void write(Path file, String id, List<Device> devices, Function<String, Content> reports)
            throws IOException {
        String name = String.valueOf(file.getFileName());
        String stamp = name.substring(NAME_PREFIX.length(), name.length() - NAME_SUFFIX.length());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path inner = file.resolveSibling(name + ".va.part");
        Path part = AtomicFiles.part(file);
        try (TarArchiveOutputStream tar = tar(inner)) {
            for (Device each : devices) {
                entry(tar, "dev_" + each.number() + "_" + stamp + ".txt", device(each.submission(), reports));
            }
        }
        try (TarArchiveOutputStream tar = tar(part)) {
            entry(tar, "manifest.mf", manifest(id, stamp));
            TarArchiveEntry entry = new TarArchiveEntry("UD_VA_" + stamp + NAME_SUFFIX);
            entry.setSize(Files.size(inner));
            tar.putArchiveEntry(entry);
            try (InputStream in = Files.newInputStream(inner)) {
                in.transferTo(tar);
            }
            tar.closeArchiveEntry();
        }
        Files.delete(inner);
        AtomicFiles.complete(part, file);
    }

    private static TarArchiveOutputStream tar(Path file) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        return new TarArchiveOutputStream(new GzipCompressorOutputStream(out));
    }

    private static void entry(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /**
     * Account and virtual account are empty, as in the published sample. How the page handles other values is unknown.
     */
    private static String manifest(String id, String stamp) {
        return "Manifest-Version: 1.0\nCreated-By: \"{\\\"uuid\\\": \\\"" + id + "\\\"}\"\n"
                + "Smart-Account:\nSmart-Account-ID:\n\nName: /UD_VA_" + stamp
                + ".ta.gz\nSpecification-VA: \nSpecification-VA-ID: \n";
    }

    private static String device(Submission submission, Function<String, Content> reports) throws IOException {
        StringBuilder text = new StringBuilder("<smartLicense>");
        for (String digest : submission.digests()) {
            text.append("<RUMReport><![CDATA[")
                    .append(report(reports.apply(digest)))
                    .append("]]></RUMReport>");
        }
        return text.append("</smartLicense>\n").toString();
    }

    /**
     * Escapes the end of CDATA, and the two code points of the Basic Multilingual Plane that XML 1.0 §2.2 excludes and
     * JSON allows. They can occur only within a JSON string, where an escape has the same meaning.
     */
    private static String report(Content content) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("payload", content.payload());
            if (content.header() != null) {
                json.writeFieldName("header");
                json.writeRawValue(content.header());
            }
            json.writeFieldName("signature");
            json.writeRawValue(content.signature());
            json.writeEndObject();
        }
        return text.toString()
                .replace("]]>", "]]\\u003e")
                .replace("\uFFFE", "\\ufffe")
                .replace("\uFFFF", "\\uffff");
    }
}
