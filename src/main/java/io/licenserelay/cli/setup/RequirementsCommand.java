package io.licenserelay.cli.setup;

import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.sync.run.Sites;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code requirements}: prints what other teams must do before a sync can work. */
@Command(
        name = "requirements",
        description = {
            "Prints what other teams must do before a sync can work: firewall rows, DNS names, tickets.",
            "It reads the configuration. The tickets for the teams of SSM, SD-WAN Manager and Kafka are ready to paste.",
            "It contacts no server and reads no secret. Secrets and trust files need not exist yet."
        },
        exitCodeList = {"0:printed", "2:bad configuration or options"})
public final class RequirementsCommand extends RelayCommand {
    @Option(names = "--site", paramLabel = "NAME", description = "This site only (default: all).")
    private @Nullable String site;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = folders.draft();
        List<Site> sites = new Sites(configuration.sites()).wanted(site);
        PrintWriter out = text();
        Requirements requirements = new Requirements(
                sites, configuration.settings(), configuration.cluster().store(), machine());
        out.println("FIREWALL, from the relay's machine if FROM is \"relay\"");
        List<List<String>> rows =
                requirements.firewall().stream().map(Requirements.Row::cells).toList();
        Table.print(Requirements.Row.HEADS, rows, Requirements.Row.HEADS.size(), out);
        out.println();
        out.println("NAMES that must resolve on the relay's machine");
        requirements.names().forEach(name -> out.println("  " + Table.plain(name)));
        for (Requirements.Ticket ticket : requirements.tickets()) {
            out.println();
            out.println("TICKET to " + ticket.to());
            for (String paragraph : ticket.paragraphs()) {
                WrappedText.print("  ", paragraph, out);
            }
        }
        out.flush();
        return 0;
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "its machine";
        }
    }
}
