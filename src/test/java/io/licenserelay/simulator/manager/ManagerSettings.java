package io.licenserelay.simulator.manager;

import java.net.URI;

/**
 * What a simulated SD-WAN Manager was told of SSM, as its license settings hold it, and the on-prem user somebody entered there.
 *
 * @param mode {@code on-prem}, {@code online} or {@code offline}
 */
public record ManagerSettings(
        String mode, URI ssmUrl, String clientId, String clientSecret, String user, String password) {

    public ManagerSettings mode(String other) {
        return new ManagerSettings(other, ssmUrl, clientId, clientSecret, user, password);
    }

    public ManagerSettings ssmUrl(URI other) {
        return new ManagerSettings(mode, other, clientId, clientSecret, user, password);
    }

    public ManagerSettings client(String id, String secret) {
        return new ManagerSettings(mode, ssmUrl, id, secret, user, password);
    }

    public ManagerSettings user(String name, String itsPassword) {
        return new ManagerSettings(mode, ssmUrl, clientId, clientSecret, name, itsPassword);
    }

    /** Secrets stay unseen. */
    @Override
    public String toString() {
        return "ManagerSettings[" + mode + " " + ssmUrl + " " + clientId + " " + user + "]";
    }
}
