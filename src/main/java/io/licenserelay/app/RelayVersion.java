package io.licenserelay.app;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest, or "development" for classes outside a jar. */
public final class RelayVersion implements IVersionProvider {

    public static String text() {
        String version = RelayVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"license-relay " + text()};
    }
}
