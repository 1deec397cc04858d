package io.licenserelay.chaos;
import java.nio.file.*;
import java.util.*;
public final class ChaosTrial {
    public static void main(String[] a) throws Exception {
        Path folder = Files.createDirectories(Path.of(a[0]));
        ClusterChaos chaos = ClusterChaos.of(a[1].isEmpty() ? io.licenserelay.cli.LicenseRelay.class : Class.forName(a[1]), folder, Long.parseLong(a[2]), System.out);
        List<ChaosFault> faults = a[3].matches("\\d+") ? chaos.faults(Integer.parseInt(a[3])) : Arrays.stream(a[3].split(",")).map(ChaosFault::valueOf).toList();
        long t = System.nanoTime();
        ChaosOutcome o = chaos.run(faults);
        o.figures().forEach((k, v) -> System.out.println("  " + k + " = " + v));
        o.violations().forEach((k, v) -> System.out.println((v == 0 ? "  ok " : "  BAD ") + k + " = " + v));
        o.samples().forEach(x -> System.out.println("   ! " + x));
        System.out.println((System.nanoTime() - t) / 1e9 + " s");
        System.exit(0);
    }
}
