package io.licenserelay.usage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Usage reports in the layouts that devices write. */
public final class RumSamples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RumSamples() {}

    /** The layout of 17.9: the number stands under {@code asset_identification}. */
    public static String payload(String serial, long reportId) {
        return "{\"version\":\"2.0\",\"asset_identification\":{\"report_id\":" + reportId
                + ",\"asset\":{\"name\":\"regid.2019-10.com.cisco.C8000V,1.0_e361\"},\"instance\":{\"sudi\":"
                + "{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"" + serial + "\"}}},"
                + "\"meta\":{\"entitlement_tag\":\"regid.2018-12.com.cisco.DNA_P_50M_A,1.0_100f\"},"
                + "\"measurements\":[{\"log_time\":1671880245,\"start_time\":1671880245,\"end_time\":1671966644,"
                + "\"value\":{\"type\":\"COUNT\",\"value\":\"2\"}},{\"start_time\":1672341045,\"end_time\":1673790212}]}";
    }

    /** The layout of 17.6: the number stands under {@code meta}. */
    static String oldPayload(String serial, long reportId) {
        return "{\"asset_identification\":{\"instance\":{\"sudi\":{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\""
                + serial
                + "\"}},\"signature\":{\"value\":\"x\"}},\"meta\":{\"entitlement_tag\":\"regid.2018-12\",\"report_id\":"
                + reportId + "},\"measurements\":[]}";
    }

    public static String report(String payload) {
        return report(payload, false);
    }

    static String report(String payload, boolean withHeader) {
        ObjectNode report = JSON.createObjectNode();
        report.put("payload", payload);
        if (withHeader) {
            report.putObject("header").put("type", "rum");
        }
        ObjectNode signature = report.putObject("signature");
        signature.putObject("sudi").put("udi_pid", "C8000V").put("udi_serial_number", "9ABC");
        signature.put("signing_type", "builtin").put("key", "regid.2019-10").put("value", "Tq2qxHTui7/n675=");
        return report.toString();
    }

    public static String bare(String report) {
        return "<RUMReport><![CDATA[" + report + "]]></RUMReport>";
    }

    static String wrapped(String... reports) {
        StringBuilder file = new StringBuilder("<smartLicense>");
        for (String report : reports) {
            file.append(bare(report));
        }
        return file
                + "<smartLicenseSystemInfo><data>{\"hostname\":\"edge\"}</data></smartLicenseSystemInfo></smartLicense>";
    }

    public static Path write(Path file, String content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
