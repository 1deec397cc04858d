package io.licenserelay.bench;

import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateVa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An estate of devices, and the usage reports of these devices. The same seed gives the same reports. Used by one thread. */
public final class SentReports {
    private static final String ACCOUNT = "acme.local";
    private static final String VA = "Lab / Test";

    private final Estate estate = Estate.of();
    private final Path inbox;
    private final Random random;
    private final int devices;
    private final int characters;
    private final List<String> payloads = new ArrayList<>();
    private int files;

    /**
     * @param inbox the folder into which the files are written
     * @param devices the number of devices
     * @param characters the minimum length of a payload
     */
    public SentReports(Path inbox, long seed, int devices, int characters) {
        this.inbox = inbox;
        this.random = new Random(seed);
        this.devices = devices;
        this.characters = characters;
        for (int device = 0; device < devices; device++) {
            va().device("C8000V", serial(device));
        }
    }

    /** The virtual account of all devices. */
    public EstateVa va() {
        return estate.account(ACCOUNT).va(VA);
    }

    public Estate estate() {
        return estate;
    }

    /** The payloads of all reports so far. */
    public List<String> payloads() {
        return payloads;
    }

    private static String serial(int device) {
        return "9ABC" + device;
    }

    /** Writes a file of a random device with 1 to {@code max} reports. */
    public void dropOne(int max) {
        drop(serial(random.nextInt(devices)), 1 + random.nextInt(max));
    }

    /** Writes files with this number of reports each, for one device after the other. */
    public void drop(int count, int reportsPerFile) {
        for (int file = 0; file < count; file++) {
            drop(serial(file % devices), reportsPerFile);
        }
    }

    /** Writes a file with this number of reports of the device. The file appears in the inbox only when it is complete. */
    private void drop(String serial, int count) {
        StringBuilder content = new StringBuilder("<smartLicense>");
        for (int i = 0; i < count; i++) {
            String payload = payload(serial, payloads.size() + 1);
            payloads.add(payload);
            content.append("<RUMReport><![CDATA[{\"payload\":\"")
                    .append(payload.replace("\"", "\\\""))
                    .append("\",\"signature\":{\"value\":\"signature ")
                    .append(payloads.size())
                    .append("\"}}]]></RUMReport>");
        }
        write("rum-" + ++files + ".txt", content.append("</smartLicense>").toString());
    }

    /** Writes an acknowledgement that names only the device, as those of published samples do. */
    public void acknowledge(String serial) {
        write(
                "ACK-" + serial + ".xml",
                "<smartLicense><smartLicenseRumAck><data>by hand, for P:C8000V,S:" + serial
                        + "</data></smartLicenseRumAck></smartLicense>");
    }

    private String payload(String serial, int number) {
        String head = "{\"asset_identification\":{\"report_id\":" + number + ",\"instance\":{\"sudi\":"
                + "{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"" + serial + "\"}}},\"padding\":\"";
        String tail = "\",\"measurements\":[{\"start_time\":1671880245,\"end_time\":1671966644}]}";
        return head + "0".repeat(Math.max(0, characters - head.length() - tail.length())) + tail;
    }

    private void write(String name, String content) {
        try {
            Files.createDirectories(inbox);
            Path part = Files.writeString(inbox.resolve(name + ".part"), content);
            Files.move(part, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
