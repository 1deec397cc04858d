package io.licenserelay.reports.format;

import io.licenserelay.reports.Udi;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An acknowledgement file: {@code <smartLicense><smartLicenseRumAck>}. The format of the content is not published. The
 * device is therefore searched where published samples have it: in the file name, {@code ACK_dev_<number>_…}, and as a
 * UDI anywhere in the text.
 *
 * @param name of the file, which may be within a bundle
 * @param base64 the bytes of the file
 */
public record AckFile(String name, String text, String base64) {
    static final String ELEMENT = "smartLicenseRumAck";

    private static final Pattern DEVICE_NUMBER = Pattern.compile("(?:^|/)ACK_dev_([^_/]{1,40})_[^/]*$");
    private static final Pattern JSON_UDI = Pattern.compile(
            "\"udi_pid\"\\s*:\\s*\"([^\"]{1,80})\"\\s*,\\s*\"udi_serial_number\"\\s*:\\s*\"([^\"]{1,80})\"");
    private static final Pattern TEXT_UDI = Pattern.compile("\\bP(?:ID)?:([^,<\\s]{1,80}),\\s*SN?:([^,<\\s]{1,80})");

    static boolean isAck(String text) {
        return text.contains("<" + ELEMENT);
    }

    static AckFile of(String name, String text, byte[] content) {
        return new AckFile(name, text, Base64.getEncoder().encodeToString(content));
    }

    /** The device's number in a usage bundle; null if the file name has none. */
    @Nullable
    public String deviceNumber() {
        Matcher matcher = DEVICE_NUMBER.matcher(name);
        return matcher.find() ? matcher.group(1) : null;
    }

    @Nullable
    public Udi udi() {
        Udi json = udi(JSON_UDI, text);
        return json == null ? udi(TEXT_UDI, text) : json;
    }

    static @Nullable Udi udiIn(String text) {
        return udi(TEXT_UDI, text);
    }

    private static @Nullable Udi udi(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? new Udi(matcher.group(1), matcher.group(2)) : null;
    }
}
