package io.licenserelay.cli.reports;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reports devices}: lists when each device must report, and when an acknowledgement of its usage is due. */
@Command(
        name = "devices",
        description =
                "Lists the devices that must report: their last contact, when an acknowledgement is due, and the rule.",
        exitCodeList = {"0:listed", "2:no state, or bad options"})
final class ReportsDevicesCommand extends RelayCommand {
    private static final List<String> HEADS =
            List.of("DEVICE", "PLACE", "STATE", "HEARD", "BY", "LAST ACK", "ACK DUE", "BECAUSE");

    @Option(names = "--site", paramLabel = "SITE", description = "This site only (default: all).")
    private @Nullable String site;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        Instant now = Clock.systemUTC().instant();
        try (Database database = folders.state()) {
            LedgerView view = new LedgerView(database);
            output.<ExpectedDevice>list(
                    "devices",
                    HEADS,
                    each -> each(view, each),
                    device -> json(device, now),
                    device -> row(device, now));
        }
        return 0;
    }

    private void each(LedgerView view, Consumer<ExpectedDevice> consumer) {
        view.eachDevice(device -> {
            if (site == null || site.equals(device.place().site())) {
                consumer.accept(device);
            }
        });
    }

    /** The form of {@code --json}. It is a contract: fields may be added, never changed. */
    private static ObjectNode json(ExpectedDevice device, Instant now) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("udiPid", device.udi().pid())
                .put("udiSerialNumber", device.udi().serial());
        node.put("site", device.place().site());
        Json.putText(node, "account", device.place().account());
        Json.putText(node, "virtualAccount", device.place().va());
        node.put("listed", device.listed());
        node.put("watched", device.isWatched());
        device.worries(now).forEach(node.putArray("worries")::add);
        Json.putText(node, "knownSince", device.knownSince());
        Json.putText(node, "heardAt", device.lastContactAt());
        Json.putText(node, "heardBy", device.lastContactBy());
        Json.putText(node, "lastAckAt", device.lastAckAt());
        Json.putText(node, "ackDueAt", device.ackDueAt());
        Json.putText(node, "ackDueBy", device.ackDueBy());
        Json.putText(node, "silentAt", device.silentAt());
        return node;
    }

    private static List<String> row(ExpectedDevice device, Instant now) {
        return List.of(
                device.udi().toString(),
                device.place().toString(),
                state(device, now),
                text(device.lastContactAt()),
                text(device.lastContactBy()),
                text(device.lastAckAt()),
                text(device.ackDueAt()),
                text(device.ackDueBy()));
    }

    private static String state(ExpectedDevice device, Instant now) {
        if (!device.isWatched()) {
            return ExpectedDevice.NOT_WATCHED;
        }
        List<String> worries = device.worries(now);
        return worries.isEmpty() ? "ok" : String.join(", ", worries);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }
}
